import Trace

/// A mistake in a profile: where it is, what is wrong, and what would be right.
public struct Diagnostic: Hashable, Sendable {
  public var mark: FileMark
  public var severity: Severity
  public var message: String
  public var help: String

  public init(mark: FileMark, severity: Severity = .error, message: String, help: String) {
    self.mark = mark
    self.severity = severity
    self.message = message
    self.help = help
  }

  /// `file:line:column: error: message (help)`
  public var text: String {
    let tail = help.isEmpty ? "" : " (\(help))"
    return "\(mark.file):\(mark.line):\(mark.column): \(severity.name): \(message)\(tail)"
  }

  /// Text of a profile made fit for a message.
  static func shown(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(60) {
      if scalar.value < 0x20 || scalar.value == 0x7F || (0x80...0x9F).contains(scalar.value) {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The nearest of `words`, if it is near: what was probably meant.
  static func nearest(to word: String, among words: some Sequence<String>) -> String? {
    var best: (word: String, distance: Int)?
    for candidate in words {
      let distance = distance(word, candidate)
      if distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    guard let best, best.distance <= max(1, word.count / 3) else { return nil }
    return best.word
  }

  private static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a.lowercased().utf8.prefix(64))
    let b = Array(b.lowercased().utf8.prefix(64))
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let above = row[j + 1]
        row[j + 1] = min(min(above, row[j]) + 1, diagonal + (a[i] == b[j] ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }
}
