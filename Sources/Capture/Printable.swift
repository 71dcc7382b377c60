/// Text made of foreign bytes that is safe to show: nothing in it reaches a terminal as a control sequence.
public enum Printable {
  /// The longest text that is made without a limit being named.
  public static let usualLimit = 512

  /// Shows `bytes` as text: control and invisible characters and bytes that are not UTF-8 become `\xHH`, a backslash
  /// is doubled. What goes beyond `limit` source bytes is cut, which `…` says.
  public static func text(_ bytes: some Collection<UInt8>, limit: Int = usualLimit) -> String {
    var text = ""
    var decoder = UTF8()
    let cut = bytes.prefix(limit)
    var rest = cut[...]
    while let first = rest.first {
      var iterator = rest.makeIterator()
      let scalar: Unicode.Scalar?
      switch decoder.decode(&iterator) {
      case .scalarValue(let value): scalar = value
      case .emptyInput, .error: scalar = nil
      }
      decoder = UTF8()
      guard let scalar, isVisible(scalar) else {
        text += hexEscape(first)
        rest = rest.dropFirst()
        continue
      }
      if scalar == "\\" { text += "\\\\" } else { text.unicodeScalars.append(scalar) }
      rest = rest.dropFirst(UTF8.width(scalar))
    }
    return cut.count < bytes.count ? text + "…" : text
  }

  /// Shows a string in the same way.
  public static func text(_ string: String, limit: Int = usualLimit) -> String { text(string.utf8, limit: limit) }

  private static func hexEscape(_ byte: UInt8) -> String {
    switch byte {
    case Ascii.carriageReturn: return "\\r"
    case Ascii.lineFeed: return "\\n"
    case Ascii.tab: return "\\t"
    default:
      let digits = String(byte, radix: 16, uppercase: true)
      return digits.utf8.count == 1 ? "\\x0" + digits : "\\x" + digits
    }
  }

  /// Whether a character shows as itself: no C0 or C1 control, nothing that changes the direction or is invisible.
  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E: true
    case 0...0x9F, 0xAD, 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F: false
    case 0xFE00...0xFE0F, 0xFEFF, 0xFFF0...0xFFFF, 0xE0000...0x10FFFF: false
    default: true
    }
  }
}

extension UTF8 {
  fileprivate static func width(_ scalar: Unicode.Scalar) -> Int { scalar.utf8.count }
}
