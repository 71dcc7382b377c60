import Trace

/// Nothing but hexadecimal, as terminal programs show or save it, with or without offsets and characters: direction
/// and time are unknown.
struct HexTextDialect: LineDialect {
  static let name = "hex-text"
  static let summary = "rows of hexadecimal and nothing else (miniterm, RealTerm, CoolTerm, xxd, hexdump -C)"
  static let example = "41 54 2B 43 53 51 0D 0D 0A 2B 43 53 51 3A 20 31 37 2C 39 39 0D 0A"
  static let losses: Loss = .direction

  static func evidence(_ line: LineText) -> LineEvidence { row(line) == nil ? .stranger : .kindred }

  /// Numbers alone are anything; what they spell must be the talk of a modem.
  static func confidence(of beginning: LogBeginning) -> Double {
    guard BinaryKind(of: beginning.bytes) == nil else { return 0 }
    var bytes: [UInt8] = []
    var rows = 0
    var others = 0
    for range in beginning.lines {
      let line = beginning.bytes[range]
      if let row = row(line) {
        rows += 1
        bytes += row
      } else if !isOffset(line) {
        others += 1
      }
    }
    guard rows > 0, others * 10 <= rows else { return 0 }
    let evidence = RawEvidence(of: LogBeginning(bytes))
    return evidence.commands + evidence.results >= 2 && evidence.confidence > 0 ? 0.4 + evidence.confidence : 0
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let bytes = HexTextDialect.row(line) else { return log.remark(line) }
    log.data(.unknown, at: .unknown, bytes)
  }

  /// The numbers, behind an offset of four digits or more, before the characters.
  private static func row(_ line: LineText) -> [UInt8]? {
    let text = line.withoutLineEnd.withoutIndent
    let offset = text.prefix(while: Ascii.isHexDigit)
    guard offset.count >= 4, offset.count <= 8 else { return HexRow.whole(text) ?? packed(text) }
    var rest = text.dropFirst(offset.count)
    guard let first = rest.first else { return nil }
    if first == Ascii.colon { rest = rest.dropFirst() }
    guard rest.first == Ascii.blank else { return nil }
    rest = rest.withoutIndent
    let (bytes, _) = HexRow.parse(rest)
    return bytes.isEmpty ? packed(rest) : bytes
  }

  /// The last line of hexdump: how long the dump is.
  private static func isOffset(_ line: LineText) -> Bool {
    let text = line.withoutLineEnd
    return text.count >= 7 && text.count <= 8 && text.allSatisfy(Ascii.isHexDigit)
  }

  /// Groups of four digits, as xxd has them.
  private static func packed(_ text: LineText) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text
    while bytes.count < 16 {
      let group = rest.prefix(while: Ascii.isHexDigit)
      guard group.count == 4 || group.count == 2 else { break }
      var digits = group
      while digits.count >= 2, let byte = TextEscapes.hexadecimal(digits.prefix(2)) {
        bytes.append(byte)
        digits = digits.dropFirst(2)
      }
      rest = rest.dropFirst(group.count)
      guard rest.first == Ascii.blank, rest.dropFirst().first != Ascii.blank else { break }
      rest = rest.dropFirst()
    }
    guard bytes.count > 2, rest.first.map(Ascii.isBlank) ?? true else { return nil }
    return bytes
  }
}
