/// The escapes of C and its relatives: `\r \n \t \0 \a \b \e \f \v \\ \" \'`, `\xHH` and octal `\NNN`.
enum TextEscapes {
  /// Undoes the escapes of `text`; what is no escape stays as it stands, and `clean` is false.
  static func undo(_ text: LineText) -> (bytes: [UInt8], clean: Bool) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    let clean = undo(text, into: &bytes)
    return (bytes, clean)
  }

  /// The same, behind what is in `bytes` already.
  @discardableResult
  static func undo(_ text: LineText, into bytes: inout [UInt8]) -> Bool {
    var clean = true
    var rest = text
    while !rest.isEmpty {
      // What stands before the next escape is taken in one piece.
      let first = Ascii.backslash
      guard let escape = rest.firstIndex(of: first) else {
        bytes.append(contentsOf: rest)
        break
      }
      if escape > rest.startIndex { bytes.append(contentsOf: rest[..<escape]) }
      rest = rest[(escape + 1)...]
      guard let second = rest.first else {
        clean = false
        bytes.append(first)
        break
      }
      if second == UInt8(ascii: "x") || second == UInt8(ascii: "X") {
        let digits = rest.dropFirst().prefix(2)
        guard digits.count == 2, let value = hexadecimal(digits) else {
          clean = false
          bytes.append(first)
          continue
        }
        bytes.append(value)
        rest = rest.dropFirst(3)
      } else if (0x30...0x37).contains(second) {
        let digits = rest.prefix(3).prefix { (0x30...0x37).contains($0) }
        bytes.append(UInt8(truncatingIfNeeded: digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }))
        rest = rest.dropFirst(digits.count)
      } else if let value = single(second) {
        bytes.append(value)
        rest = rest.dropFirst()
      } else {
        clean = false
        bytes.append(first)
      }
    }
    return clean
  }

  /// The value of one or two hexadecimal digits.
  static func hexadecimal(_ digits: LineText) -> UInt8? {
    guard !digits.isEmpty, digits.count <= 2 else { return nil }
    var value: UInt8 = 0
    for digit in digits {
      guard Ascii.isHexDigit(digit) else { return nil }
      value = value << 4 | (Ascii.isDigit(digit) ? digit - 0x30 : (digit | 0x20) - 0x61 + 10)
    }
    return value
  }

  private static func single(_ letter: UInt8) -> UInt8? {
    switch letter {
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "a"): 0x07
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "e"): 0x1B
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "v"): 0x0B
    case Ascii.backslash, Ascii.quote, UInt8(ascii: "'"): letter
    default: nil
    }
  }
}
