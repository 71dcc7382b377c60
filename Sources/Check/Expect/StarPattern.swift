/// A text in which `*` stands for anything, nothing included; `\*` and `\\` stand for the signs themselves. Case does
/// not count, nor do blanks and line ends around the text.
public struct StarPattern: Hashable, Sendable {
  /// Longer patterns are refused by whoever reads them.
  public static let limit = 256

  public let text: String
  /// Bytes in capitals; `anything` for a star.
  private let signs: [UInt16]
  private static let anything: UInt16 = 0x100

  public init(_ text: String) {
    self.text = text
    var signs: [UInt16] = []
    var isEscaped = false
    for byte in text.utf8.prefix(Self.limit) {
      if isEscaped {
        if byte != 0x2A, byte != 0x5C { signs.append(0x5C) }
        signs.append(UInt16(Self.capital(byte)))
        isEscaped = false
      } else if byte == 0x5C {
        isEscaped = true
      } else if byte == 0x2A {
        if signs.last != Self.anything { signs.append(Self.anything) }
      } else {
        signs.append(UInt16(Self.capital(byte)))
      }
    }
    if isEscaped { signs.append(0x5C) }
    self.signs = signs
  }

  private static func capital(_ byte: UInt8) -> UInt8 { (0x61...0x7A).contains(byte) ? byte & 0xDF : byte }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0D || byte == 0x0A || byte == 0x09 }

  public func matches(_ bytes: Span<UInt8>) -> Bool {
    var low = 0
    var high = bytes.count
    while low < high, Self.isBlank(bytes[low]) { low += 1 }
    while high > low, Self.isBlank(bytes[high - 1]) { high -= 1 }
    var at = low
    var sign = 0
    // Where the last star stands, and how far the text has come that it takes.
    var star = -1
    var taken = low
    while at < high {
      if sign < signs.count, signs[sign] == UInt16(Self.capital(bytes[at])) {
        at += 1
        sign += 1
      } else if sign < signs.count, signs[sign] == Self.anything {
        star = sign
        taken = at
        sign += 1
      } else if star >= 0 {
        taken += 1
        at = taken
        sign = star + 1
      } else {
        return false
      }
    }
    while sign < signs.count, signs[sign] == Self.anything { sign += 1 }
    return sign == signs.count
  }

  public func matches(_ text: String) -> Bool { matches(Array(text.utf8).span) }
}
