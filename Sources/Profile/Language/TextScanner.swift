/// Reads the small languages inside scalars, keeping the column for messages.
struct TextScanner {
  let bytes: [UInt8]
  var at = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { at >= bytes.count }
  var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

  mutating func skipBlanks() { while let byte = peek, byte == 0x20 || byte == 0x0A { at += 1 } }

  /// Takes `text` if it comes next.
  mutating func take(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard at + count <= bytes.count else { return false }
    let matches = text.withUTF8Buffer { literal in (0..<count).allSatisfy { bytes[at + $0] == literal[$0] } }
    if matches { at += count }
    return matches
  }

  mutating func while_(_ accept: (UInt8) -> Bool) -> String {
    let start = at
    while at < bytes.count, accept(bytes[at]) { at += 1 }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }

  /// A name; a hyphen belongs to it only between its letters.
  mutating func name() -> String {
    let start = at
    while at < bytes.count, Self.isName(bytes[at]) {
      if bytes[at] == 0x2D, at + 1 >= bytes.count || bytes[at + 1] == 0x2D || !Self.isName(bytes[at + 1]) { break }
      at += 1
    }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }

  /// A decimal or `0x` number.
  mutating func number() -> Int64? {
    let start = at
    let negative = peek == 0x2D
    if negative { at += 1 }
    var digits = ""
    var radix = 10
    if peek == 0x30, at + 1 < bytes.count, bytes[at + 1] | 0x20 == 0x78 {
      at += 2
      radix = 16
      digits = while_ { ($0 >= 0x30 && $0 <= 0x39) || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x66) }
    } else {
      digits = while_ { $0 >= 0x30 && $0 <= 0x39 }
    }
    guard let value = Int64(digits, radix: radix) else {
      at = start
      return nil
    }
    return negative ? -value : value
  }

  static func isName(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == 0x5F || byte == 0x2D
  }
}

/// What is wrong inside a scalar, and at which byte of it.
struct LanguageError: Error {
  var at: Int
  var message: String
  var help: String

  init(_ at: Int, _ message: String, help: String = "") {
    self.at = at
    self.message = message
    self.help = help
  }
}
