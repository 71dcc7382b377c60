/// A line of a `.trace` file that begins with `#!`.
enum TraceHeader {
  case version(Int)
  case baud(Int)
  case start(String, TraceStamp)
  case port(ArraySlice<UInt8>)
  /// A header line that says nothing known; the text is safe to print.
  case unknown(String)

  /// The highest line rate that is believed.
  static let baudLimit = 100_000_000

  /// Reads a line that begins with `#`; `nil` when it is a plain comment.
  init?(_ line: some Collection<UInt8>) {
    let text = Ascii.trimmed([UInt8](line)[...])
    guard text.starts(with: TraceHeader.mark) else { return nil }
    let words = text.dropFirst(TraceHeader.mark.count).split(whereSeparator: Ascii.isBlank)
    guard let key = words.first else { return nil }
    self =
      TraceHeader.entry(String(decoding: key, as: UTF8.self), words.dropFirst().first)
      ?? .unknown(Printable.text(text, limit: TraceHeader.shownBytes))
  }

  private static let mark = [UInt8]("#!".utf8)
  private static let shownBytes = 80

  private static func entry(_ key: String, _ value: ArraySlice<UInt8>?) -> TraceHeader? {
    guard let value else { return nil }
    let number = Int(String(decoding: value, as: UTF8.self))
    switch key {
    case "attrace": return number.map { .version($0) }
    case "baud": return number.flatMap { (1...baudLimit).contains($0) ? .baud($0) : nil }
    case "start":
      let stamp = value.withUnsafeBufferPointer { TraceTime.parseISO($0) }
      return stamp.map { .start(Printable.text(value), $0) }
    case "port": return .port(value)
    default: return nil
    }
  }
}
