import Trace

/// Writes rows of comma-separated values (RFC 4180): text in quotes, numbers bare, lines that end with CR LF.
///
/// A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, quoted or not, and answers of modems
/// begin with `+`: such text gets an apostrophe before it, which spreadsheets take for "this is text".
struct CSVText {
  private(set) var text = ""
  private var isFirst = true

  mutating func string(_ value: String?) {
    separate()
    guard let value, !value.isEmpty else { return }
    let shown = Escaped.line(value)
    text += "\""
    if let first = shown.unicodeScalars.first, Self.beginsFormula(first) { text += "'" }
    text += shown.contains("\"") ? shown.replacing("\"", with: "\"\"") : shown
    text += "\""
  }

  mutating func number(_ value: (some BinaryInteger)?) {
    separate()
    if let value { text += String(value) }
  }

  mutating func seconds(_ value: Nanoseconds?) {
    separate()
    if let value { text += Decimal.seconds(value) }
  }

  mutating func real(_ value: Double?) {
    separate()
    if let value, value.isFinite { text += Decimal.rounded(value) }
  }

  mutating func truth(_ value: Bool) {
    separate()
    text += value ? "1" : "0"
  }

  mutating func header(_ names: [String]) {
    text += names.joined(separator: ",")
    endRow()
  }

  mutating func endRow() {
    text += "\r\n"
    isFirst = true
  }

  mutating func take() -> String {
    defer { text = "" }
    return text
  }

  private mutating func separate() {
    if !isFirst { text += "," }
    isFirst = false
  }

  /// The wide forms too, which some programs narrow.
  private static func beginsFormula(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": true
    default: false
    }
  }
}
