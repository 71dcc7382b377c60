import Trace

/// Reads the small languages inside scalars, keeping the place for messages.
struct TextScanner {
  let bytes: [UInt8]
  var at = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { at >= bytes.count }
  var peek: UInt8? { at < bytes.count ? bytes[at] : nil }
  func peek(ahead: Int) -> UInt8? { at + ahead < bytes.count ? bytes[at + ahead] : nil }

  mutating func skipBlanks() { while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x09 { at += 1 } }

  /// The last byte that is no blank.
  var lastVisible: UInt8? { bytes.last { $0 > 0x20 } }

  /// Takes `text` if it comes next.
  mutating func take(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard at + count <= bytes.count else { return false }
    let start = at
    let matches = text.withUTF8Buffer { literal in
      for index in 0..<count where bytes[start + index] != literal[index] { return false }
      return true
    }
    if matches { at += count }
    return matches
  }

  /// Everything up to the first byte that is not accepted.
  mutating func prefix(while accept: (UInt8) -> Bool) -> String {
    let start = at
    while at < bytes.count, accept(bytes[at]) { at += 1 }
    return text(start..<at)
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// The character at the place, for messages.
  var character: String {
    String(String(decoding: bytes[min(at, bytes.count)...].prefix(16), as: UTF8.self).prefix(1))
  }

  /// A name; a hyphen belongs to it only between its letters.
  mutating func name() -> String {
    let start = at
    while at < bytes.count, Self.isName(bytes[at]) {
      if bytes[at] == 0x2D, at == start || at + 1 >= bytes.count || !Self.isWord(bytes[at + 1]) { break }
      at += 1
    }
    return text(start..<at)
  }

  /// A decimal or `0x` number; `nil`, and nothing taken, where none stands or it has more than 63 bits.
  mutating func number() -> Int64? {
    let start = at
    let negative = peek == 0x2D
    if negative { at += 1 }
    var radix = 10
    if peek == 0x30, let mark = peek(ahead: 1), mark | 0x20 == 0x78 {
      at += 2
      radix = 16
    }
    let digits = prefix { byte in
      byte >= 0x30 && byte <= 0x39 || radix == 16 && byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66
    }
    guard let value = Int64(digits, radix: radix) else {
      at = start
      return nil
    }
    return negative ? -value : value
  }

  /// Letters, digits and the underscore.
  static func isWord(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || isDigit(byte) || byte == 0x5F
  }

  static func isName(_ byte: UInt8) -> Bool { isWord(byte) || byte == 0x2D }
  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}

/// What is wrong inside a scalar, and at which byte of it.
struct LanguageError: Error {
  var at: Int
  var severity: Severity
  var message: String
  var help: String

  init(_ at: Int, _ message: String, help: String = "", severity: Severity = .error) {
    self.at = at
    self.severity = severity
    self.message = message
    self.help = help
  }

  func moved(by count: Int) -> LanguageError { LanguageError(at + count, message, help: help, severity: severity) }
}
