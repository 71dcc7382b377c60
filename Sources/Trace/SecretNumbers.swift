/// Numbers secret values in the order in which they were first seen, so that a report can say of two masks that the
/// same value is behind them. Only hashes are kept: no value can be read out of it.
public struct SecretNumbers: Sendable {
  /// So many different values get numbers; a mask without one says nothing of its value.
  static let limit = 4096
  /// The digits at the end by which a number is known with and without its prefixes of country and area.
  public static let tailDigits = 7
  /// Digits from which on a number in unexplained text is taken for somebody's.
  public static let identityDigits = 10
  /// E.164: more digits are no number that is dialled, but the identity of a device or a card.
  private static let mostDialled = 13

  private var numbers: [UInt64: Int32] = [:]

  public init() {}

  public var count: Int { numbers.count }

  /// The number of a value, which gets one if it has none; 0: there are too many.
  public mutating func number(of value: Span<UInt8>) -> Int32 {
    value.count > 0 ? number(for: Self.key(value)) : 0
  }

  mutating func number(for key: UInt64) -> Int32 {
    if let known = numbers[key] { return known }
    guard numbers.count < Self.limit else { return 0 }
    let number = Int32(numbers.count + 1)
    numbers[key] = number
    return number
  }

  /// The number of a value that was seen; 0 where it was not.
  public func known(_ value: Span<UInt8>) -> Int32 { numbers[Self.key(value)] ?? 0 }

  /// A number that is dialled by its last digits, everything else by its bytes without their case.
  static func key(_ value: Span<UInt8>) -> UInt64 {
    if let tail = dialledTail(value) { return hash(value.extracting(tail)) }
    return hash(value)
  }

  /// The last digits of the only long run of digits where there are no letters.
  private static func dialledTail(_ value: Span<UInt8>) -> Range<Int>? {
    var found: Range<Int>?
    var start = 0
    for index in 0...value.count {
      let byte = index < value.count ? value[index] : 0
      if index < value.count, (0x30...0x39).contains(byte) { continue }
      let digits = index - start
      if digits >= tailDigits {
        guard found == nil, digits <= mostDialled else { return nil }
        found = index - tailDigits..<index
      }
      start = index + 1
      let small = byte | 0x20
      if (0x61...0x7A).contains(small) || byte >= 0x80 || byte == 0x40 { return nil }
    }
    return found
  }

  private static func hash(_ value: Span<UInt8>) -> UInt64 {
    var hash = TextHash.seed
    for index in value.indices {
      let byte = value[index]
      hash = TextHash.step(hash, (0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
    }
    return hash
  }
}

/// What is printed instead of a secret: the number of its value, so that the same value looks the same, and stars, as
/// many bytes as it has: `~3********`.
public enum SecretMark {
  /// The byte at a place within the mask of a value.
  public static func byte(at index: Int, of count: Int, number: Int32) -> UInt8 {
    let star = UInt8(ascii: "*")
    guard number > 0 else { return star }
    var digits = 1
    var power: Int32 = 10
    while digits < 9, number >= power {
      digits += 1
      power &*= 10
    }
    // A star ends the number, so that it is not read on in what follows.
    guard count >= digits + 2, index <= digits else { return star }
    if index == 0 { return UInt8(ascii: "~") }
    var rest = number
    for _ in index..<max(index, digits) { rest /= 10 }
    return UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
  }

  public static func text(of count: Int, number: Int32) -> String {
    String(decoding: (0..<max(0, count)).map { byte(at: $0, of: count, number: number) }, as: UTF8.self)
  }

  /// The same text with plain stars, for comparing: the numbers depend on what else was seen.
  public static func withoutNumbers(_ text: String) -> String {
    guard text.contains("~") else { return text }
    var bytes = Array(text.utf8)
    var index = 0
    while let sign = bytes[index...].firstIndex(of: UInt8(ascii: "~")) {
      let end = bytes[(sign + 1)...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.count
      if end > sign + 1, end < bytes.count, bytes[end] == UInt8(ascii: "*") {
        for at in sign..<end { bytes[at] = UInt8(ascii: "*") }
      }
      index = end
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
