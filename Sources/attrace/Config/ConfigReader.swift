import Capture
import Check
import Profile
import Report
import Trace

/// Reads a configuration: what is wrong is told with line and column, and nothing unknown is passed over.
struct ConfigReader {
  private(set) var problems: [Diagnostic] = []

  /// Reads the text of a file that may have these sections.
  static func read(
    _ bytes: [UInt8], path: String, sections: [any ConfigSection.Type] = Config.sections
  ) throws(ConfigError) -> Config {
    var parser = YAMLParser(file: path)
    let root = parser.parse(bytes)
    var reader = ConfigReader()
    reader.problems = parser.problems
    var config = Config()
    config.path = path
    config.user.file = path.split(separator: "/").last.map(String.init) ?? path
    if let root, !root.isNull { reader.read(sections, of: root, into: &config) }
    guard let first = reader.problems.first(where: { $0.severity == .error }) else { return config }
    let more = reader.problems.count > 1 ? " (and \(reader.problems.count - 1) more)" : ""
    throw ConfigError(first.text + more)
  }

  private mutating func read(
    _ sections: [any ConfigSection.Type], of root: YAMLNode, into config: inout Config
  ) {
    for entry in map(root, "a configuration is a map, such as `baud: 115200`") {
      guard let section = sections.first(where: { $0.key == entry.key }) else {
        unknown(entry.key, entry.keyMark, among: sections.map { $0.key })
        continue
      }
      section.read(entry.value, &self, into: &config)
    }
  }

  // MARK: For the sections

  mutating func fail(_ mark: FileMark, _ message: String, _ suggestion: String) {
    problems.append(Diagnostic(mark: mark, message: message, suggestion: suggestion))
  }

  mutating func unknown(_ word: String, _ mark: FileMark, among words: [String]) {
    let near = Spelling.nearest(to: word, among: words).map { "did you mean '\($0)'?" }
    fail(mark, "there is no '\(Diagnostic.shown(word))' here", near ?? "one of: \(words.joined(separator: ", "))")
  }

  /// The entries of a map; nothing after a complaint.
  mutating func map(_ node: YAMLNode, _ suggestion: String) -> [YAMLNode.Entry] {
    if let entries = node.entries { return entries }
    if !node.isNull { fail(node.mark, "\(node.kind) where a map is expected", suggestion) }
    return []
  }

  mutating func text(_ node: YAMLNode, _ suggestion: String) -> String? {
    if let text = node.scalar, !node.isNull { return text }
    fail(node.mark, "\(node.kind) where a text is expected", suggestion)
    return nil
  }

  /// The items of a list; nothing after a complaint.
  mutating func list(_ node: YAMLNode, _ suggestion: String) -> [YAMLNode] {
    if let items = node.items { return items }
    if !node.isNull { fail(node.mark, "\(node.kind) where a list is expected", suggestion) }
    return []
  }

  /// A pattern of paths.
  mutating func path(_ node: YAMLNode) -> PathGlob? {
    guard let text = text(node, "a pattern of paths, such as \"field/*.log\"") else { return nil }
    guard !text.isEmpty, text.utf8.count <= PathGlob.limit else {
      fail(node.mark, "this is no pattern of paths", "1 to \(PathGlob.limit) characters, such as \"field/*.log\"")
      return nil
    }
    return PathGlob(text)
  }

  /// A text in which `*` stands for anything.
  mutating func pattern(_ node: YAMLNode, _ example: String) -> StarPattern? {
    guard let text = text(node, "a text, such as \(example), where * stands for anything") else { return nil }
    guard !text.isEmpty, text.utf8.count <= StarPattern.limit else {
      fail(node.mark, "this is no pattern", "1 to \(StarPattern.limit) characters, such as \(example)")
      return nil
    }
    return StarPattern(text)
  }

  /// A time: `0.5` or `0.5s` are seconds, `500ms` milliseconds.
  mutating func time(_ node: YAMLNode) -> Nanoseconds? {
    var digits = node.scalar ?? ""
    var unit = 1e9
    if digits.hasSuffix("ms") {
      digits = String(digits.dropLast(2))
      unit = 1e6
    } else if digits.hasSuffix("s") {
      digits = String(digits.dropLast())
    }
    if let value = Double(digits), value > 0, value * unit <= 1e15 { return Nanoseconds(value * unit) }
    let seen = node.scalar.map { "'\(Diagnostic.shown($0))'" } ?? node.kind
    fail(node.mark, "\(seen) where a time is expected", "seconds, such as 0.5, or 500ms")
    return nil
  }

  /// A positive number of at most `limit`.
  mutating func number(_ node: YAMLNode, upTo limit: Double, _ suggestion: String) -> Double? {
    if let value = node.scalar.flatMap({ Double($0) }), value > 0, value <= limit { return value }
    let seen = node.scalar.map { "'\(Diagnostic.shown($0))'" } ?? node.kind
    fail(node.mark, "\(seen) where a number above 0 is expected", suggestion)
    return nil
  }
}
