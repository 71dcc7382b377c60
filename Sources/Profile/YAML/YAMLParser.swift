import CYAML

/// Reads one YAML document through libyaml into nodes. Anchors, aliases and several documents are refused; size, depth
/// and number of nodes are limited, so that no file can take more than its share.
struct YAMLParser {
  static let byteLimit = 4 << 20
  static let depthLimit = 64
  static let nodeLimit = 500_000

  private let file: String
  private var nodes = 0
  private(set) var problems: [Diagnostic] = []

  init(file: String) { self.file = file }

  /// The document, or `nil` when it cannot be read (then `problems` says why).
  mutating func parse(_ bytes: [UInt8]) -> YAMLNode? {
    guard bytes.count <= Self.byteLimit else {
      fail(FileMark(file: file, line: 1, column: 1), "the file has \(bytes.count) bytes", "split it; at most 4 MiB are read")
      return nil
    }
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else {
      fail(FileMark(file: file, line: 1, column: 1), "the YAML reader cannot be started", "")
      return nil
    }
    defer { yaml_parser_delete(&parser) }
    return bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      return document(&parser)
    }
  }

  private mutating func document(_ parser: inout yaml_parser_t) -> YAMLNode? {
    var root: YAMLNode?
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(&parser, &event) == 1 else {
        failParsing(parser)
        return nil
      }
      defer { yaml_event_delete(&event) }
      switch event.type {
      case YAML_STREAM_END_EVENT: return root
      case YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT, YAML_DOCUMENT_END_EVENT, YAML_NO_EVENT: continue
      default:
        if root != nil {
          fail(mark(event.start_mark), "a second document", "keep one document in a file")
          return root
        }
        guard let node = node(event, &parser, depth: 0) else { return nil }
        root = node
      }
    }
  }

  private mutating func node(_ event: yaml_event_t, _ parser: inout yaml_parser_t, depth: Int) -> YAMLNode? {
    nodes += 1
    let start = mark(event.start_mark)
    guard depth < Self.depthLimit, nodes < Self.nodeLimit else {
      fail(start, "the document is too deep or too large", "a profile needs neither")
      return nil
    }
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let text = scalar.value.map { UnsafeBufferPointer(start: $0, count: scalar.length) }
      if scalar.anchor != nil { fail(start, "an anchor", "write the value where it is needed; anchors are not used here") }
      return YAMLNode(
        content: .scalar(
          text.map { String(decoding: $0, as: UTF8.self) } ?? "", isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE),
        mark: start)
    case YAML_SEQUENCE_START_EVENT: return sequence(start, &parser, depth)
    case YAML_MAPPING_START_EVENT: return mapping(start, &parser, depth)
    default:
      fail(start, "an alias", "write the value where it is needed; aliases are not used here")
      return nil
    }
  }

  private mutating func sequence(_ start: FileMark, _ parser: inout yaml_parser_t, _ depth: Int) -> YAMLNode? {
    var items: [YAMLNode] = []
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(&parser, &event) == 1 else {
        failParsing(parser)
        return nil
      }
      defer { yaml_event_delete(&event) }
      if event.type == YAML_SEQUENCE_END_EVENT { return YAMLNode(content: .sequence(items), mark: start) }
      guard let item = node(event, &parser, depth: depth + 1) else { return nil }
      items.append(item)
    }
  }

  private mutating func mapping(_ start: FileMark, _ parser: inout yaml_parser_t, _ depth: Int) -> YAMLNode? {
    var entries: [YAMLNode.Entry] = []
    var seen: Set<String> = []
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(&parser, &event) == 1 else {
        failParsing(parser)
        return nil
      }
      let isEnd = event.type == YAML_MAPPING_END_EVENT
      let key = isEnd ? nil : node(event, &parser, depth: depth + 1)
      yaml_event_delete(&event)
      if isEnd { return YAMLNode(content: .mapping(entries), mark: start) }
      guard let key else { return nil }
      var valueEvent = yaml_event_t()
      guard yaml_parser_parse(&parser, &valueEvent) == 1 else {
        failParsing(parser)
        return nil
      }
      let value = node(valueEvent, &parser, depth: depth + 1)
      yaml_event_delete(&valueEvent)
      guard let value else { return nil }
      guard let name = key.scalar else {
        fail(key.mark, "a key that is \(key.kind)", "keys are names")
        continue
      }
      if !seen.insert(name).inserted {
        fail(key.mark, "'\(Diagnostic.shown(name))' stands here for the second time", "keep one of them")
      }
      entries.append(YAMLNode.Entry(key: name, keyMark: key.mark, value: value))
    }
  }

  private func mark(_ mark: yaml_mark_t) -> FileMark {
    FileMark(file: file, line: mark.line + 1, column: mark.column + 1)
  }

  private mutating func failParsing(_ parser: yaml_parser_t) {
    let problem = parser.problem.map { String(cString: $0) } ?? "this is not YAML"
    fail(
      FileMark(file: file, line: parser.problem_mark.line + 1, column: parser.problem_mark.column + 1), problem,
      "check indentation, quotes and colons")
  }

  private mutating func fail(_ mark: FileMark, _ message: String, _ help: String) {
    problems.append(Diagnostic(mark: mark, message: message, help: help))
  }
}
