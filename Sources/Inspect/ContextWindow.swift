import Trace

/// One line of the trace beside a finding, fit for printing: hidden where it is secret, escaped elsewhere.
public struct ContextLine: Hashable, Sendable {
  public var place: Int
  public var instant: Instant
  public var direction: Direction
  public var text: String
  /// Whether the finding points at this line.
  public var isMarked: Bool

  public init(place: Int, instant: Instant, direction: Direction, text: String, isMarked: Bool) {
    self.place = place
    self.instant = instant
    self.direction = direction
    self.text = text
    self.isMarked = isMarked
  }
}

/// The latest lines of the trace and what in them is secret.
///
/// Within a batch every chunk can be shown; of earlier batches the last `kept` ones. Secrets are known by their place
/// in the stream of their direction, as the decoder marks them.
struct ContextWindow {
  static let kept = 64
  static let shownBytes = 96

  private struct Kept {
    var chunk: Chunk
    var offset: UInt64
    var bytes: [UInt8]
  }
  /// How far the streams of ports and directions have come.
  private struct Offsets {
    private var counts: [UInt64] = []

    /// Where a chunk begins in its stream; counts its bytes.
    mutating func advance(by chunk: Chunk) -> UInt64 {
      let index = Int(chunk.port.index) * 3 + Int(chunk.direction.rawValue)
      while counts.count <= index { counts.append(0) }
      let offset = counts[index]
      if chunk.kind == .data { counts[index] = offset &+ UInt64(chunk.count) }
      return offset
    }
  }

  private var recent: [Kept] = []
  private var secrets = SecretMap()
  private var offsets = Offsets()

  mutating func noteSecrets(_ events: borrowing EventBatch) { secrets.note(events) }

  /// Fills in the lines around a finding that can be shown by now.
  func complete(_ reported: inout ReportedFinding, with batch: borrowing ChunkBatch, redact: Bool) {
    let place = reported.finding.position.place
    guard place > 0 else { return }
    var lines: [ContextLine] = []
    var offsets = self.offsets
    // Nothing tells what is secret in text that no decoder has seen.
    for kept in recent where abs(kept.chunk.place - place) <= 1 && !(redact && kept.chunk.kind == .remark) {
      lines.append(render(kept.chunk, kept.bytes.span, offset: kept.offset, marked: kept.chunk.place == place, redact))
    }
    let bytes = batch.bytes.span
    for chunk in batch.chunks {
      let offset = offsets.advance(by: chunk)
      guard abs(chunk.place - place) <= 1, chunk.start + chunk.count <= bytes.count else {
        if chunk.place > place + 1 { break }
        continue
      }
      if redact, chunk.kind == .remark { continue }
      let shown = bytes.extracting(chunk.start..<chunk.start + min(chunk.count, Self.shownBytes))
      lines.append(render(chunk, shown, offset: offset, marked: chunk.place == place, redact))
    }
    var merged: [ContextLine] = []
    for line in reported.context + lines where !merged.contains(where: { $0.place == line.place }) {
      merged.append(line)
    }
    reported.context = merged.sorted { $0.place < $1.place }
  }

  func hasLineBehind(_ place: Int, _ batch: borrowing ChunkBatch) -> Bool {
    (batch.chunks.last?.place ?? 0) > place
  }

  mutating func keepEnd(of batch: borrowing ChunkBatch) {
    guard !batch.chunks.isEmpty else { return }
    let firstKept = max(0, batch.chunks.count - Self.kept)
    for (index, chunk) in batch.chunks.enumerated() {
      let offset = offsets.advance(by: chunk)
      guard index >= firstKept, chunk.start + chunk.count <= batch.bytes.count else { continue }
      let shown = chunk.start..<chunk.start + min(chunk.count, Self.shownBytes)
      if recent.count >= Self.kept {
        var oldest = recent.removeFirst()
        oldest.chunk = chunk
        oldest.offset = offset
        oldest.bytes.removeAll(keepingCapacity: true)
        oldest.bytes.append(contentsOf: batch.bytes[shown])
        recent.append(oldest)
      } else {
        recent.append(Kept(chunk: chunk, offset: offset, bytes: Array(batch.bytes[shown])))
      }
    }
  }

  // MARK: Rendering

  private func render(
    _ chunk: Chunk, _ bytes: Span<UInt8>, offset: UInt64, marked: Bool, _ redact: Bool
  ) -> ContextLine {
    var text = ""
    for index in bytes.indices {
      let mark =
        redact ? secrets.mark(offset &+ UInt64(index), port: chunk.port, direction: chunk.direction) : nil
      text += EscapedByte.text(mark ?? bytes[index])
    }
    if bytes.count < chunk.count { text += "…" }
    return ContextLine(
      place: chunk.place, instant: chunk.instant, direction: chunk.direction, text: text, isMarked: marked)
  }
}
