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
  static func shown(_ text: String) -> String {
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

/// Finds what was probably meant by a misspelt word.
enum Spelling {
  /// More candidates than this are not compared.
  static let candidateLimit = 2000

  /// `did you mean 'word'?`, or `otherwise` when nothing is near.
  static func suggestion(_ word: String, _ words: some Sequence<String>, _ otherwise: String) -> String {
    nearest(to: word, among: words).map { "did you mean '\(Diagnostic.shown($0))'?" } ?? otherwise
  }

  static func nearest(to word: String, among words: some Sequence<String>) -> String? {
    let wanted = Array(word.lowercased().utf8.prefix(64))
    var best: (word: String, distance: Int)?
    for candidate in words.prefix(candidateLimit) {
      let limit = max(1, max(wanted.count, candidate.utf8.count) / 3)
      guard abs(candidate.utf8.count - wanted.count) <= limit else { continue }
      let distance = distance(wanted, Array(candidate.lowercased().utf8.prefix(64)))
      if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// How many letters must be put in, left out or replaced; two neighbours that changed places count as one.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in b.indices {
        var least = min(min(last[j + 1], row[j]) + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, before[j - 1] + 1) }
        row.append(least)
      }
      before = last
      last = row
    }
    return last[b.count]
  }
}
