import Trace

/// What `socat -v` and `socat -x` write to standard error: a head with mark, time and length, then the bytes, escaped
/// or in hexadecimal. `>` goes from the first address to the second: the host is taken to be the first.
struct SocatDialect: LineDialect {
  static let name = "socat"
  static let summary = "socat -v, -x, or both: `> 2024/05/06 07:08:09.000000000  length=4 from=0 to=3`"
  static let example = "> 2024/05/06 07:08:09.000123  length=4 from=0 to=3"

  private static let stamp = StampPattern("YYYY/MM/DD hh:mm:ss.f")

  private var direction: Direction?
  private var instant = Instant.unknown
  private var missing: Int64 = 0
  private var padsMicroseconds: Bool?

  /// Of a record in text the next head follows the last byte, in the same line.
  static func evidence(_ line: LineText) -> LineEvidence {
    if head(line) != nil { return .record }
    return line.parted(at: "length=") == nil ? .stranger : .kindred
  }

  /// The head is written by nobody else: one settles it, where the records are not rare among other lines.
  static func confidence(of beginning: LogBeginning) -> Double {
    guard BinaryKind(of: beginning.bytes) == nil else { return 0 }
    let heads = beginning.lines.count { head(beginning.bytes[$0]) != nil }
    guard heads > 0, beginning.lines.count <= heads * linesOfRecord || heads >= 3 else { return 0 }
    return 0.9
  }

  private static let linesOfRecord = 64

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    // The CR of the line is that of a file with CR LF: socat writes its own as an escape.
    var rest = line.withoutLineEnd
    if let direction, missing > 0, SocatDialect.head(line) == nil {
      var taken = 0
      log.data(direction, at: instant) { taken = SocatDialect.row(rest, upTo: missing, into: &$0) }
      missing -= Int64(taken)
      if taken > 0 { return }
      // Bytes that cannot be printed have become dots.
      log.facts.lossy.insert(.controlBytes)
      log.data(direction, at: instant) { taken = SocatDialect.text(&rest, upTo: missing, into: &$0) }
      missing -= Int64(taken)
      if missing > 0 || rest.isEmpty { return }
    }
    guard let (direction, stamp, length) = SocatDialect.head(rest) else {
      if !rest.starts(with: "--".utf8) { log.remark(rest) }
      return
    }
    close(into: &log)
    self.direction = direction
    instant = log.instant(of: corrected(stamp))
    missing = length
  }

  /// Version 1.7.4 writes microseconds in nine places. The first head tells: of nanoseconds one in a thousand begins
  /// with three zeros.
  private mutating func corrected(_ stamp: LogStamp) -> LogStamp {
    let fraction = stamp.nanoseconds % 1_000_000_000
    if stamp.step == 1, padsMicroseconds == nil { padsMicroseconds = fraction < 1_000_000 }
    guard stamp.step == 1, padsMicroseconds == true, fraction < 1_000_000 else { return stamp }
    return LogStamp(nanoseconds: stamp.nanoseconds + fraction * 999, step: 1_000, reach: stamp.reach)
  }

  mutating func finish(into log: inout DialectLog) { close(into: &log) }

  private mutating func close(into log: inout DialectLog) {
    if missing > 0 { log.gap("\(missing) bytes of the record are missing") }
    missing = 0
    direction = nil
  }

  private static func head(_ line: LineText) -> (Direction, LogStamp, Int64)? {
    guard let mark = line.first, mark == UInt8(ascii: ">") || mark == UInt8(ascii: "<"),
      line.dropFirst().first == Ascii.blank, let (stamp, rest) = stamp.parse(line.dropFirst(2)),
      let (_, behind) = rest.parted(at: "length=", within: 8)
    else { return nil }
    guard let length = behind.prefix(while: Ascii.isDigit).decimal else { return nil }
    return (mark == UInt8(ascii: ">") ? .hostToModem : .modemToHost, stamp, length)
  }

  /// Numbers of two digits, each behind a blank; with -v as well the text follows two blanks.
  private static func row(_ line: LineText, upTo limit: Int64, into bytes: inout [UInt8]) -> Int {
    let start = bytes.count
    var rest = line
    while Int64(bytes.count - start) < limit, rest.count >= 3, rest.first == Ascii.blank,
      rest.dropFirst().prefix(2).allSatisfy(Ascii.isHexDigit),
      let value = TextEscapes.hexadecimal(rest.dropFirst().prefix(2))
    {
      bytes.append(value)
      rest = rest.dropFirst(3)
    }
    guard rest.first.map(Ascii.isBlank) ?? true else {
      bytes.removeLast(bytes.count - start)
      return 0
    }
    return bytes.count - start
  }

  /// The bytes of a line of text, at most as many as are missing; the line feed is one of them unless `\n` says so.
  private static func text(_ rest: inout LineText, upTo limit: Int64, into bytes: inout [UInt8]) -> Int {
    let start = bytes.count
    while Int64(bytes.count - start) < limit {
      guard let first = rest.first else {
        if bytes.count == start || bytes.last != Ascii.lineFeed { bytes.append(Ascii.lineFeed) }
        break
      }
      let length = first == Ascii.backslash && rest.count > 1 ? 2 : 1
      let before = bytes.count
      TextEscapes.undo(rest.prefix(length), into: &bytes)
      if bytes.count > before + 1 { bytes.removeLast(bytes.count - before - 1) }
      rest = rest.dropFirst(length)
    }
    return bytes.count - start
  }
}
