/// A node of a YAML document that knows where it stands.
public struct YAMLNode: Sendable {
  public struct Entry: Sendable {
    public var key: String
    public var keyMark: FileMark
    public var value: YAMLNode

    /// The key as a node of its own, for keys that are expressions.
    var keyNode: YAMLNode { YAMLNode(content: .scalar(key, isPlain: false), mark: keyMark) }
  }

  public indirect enum Content: Sendable {
    case scalar(String, isPlain: Bool)
    case sequence([YAMLNode])
    case mapping([Entry])
  }

  public var content: Content
  /// Where it begins: a quoted text at its quote.
  public var mark: FileMark

  public var scalar: String? {
    if case .scalar(let text, _) = content { return text }
    return nil
  }

  /// A plain scalar that YAML reads as nothing.
  public var isNull: Bool {
    if case .scalar(let text, true) = content { return text.isEmpty || text == "~" || text == "null" }
    return false
  }

  public var entries: [Entry]? {
    if case .mapping(let entries) = content { return entries }
    return nil
  }

  public var items: [YAMLNode]? {
    if case .sequence(let items) = content { return items }
    return nil
  }

  public subscript(key: String) -> YAMLNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// What kind of node it is, for messages.
  public var kind: String {
    switch content {
    case .scalar: isNull ? "nothing" : "a single value"
    case .sequence: "a list"
    case .mapping: "a map"
    }
  }
}
