/// A place in a file, both counted from 1.
public struct FileMark: Hashable, Sendable {
  public var file: String
  public var line: Int
  public var column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  func moved(by columns: Int) -> FileMark { FileMark(file: file, line: line, column: column + columns) }
}

/// A node of a YAML document that knows where it stands.
struct YAMLNode: Sendable {
  struct Entry: Sendable {
    var key: String
    var keyMark: FileMark
    var value: YAMLNode
  }

  indirect enum Content: Sendable {
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([Entry])
  }

  var content: Content
  var mark: FileMark

  var scalar: String? {
    if case .scalar(let text, _) = content { return text }
    return nil
  }

  /// A plain scalar that YAML reads as nothing.
  var isNull: Bool {
    if case .scalar(let text, true) = content { return text.isEmpty || text == "~" || text == "null" }
    return false
  }

  var entries: [Entry]? {
    if case .mapping(let entries) = content { return entries }
    return nil
  }

  var items: [YAMLNode]? {
    if case .sequence(let items) = content { return items }
    return nil
  }

  subscript(key: String) -> YAMLNode? { entries?.first { $0.key == key }?.value }

  /// What kind of node it is, for messages.
  var kind: String {
    switch content {
    case .scalar: "a single value"
    case .sequence: "a list"
    case .mapping: "a map"
    }
  }

  /// Where the text of a scalar begins: behind its quote, if it has one.
  var textMark: FileMark {
    if case .scalar(_, false) = content { return mark.moved(by: 1) }
    return mark
  }
}
