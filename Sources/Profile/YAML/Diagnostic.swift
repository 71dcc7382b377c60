import Trace

/// A place in a file, both counted from 1.
public struct FileMark: Hashable, Comparable, Sendable {
  public var file: String
  public var line: Int
  public var column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  public static func < (a: FileMark, b: FileMark) -> Bool {
    (a.file, a.line, a.column) < (b.file, b.line, b.column)
  }
}

/// A mistake in a profile: where it is, what is wrong, and what would be right.
public struct Diagnostic: Hashable, Sendable {
  public var mark: FileMark
  public var severity: Severity
  public var message: String
  /// What would be right; empty where the message says it all.
  public var suggestion: String

  public init(mark: FileMark, severity: Severity = .error, message: String, suggestion: String) {
    self.mark = mark
    self.severity = severity
    self.message = message
    self.suggestion = suggestion
  }

  public var file: String { mark.file }
  public var line: Int { mark.line }
  public var column: Int { mark.column }

  /// `file:line:column: error: message (help: suggestion)`
  public var text: String {
    let help = suggestion.isEmpty ? "" : " (help: \(suggestion))"
    return "\(mark.file):\(mark.line):\(mark.column): \(severity.name): \(message)\(help)"
  }

  /// Text of a profile made fit for a message: short, and without control characters.
  public static func shown(_ text: String) -> String {
    var result = ""
    for (index, scalar) in text.unicodeScalars.enumerated() {
      if index == 60 { return result + "…" }
      if scalar.value < 0x20 || scalar.value == 0x7F || (0x80...0x9F).contains(scalar.value) {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
