import Trace

/// Colours for a terminal; without colour everything is plain text.
public struct TextStyle: Sendable {
  public let color: Bool
  public let plots: TextPlots
  public init(color: Bool, plots: TextPlots = .none) {
    self.color = color
    self.plots = plots
  }

  func severity(_ severity: Severity) -> String {
    switch severity {
    case .error: paint(severity.name, "1;31")
    case .warning: paint(severity.name, "1;33")
    case .note: paint(severity.name, "1;36")
    }
  }
  func faint(_ text: String) -> String { paint(text, "2") }
  func bad(_ text: String) -> String { paint(text, "1;31") }
  func good(_ text: String) -> String { paint(text, "32") }
  func strong(_ text: String) -> String { paint(text, "1") }

  private func paint(_ text: String, _ code: String) -> String { color ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}

/// Text set within a width.
enum TextLayout {
  static let width = 100

  /// Breaks at blanks; the first line has `used` columns before it, the others begin with `indent` blanks.
  static func wrap(_ text: String, used: Int, indent: Int) -> String {
    var lines = ""
    var column = used
    var isStart = true
    for word in text.split(separator: " ") {
      if !isStart, column + 1 + word.count > width {
        lines += "\n" + String(repeating: " ", count: indent)
        column = indent
        isStart = true
      }
      if !isStart {
        lines += " "
        column += 1
      }
      lines += word
      column += word.count
      isStart = false
    }
    return lines
  }

  static func pad(_ text: String, _ width: Int, right: Bool = false) -> String {
    let missing = width - text.count
    guard missing > 0 else { return text }
    let blanks = String(repeating: " ", count: missing)
    return right ? blanks + text : text + blanks
  }

  static func cut(_ text: String, _ width: Int) -> String {
    text.count <= width ? text : String(text.prefix(max(0, width - 1))) + "…"
  }

  /// A time short enough for a table.
  /// A time that a clock measured with such a step: what is shorter than it is not nothing.
  static func time(_ value: Nanoseconds?, measuredIn resolution: Resolution) -> String {
    guard value == 0, resolution.step >= 1_000_000 else { return time(value) }
    return "< " + (resolution == .second ? "1 s" : time(resolution.step))
  }

  static func time(_ value: Nanoseconds?) -> String {
    guard let value else { return "-" }
    switch value {
    case ..<1_000_000: return "\(value / 1000) µs"
    case ..<10_000_000_000: return Decimal.rounded(Double(value) / 1e6, places: value < 10_000_000 ? 1 : 0) + " ms"
    default: return Decimal.rounded(Double(value) / 1e9, places: 1) + " s"
    }
  }
}
