import Trace

/// Writes chunks as `.trace` text, so that reading it gives the same chunks.
///
/// Clock steps need no line of their own: the times tell them. What was malformed in the input becomes a comment, as
/// do remarks.
public struct TraceWriter: Sendable {
  private var ports: [[UInt8]]
  /// How many decimals the resolution of the source needs.
  private let decimals: Int
  private let header: [UInt8]
  /// Further ports may be found: each line names its own.
  private let namesPorts: Bool

  public init(_ facts: LogFacts, namesPorts: Bool = false) {
    self.namesPorts = namesPorts
    // A name is written on each line only where there are several; a single one stands in the header.
    let names = facts.ports.enumerated().map { TraceWriter.word($1, port: $0) }
    ports = names.count > 1 || namesPorts ? names : []
    decimals = TraceWriter.decimals(of: facts.resolution.hasTime ? facts.resolution.step : 1_000)
    var lines = "#!attrace \(TraceFormat.version)\n"
    if let baud = facts.baud { lines += "#! baud \(baud)\n" }
    if let start = facts.start { lines += "#! start \(start)\n" }
    if !namesPorts, names.count == 1, let name = names.first, !name.isEmpty {
      lines += "#! port \(String(decoding: name, as: UTF8.self))\n"
    }
    header = [UInt8](lines.utf8)
  }

  /// The names of the ports, which may grow while a log is read.
  public mutating func name(ports names: [String]) {
    guard names.count > 1 || namesPorts, names.count != ports.count else { return }
    ports = names.enumerated().map { TraceWriter.word($1, port: $0) }
  }

  /// Appends the header to `text`.
  public func writeHeader(into text: inout [UInt8]) { text += header }

  /// Appends a line for each chunk of `batch` to `text`.
  public func write(_ batch: ChunkBatch, into text: inout [UInt8]) {
    for chunk in batch.chunks { write(chunk, of: batch, into: &text) }
  }

  private func write(_ chunk: Chunk, of batch: ChunkBatch, into text: inout [UInt8]) {
    let bytes = batch.bytes[chunk.start..<(chunk.start + chunk.count)]
    switch chunk.kind {
    case .clockStep:
      return
    case .malformed:
      text += Array("# not understood, line \(chunk.place): ".utf8)
      TraceEscapes.escape(bytes, into: &text)
      text.append(Ascii.lineFeed)
      return
    case .remark:
      text += [Ascii.hash, Ascii.blank]
      TraceEscapes.escape(bytes, into: &text)
      text.append(Ascii.lineFeed)
      return
    case .data, .control, .gap:
      break
    }
    appendTime(chunk.instant, to: &text)
    text.append(Ascii.blank)
    let port = Int(chunk.port.index)
    if port < ports.count, !ports[port].isEmpty {
      text += ports[port]
      text.append(Ascii.blank)
    }
    text += chunk.kind == .data ? TraceWriter.arrow(chunk.direction) : TraceWriter.event
    text.append(Ascii.quote)
    if chunk.kind == .gap, !bytes.starts(with: TraceLines.gapWord) {
      text += TraceLines.gapWord
      if !bytes.isEmpty { text.append(UInt8(ascii: "=")) }
    }
    TraceEscapes.escape(bytes, into: &text)
    text.append(Ascii.quote)
    text.append(Ascii.lineFeed)
  }

  private func appendTime(_ instant: Instant, to text: inout [UInt8]) {
    guard instant.isKnown else {
      text.append(Ascii.minus)
      return
    }
    if instant.nanoseconds < 0 { text.append(Ascii.minus) }
    let (seconds, fraction) = instant.nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    appendNumber(seconds, width: 1, to: &text)
    let width = max(decimals, TraceWriter.decimals(of: Int64(fraction)))
    guard width > 0 else { return }
    text.append(Ascii.dot)
    var shown = fraction
    for _ in width..<9 { shown /= 10 }
    appendNumber(shown, width: width, to: &text)
  }

  private func appendNumber(_ number: UInt64, width: Int, to text: inout [UInt8]) {
    let start = text.count
    var rest = number
    repeat {
      text.append(UInt8(truncatingIfNeeded: rest % 10) &+ 0x30)
      rest /= 10
    } while rest > 0 || text.count - start < width
    text[start...].reverse()
  }

  /// How many decimals of a second show a span without loss.
  private static func decimals(of nanoseconds: Int64) -> Int {
    var rest = nanoseconds % 1_000_000_000
    guard rest != 0 else { return 0 }
    var count = 9
    while rest % 10 == 0 {
      rest /= 10
      count -= 1
    }
    return count
  }

  private static let event = [UInt8]("=== ".utf8)

  private static func arrow(_ direction: Direction) -> [UInt8] {
    switch direction {
    case .hostToModem: toModem
    case .modemToHost: toHost
    case .unknown: notKnown
    }
  }

  private static let toModem = [UInt8]("--> ".utf8)
  private static let toHost = [UInt8]("<-- ".utf8)
  private static let notKnown = [UInt8]("--- ".utf8)

  /// A port name as one word: other bytes become `_`, and so does what would read as an arrow.
  private static func word(_ name: String, port: Int) -> [UInt8] {
    var word = name.utf8.map { $0 > 0x20 && $0 < 0x7F && $0 != Ascii.quote ? $0 : UInt8(ascii: "_") }
    if let first = word.first, first == Ascii.minus || first == 0x3C || first == 0x3D {
      word.insert(UInt8(ascii: "_"), at: 0)
    }
    return word.isEmpty && port > 0 ? [UInt8]("port\(port)".utf8) : word
  }
}
