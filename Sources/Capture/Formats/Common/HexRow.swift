/// Rows of hexadecimal as dumps have them: numbers of two digits, each behind a blank or two.
enum HexRow {
  /// The bytes at the beginning of `text`, at most `limit`, and what follows them.
  ///
  /// - Parameters:
  ///   - gap: the most blanks that stand between two numbers; more of them end the row.
  static func parse(_ text: LineText, limit: Int = 16, gap: Int = 2) -> (bytes: [UInt8], rest: LineText) {
    var bytes: [UInt8] = []
    var rest = text.withoutIndent
    while bytes.count < limit, let byte = TextEscapes.hexadecimal(rest.prefix(2)), rest.count >= 2 {
      let behind = rest.dropFirst(2)
      guard behind.first.map(isBorder) ?? true else { break }
      bytes.append(byte)
      let blanks = behind.prefix { $0 == Ascii.blank }
      rest = behind
      guard !blanks.isEmpty, blanks.count <= gap else { break }
      rest = behind.dropFirst(blanks.count)
    }
    return (bytes, rest)
  }

  /// The bytes of a line that holds nothing else; `nil` where it does.
  static func whole(_ text: LineText) -> [UInt8]? {
    let (bytes, rest) = parse(text.withoutLineEnd, limit: .max)
    return !bytes.isEmpty && rest.allSatisfy(Ascii.isBlank) ? bytes : nil
  }

  private static func isBorder(_ byte: UInt8) -> Bool { Ascii.isBlank(byte) || byte == UInt8(ascii: "|") }
}
