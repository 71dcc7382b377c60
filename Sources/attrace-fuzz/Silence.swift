import Inspect
import Profile
import Sessions
import Trace

/// A line whose silence is noticed by a clock gives, in the end, the findings of the trace: told earlier, no others.
enum Silence {
  static func broken(_ input: [UInt8]) -> String? {
    guard let book = Inspection.book else { return nil }
    var batch = Script.session(input)
    guard let last = batch.chunks.last else { return nil }
    // Something is said after all: a trace that ends before a time-out does not have it, a clock does.
    var latest = last.instant
    for chunk in batch.chunks where chunk.instant.isKnown && chunk.instant > latest { latest = chunk.instant }
    batch.append(
      .control, .unknown, at: latest.advanced(by: 7_200_000_000_000), place: last.place + 1, bytes: "dtr=0".utf8)
    let whole = findings(of: batch, book, ticks: false)
    let live = findings(of: batch, book, ticks: true)
    guard whole != live else { return nil }
    return "only whole: \(whole.filter { !live.contains($0) })\nonly live: \(live.filter { !whole.contains($0) })"
  }

  private static func findings(of batch: ChunkBatch, _ book: Book, ticks: Bool) -> [String] {
    let inspector = Inspector(book: book, options: InspectionOptions())
    var found: [String] = []
    var before = Instant.unknown
    for chunk in batch.chunks {
      if ticks, let span = chunk.instant.since(before), span > 1 {
        for step in [span / 3, span / 2, span - 1] { _ = inspector.advance(to: before.advanced(by: step)) }
      }
      before = chunk.instant
      var one = ChunkBatch()
      one.append(
        chunk.kind, chunk.direction, port: chunk.port, at: chunk.instant, place: chunk.place,
        bytes: batch.bytes[chunk.start..<chunk.start + chunk.count])
      inspector.take(one)
      found += inspector.takeFindings().map(name)
    }
    inspector.finish()
    return (found + inspector.takeFindings().map(name)).sorted()
  }

  private static func name(_ reported: ReportedFinding) -> String {
    let position = reported.finding.position
    return "\(reported.finding.rule) at \(position.place) \(position.offset) \(position.port.index)"
  }
}
