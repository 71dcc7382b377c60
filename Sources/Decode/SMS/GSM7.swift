/// The GSM 7-bit default alphabet with its extension table (3GPP TS 23.038, 6.2.1).
enum GSM7 {
  private static let basic: [Unicode.Scalar] = Array(
    ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{A0}ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
      + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà").unicodeScalars)

  private static let escape: UInt8 = 0x1B

  private static func extended(_ septet: UInt8) -> Unicode.Scalar? {
    switch septet {
    case 0x0A: "\u{0C}"
    case 0x14: "^"
    case 0x28: "{"
    case 0x29: "}"
    case 0x2F: "\\"
    case 0x3C: "["
    case 0x3D: "~"
    case 0x3E: "]"
    case 0x40: "|"
    case 0x65: "€"
    default: nil
    }
  }

  /// The septets that are packed into these octets, behind `skipped` septets of a header.
  static func unpack(_ octets: ArraySlice<UInt8>, count: Int, skipped: Int) -> [UInt8] {
    var septets: [UInt8] = []
    septets.reserveCapacity(max(0, count - skipped))
    var index = skipped
    while index < count {
      let bit = index * 7
      let at = octets.startIndex + bit / 8
      guard at < octets.endIndex else { break }
      var word = UInt16(octets[at])
      if at + 1 < octets.endIndex { word |= UInt16(octets[at + 1]) << 8 }
      septets.append(UInt8(truncatingIfNeeded: word >> UInt16(bit % 8)) & 0x7F)
      index += 1
    }
    return septets
  }

  /// The text of septets, and how many characters it has: an escape and what follows it is one.
  static func text(_ septets: [UInt8]) -> (text: String, characters: Int) {
    var text = ""
    var characters = 0
    var isEscaped = false
    for septet in septets {
      if septet == escape, !isEscaped {
        isEscaped = true
        continue
      }
      // 6.2.1: what the extension table does not have is shown as the basic table has it.
      let scalar = isEscaped ? extended(septet) ?? basic[Int(septet & 0x7F)] : basic[Int(septet & 0x7F)]
      isEscaped = false
      text.unicodeScalars.append(scalar)
      characters += 1
    }
    return (text, characters)
  }
}
