import CYAML

/// Reads one YAML document through libyaml into nodes.
///
/// Anchors, aliases, tags and several documents are refused; size, depth and number of nodes are limited, so that no
/// file can take more than its share.
public struct YAMLParser {
  static let byteLimit = 4 << 20
  static let depthLimit = 64
  static let nodeLimit = 500_000
  /// Maps larger than this look for double keys through a set.
  private static let smallMap = 12

  private typealias Parser = UnsafeMutablePointer<yaml_parser_t>

  private let file: String
  private var source: [UInt8] = []
  private var nodes = 0
  public private(set) var problems: [Diagnostic] = []

  public init(file: String) { self.file = file }

  /// The document, or `nil` when it is empty or cannot be read (then `problems` says why).
  public mutating func parse(_ bytes: [UInt8]) -> YAMLNode? {
    let start = FileMark(file: file, line: 1, column: 1)
    guard bytes.count <= Self.byteLimit else {
      fail(
        start, "the file has \(bytes.count) bytes; at most 4 MiB are read", "split it into several files of one folder")
      return nil
    }
    if bytes.isEmpty { return nil }
    source = bytes
    // The parser keeps pointers into itself, so it needs one address for its whole life.
    let parser = Parser.allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    defer {
      parser.deinitialize(count: 1)
      parser.deallocate()
    }
    guard yaml_parser_initialize(parser) == 1 else {
      fail(start, "there is no memory to read the file", "")
      return nil
    }
    defer { yaml_parser_delete(parser) }
    return bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
      return document(parser)
    }
  }

  private mutating func document(_ parser: Parser) -> YAMLNode? {
    var root: YAMLNode?
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else {
        failParsing(parser)
        return nil
      }
      defer { yaml_event_delete(&event) }
      switch event.type {
      case YAML_STREAM_END_EVENT: return root
      case YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT, YAML_DOCUMENT_END_EVENT: continue
      case YAML_NO_EVENT: return root
      default:
        if root != nil {
          fail(mark(event.start_mark), "a second document in the file", "keep one document in a file: leave `---` out")
          return root
        }
        guard let node = node(&event, parser, depth: 0) else { return nil }
        root = node
      }
    }
  }

  private mutating func next(_ event: inout yaml_event_t, _ parser: Parser) -> Bool {
    guard yaml_parser_parse(parser, &event) == 1 else {
      failParsing(parser)
      return false
    }
    return true
  }

  private mutating func node(_ event: inout yaml_event_t, _ parser: Parser, depth: Int) -> YAMLNode? {
    nodes += 1
    let start = mark(event.start_mark)
    guard depth < Self.depthLimit else {
      fail(start, "more than \(Self.depthLimit) levels of lists and maps", "a profile needs a handful")
      return nil
    }
    guard nodes <= Self.nodeLimit else {
      fail(start, "more than \(Self.nodeLimit) values in one file", "split it into several files of one folder")
      return nil
    }
    switch event.type {
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      refuse(anchor: scalar.anchor != nil, tag: scalar.tag != nil, start)
      let text = scalar.value.map { UnsafeBufferPointer(start: $0, count: scalar.length) }
      return YAMLNode(
        content: .scalar(
          text.map { String(decoding: $0, as: UTF8.self) } ?? "", isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE),
        mark: start)
    case YAML_SEQUENCE_START_EVENT:
      let sequence = event.data.sequence_start
      refuse(anchor: sequence.anchor != nil, tag: sequence.tag != nil, start)
      return self.sequence(start, parser, depth)
    case YAML_MAPPING_START_EVENT:
      let mapping = event.data.mapping_start
      refuse(anchor: mapping.anchor != nil, tag: mapping.tag != nil, start)
      return self.mapping(start, parser, depth)
    case YAML_ALIAS_EVENT:
      fail(
        start, "an alias; aliases are not used in profiles",
        "write the value where it is needed, or put a text that begins with * in quotes")
      // It stands for one value, so that reading can go on behind it.
      return YAMLNode(content: .scalar("", isPlain: true), mark: start)
    default:
      fail(start, "a value is expected here", "check indentation, quotes and colons")
      return nil
    }
  }

  private mutating func refuse(anchor: Bool, tag: Bool, _ start: FileMark) {
    if anchor {
      fail(
        start, "an anchor; anchors are not used in profiles",
        "write the value where it is needed, or put a name that begins with & in quotes: \"&C\"")
    }
    if tag {
      fail(
        start, "a tag; tags are not used in profiles", "leave it out, or put a text that begins with ! in quotes")
    }
  }

  private mutating func sequence(_ start: FileMark, _ parser: Parser, _ depth: Int) -> YAMLNode? {
    var items: [YAMLNode] = []
    while true {
      var event = yaml_event_t()
      guard next(&event, parser) else { return nil }
      defer { yaml_event_delete(&event) }
      if event.type == YAML_SEQUENCE_END_EVENT { return YAMLNode(content: .sequence(items), mark: start) }
      guard let item = node(&event, parser, depth: depth + 1) else { return nil }
      items.append(item)
    }
  }

  private mutating func mapping(_ start: FileMark, _ parser: Parser, _ depth: Int) -> YAMLNode? {
    var entries: [YAMLNode.Entry] = []
    var seen: Set<String> = []
    while true {
      var event = yaml_event_t()
      guard next(&event, parser) else { return nil }
      defer { yaml_event_delete(&event) }
      if event.type == YAML_MAPPING_END_EVENT { return YAMLNode(content: .mapping(entries), mark: start) }
      guard let key = node(&event, parser, depth: depth + 1) else { return nil }
      var valueEvent = yaml_event_t()
      guard next(&valueEvent, parser) else { return nil }
      defer { yaml_event_delete(&valueEvent) }
      guard let value = node(&valueEvent, parser, depth: depth + 1) else { return nil }
      guard let name = key.scalar else {
        fail(key.mark, "\(key.kind) as a key", "keys are names; put a text that begins with [ or { in quotes")
        continue
      }
      if isSecond(name, entries, &seen) {
        fail(key.mark, "'\(Diagnostic.shown(name))' stands here for the second time", "keep one of them")
        continue
      }
      entries.append(YAMLNode.Entry(key: name, keyMark: key.mark, value: value))
    }
  }

  private func isSecond(_ name: String, _ entries: [YAMLNode.Entry], _ seen: inout Set<String>) -> Bool {
    if entries.count < Self.smallMap { return entries.contains { $0.key == name } }
    if seen.isEmpty { for entry in entries { seen.insert(entry.key) } }
    return !seen.insert(name).inserted
  }

  private func mark(_ mark: yaml_mark_t) -> FileMark {
    FileMark(file: file, line: Int(clamping: mark.line) + 1, column: Int(clamping: mark.column) + 1)
  }

  private mutating func failParsing(_ parser: Parser) {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "this is not YAML"
    let context = parser.pointee.context.map { " " + String(cString: $0) } ?? ""
    var place = mark(parser.pointee.problem_mark)
    // The reader of characters works ahead and tells only the byte.
    if parser.pointee.error == YAML_READER_ERROR {
      place = ScalarPlace.find(byte: Int(clamping: parser.pointee.problem_offset), in: source, file: file)
    }
    fail(place, problem + context, "check indentation, quotes and colons")
  }

  private mutating func fail(_ mark: FileMark, _ message: String, _ suggestion: String) {
    problems.append(Diagnostic(mark: mark, message: message, suggestion: suggestion))
  }
}
