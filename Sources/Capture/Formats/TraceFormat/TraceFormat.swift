/// The project's own text format.
public enum TraceFormat {
  public static let name = "trace"
  /// The version that the first line states.
  public static let version = 1
  static let signature = [UInt8]("#!attrace".utf8)

  public static let format = LogFormat(
    name: name, summary: "attrace text log: one chunk a line with time, direction and escaped bytes",
    example: #"0.021344 <-- "\r\n+CSQ: 21,99\r\n\r\nOK\r\n""#, extensions: ["trace"], confidence: confidence,
    makeReader: { TraceReader() })

  /// The share of lines that read as chunks; the first line alone is not enough.
  static func confidence(of beginning: LogBeginning) -> Double {
    var sound = 0
    var broken = 0
    for line in beginning.lines {
      let text = Ascii.trimmed(beginning.bytes[line])
      if text.isEmpty || text.first == Ascii.hash { continue }
      if looksLikeChunk(text) { sound += 1 } else { broken += 1 }
    }
    let share = sound + broken == 0 ? 0 : Double(sound) / Double(sound + broken)
    let lead = beginning.bytes.starts(with: Ascii.byteOrderMark) ? Ascii.byteOrderMark.count : 0
    guard beginning.bytes[lead...].starts(with: signature) else { return share >= 0.5 && sound > 0 ? share * 0.9 : 0 }
    return sound + broken == 0 ? 0.9 : 0.6 + 0.4 * share
  }

  /// Whether a line is a time, perhaps a port, an arrow and a quoted text (of which the end may be missing).
  private static func looksLikeChunk(_ line: ArraySlice<UInt8>) -> Bool {
    let head = line.prefix { $0 != Ascii.quote }
    guard head.count < line.count else { return false }
    let words = head.split(whereSeparator: Ascii.isBlank)
    guard let time = words.first, let arrow = words.last, (2...3).contains(words.count) else { return false }
    guard arrow.count == 3, arrows.contains(where: { $0.elementsEqual(arrow) }) else { return false }
    return time.withUnsafeBufferPointer { TraceTime.parse($0) != nil }
  }

  private static let arrows: [[UInt8]] = ["-->", "<--", "---", "==="].map { [UInt8]($0.utf8) }
}
