import Trace

/// Writes JSON text piece by piece: objects and arrays with their commas, strings escaped, numbers as decimals.
public struct JSONText {
  public private(set) var text = ""
  private var needsComma = false
  private let newline: Bool
  private var depth = 0

  /// `pretty`: one member a line down to the second level.
  public init(pretty: Bool = false) { newline = pretty }

  public mutating func object(_ key: String? = nil, _ body: (inout JSONText) -> Void) { nest(key, "{", "}", body) }
  public mutating func array(_ key: String? = nil, _ body: (inout JSONText) -> Void) { nest(key, "[", "]", body) }

  private mutating func nest(_ key: String?, _ open: String, _ close: String, _ body: (inout JSONText) -> Void) {
    separate(key)
    text += open
    depth += 1
    needsComma = false
    let before = text.utf8.count
    body(&self)
    depth -= 1
    if newline, depth < 2, text.utf8.count > before { breakLine() }
    text += close
    needsComma = true
  }

  public mutating func string(_ key: String? = nil, _ value: String?) {
    separate(key)
    if let value { quote(value) } else { text += "null" }
    needsComma = true
  }

  public mutating func number(_ key: String? = nil, _ value: (some BinaryInteger)?) {
    separate(key)
    text += value.map { String($0) } ?? "null"
    needsComma = true
  }

  public mutating func truth(_ key: String? = nil, _ value: Bool) {
    separate(key)
    text += value ? "true" : "false"
    needsComma = true
  }

  /// A time in seconds, exact to the nanosecond.
  public mutating func seconds(_ key: String? = nil, _ value: Nanoseconds?) {
    separate(key)
    text += value.map(Decimal.seconds) ?? "null"
    needsComma = true
  }

  /// A time in microseconds, exact to the nanosecond.
  public mutating func microseconds(_ key: String? = nil, _ value: Nanoseconds) {
    separate(key)
    text += Decimal.microseconds(value)
    needsComma = true
  }

  /// A measured number with six significant places behind the point.
  public mutating func real(_ key: String? = nil, _ value: Double?) {
    separate(key)
    text += value.flatMap { $0.isFinite ? Decimal.rounded($0) : nil } ?? "null"
    needsComma = true
  }

  private mutating func separate(_ key: String?) {
    if needsComma { text += "," }
    if newline, depth > 0, depth <= 2 { breakLine() }
    if let key {
      quote(key)
      text += newline ? ": " : ":"
    }
    needsComma = false
  }

  private mutating func breakLine() {
    text += "\n"
    text += String(repeating: "  ", count: depth)
  }

  private mutating func quote(_ value: String) {
    text += "\""
    if value.utf8.allSatisfy({ (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }) {
      text += value
      text += "\""
      return
    }
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      // Control characters, and those that end lines or turn the direction of text.
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{61C}", "\u{200E}", "\u{200F}", "\u{2028}"..."\u{202E}",
        "\u{2066}"..."\u{2069}", "\u{FEFF}":
        let hex = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}

/// Numbers as decimal text, without the help of a locale.
public enum Decimal {
  /// Seconds with as many places as needed, at most nine.
  public static func seconds(_ value: Nanoseconds) -> String {
    let negative = value < 0
    let magnitude = value.magnitude
    let whole = magnitude / 1_000_000_000
    var fraction = String(magnitude % 1_000_000_000)
    fraction = String(repeating: "0", count: 9 - fraction.count) + fraction
    while fraction.hasSuffix("0"), fraction.count > 1 { fraction.removeLast() }
    return (negative ? "-" : "") + "\(whole).\(fraction)"
  }

  /// Microseconds with as many places as needed, at most three.
  public static func microseconds(_ value: Nanoseconds) -> String {
    let (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: 1000)
    var fraction = String(rest + 1000).dropFirst()
    while fraction.hasSuffix("0"), fraction.count > 1 { fraction.removeLast() }
    return (value < 0 ? "-" : "") + "\(whole).\(fraction)"
  }

  /// A number with at most `places` places behind the point.
  public static func rounded(_ value: Double, places: Int = 6) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded()
    guard scaled < 9e15 else { return String(value) }
    let number = Int64(scaled)
    let divisor = Int64(scale)
    var fraction = String(number % divisor)
    fraction = String(repeating: "0", count: max(0, places - fraction.count)) + fraction
    while fraction.hasSuffix("0"), fraction.count > 1 { fraction.removeLast() }
    return (value < 0 && number != 0 ? "-" : "") + "\(number / divisor)" + (places > 0 ? ".\(fraction)" : "")
  }
}
