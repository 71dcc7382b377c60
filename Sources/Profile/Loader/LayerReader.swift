import Trace

/// Builds a book from layers: first what is extended, then the vendor's own document.
///
/// Every mistake is noted with its place and reading goes on, so that `lint` can show them all.
struct LayerReader {
  var problems: [Diagnostic] = []

  var documents: [Document] = []
  var types: [String: String] = [:]
  var codes: [CodeTable] = []
  var memory: [MemorySpec] = []
  var memoryScope: [String: ExpressionScope.Memory] = [:]
  var commandIndex: [String: Int] = [:]
  var commands: [CommandSpec] = []
  var unsolicited: [LineSpec] = []
  var finals: [FinalSpec] = []
  var recognise: [RecogniseSpec] = []
  var everyCommand: [Hook] = []
  var statements: [Statement] = []
  var lines: [LineSpec] = []
  var dataPhases: [DataSpec] = []
  var within = Program.empty
  var ruleNames: [String: FileMark] = [:]
  var title = ""
  var strict = true

  // The layer that is being read.
  var layerName = ""
  var firstDocument = 0

  mutating func read(_ layer: Layer) {
    layerName = layer.name
    firstDocument = documents.count
    title = layer.title
    strict = layer.strict
    var seen: [String: FileMark] = [:]
    for root in layer.roots { checkTop(root, &seen) }
    for key in ["documents", "types", "errors", "memory", "finals", "recognise", "within", "every-command", "commands", "unsolicited"] {
      for root in layer.roots {
        for entry in root where entry.key == key { readTop(entry) }
      }
    }
  }

  func book(names: [String]) -> Book {
    Book(
      names: names, title: title, documents: documents, commands: commands, unsolicited: unsolicited, finals: finals,
      recognise: recognise, memory: memory,
      everyCommand: Hook(
        statements: everyCommand.flatMap(\.statements), moves: everyCommand.flatMap(\.moves),
        transfers: everyCommand.flatMap(\.transfers)),
      codes: codes, statements: statements, lines: lines, dataPhases: dataPhases, within: within, isStrict: strict)
  }

  // MARK: Top level

  private mutating func checkTop(_ root: [YAMLNode.Entry], _ seen: inout [String: FileMark]) {
    for entry in root {
      checkKey(entry, Keys.top)
      guard ["profile", "title", "extends", "strict", "within"].contains(entry.key) else { continue }
      if seen[entry.key] != nil {
        note(entry.keyMark, "'\(entry.key)' stands in two files of the profile", "keep it in one")
      }
      seen[entry.key] = entry.keyMark
      if entry.key == "profile", let name = entry.value.scalar, !name.utf8.allSatisfy({ TextScanner.isName($0) }) {
        note(entry.value.mark, "'\(Diagnostic.shown(name))' is no name for a profile", "use letters, digits and -")
      }
    }
  }

  private mutating func readTop(_ entry: YAMLNode.Entry) {
    switch entry.key {
    case "documents": for item in list(entry.value) { readDocument(item) }
    case "types":
      for item in map(entry.value) {
        if let text = text(item.value) { types[item.key] = text }
      }
      for item in map(entry.value) { checkType(item) }
    case "errors": for item in map(entry.value) { readCodes(item) }
    case "memory": for item in map(entry.value) { readMemory(item) }
    case "finals": for item in list(entry.value) { readFinal(item) }
    case "recognise": for item in list(entry.value) { readRecognise(item) }
    case "within": within = duration(entry.value, ExpressionScope(memory: memoryScope))
    case "every-command":
      everyCommand.append(hook(entry.value, scope: ExpressionScope(memory: memoryScope), owner: "every-command", source: layerSource))
    case "commands": for item in map(entry.value) { readCommand(item) }
    case "unsolicited":
      for item in list(entry.value) {
        if let line = readLine(
          item, role: .unsolicited, command: -1, parameters: .none, source: layerSource, owner: "unsolicited")
        {
          unsolicited.append(line)
        }
      }
    default: break
    }
  }

  var layerSource: Source { Source(document: firstDocument, section: "") }

  private mutating func readDocument(_ node: YAMLNode) {
    for entry in map(node) { checkKey(entry, Keys.document) }
    guard let id = node["id"]?.scalar else {
      note(node.mark, "a document without an id", "write {id: …, title: …, version: …, date: …}")
      return
    }
    documents.append(
      Document(
        id: id, title: node["title"]?.scalar ?? id, version: node["version"]?.scalar ?? "",
        date: node["date"]?.scalar ?? ""))
  }

  private mutating func checkType(_ item: YAMLNode.Entry) {
    guard let text = item.value.scalar else { return }
    do throws(LanguageError) {
      _ = try typeParser.parameter(name: item.key, type: text, at: 0)
    } catch {
      // Code tables are read later; everything else in a type is known by now.
      if !text.contains("means ") { note(error, in: item.value) }
    }
  }

  private mutating func readCodes(_ item: YAMLNode.Entry) {
    var texts: [Int64: String] = [:]
    for code in map(item.value) {
      guard let number = Int64(code.key), let text = text(code.value) else {
        note(code.keyMark, "'\(Diagnostic.shown(code.key))' is no code", "codes are whole numbers")
        continue
      }
      texts[number] = text
    }
    if let index = codes.firstIndex(where: { $0.name == item.key }) {
      codes[index] = CodeTable(name: item.key, texts: codes[index].texts.merging(texts) { $1 })
    } else {
      codes.append(CodeTable(name: item.key, texts: texts))
    }
  }

  private mutating func readMemory(_ item: YAMLNode.Entry) {
    for entry in map(item.value) { checkKey(entry, Keys.memory) }
    let states = item.value["is"].map { list($0).compactMap(\.scalar) } ?? []
    let keys = item.value["by"]?.scalar.flatMap { Int($0) } ?? 0
    if let node = item.value["by"], !(1...2).contains(keys) { note(node.mark, "a map has one or two keys", "by: 1") }
    let spec = MemorySpec(
      name: item.key, states: states, keys: keys, atStart: initial(item.value["at-start"], states),
      atReset: initial(item.value["at-reset"], states))
    if let known = memoryScope[item.key] {
      memory[known.index] = spec
      memoryScope[item.key] = ExpressionScope.Memory(index: known.index, states: states, keys: keys)
    } else {
      memoryScope[item.key] = ExpressionScope.Memory(index: memory.count, states: states, keys: keys)
      memory.append(spec)
    }
  }

  private mutating func initial(_ node: YAMLNode?, _ states: [String]) -> Value {
    guard let node, let text = node.scalar, text != "unknown" else { return .unknown }
    if let index = states.firstIndex(of: text) { return .number(Int64(index)) }
    if let number = Int64(text) { return .number(number) }
    if text == "empty" { return .number(0) }
    if !states.isEmpty {
      note(node.textMark, "'\(Diagnostic.shown(text))' is none of the states", "states: \(states.joined(separator: ", "))")
      return .unknown
    }
    return .text(hash: TextHash.of(text.utf8))
  }

  private mutating func readFinal(_ node: YAMLNode) {
    guard let text = node.scalar ?? node["text"]?.scalar, !text.isEmpty else {
      note(node.mark, "\(node.kind) where a final result is expected", "write \"SHUT OK\"")
      return
    }
    let failure = text.contains("ERROR") || text.contains("FAIL") || node["fails"]?.scalar == "true"
    finals.append(FinalSpec(text: Array(text.utf8), success: !failure))
  }

  private mutating func readRecognise(_ node: YAMLNode) {
    for entry in map(node) { checkKey(entry, Keys.recognise) }
    guard let contains = node["contains"]?.scalar, let to = node["to"] else {
      note(node.mark, "a mark of recognition needs `to` and `contains`", "{to: [ATI, +CGMM], contains: NAME}")
      return
    }
    recognise.append(RecogniseSpec(commands: strings(to), contains: contains))
  }

  // MARK: Nodes

  var typeParser: TypeParser { TypeParser(types: types, codeTables: codes.map(\.name)) }
  var signatureParser: SignatureParser { SignatureParser(types: typeParser) }

  mutating func note(_ mark: FileMark, _ message: String, _ help: String, severity: Severity = .error) {
    problems.append(Diagnostic(mark: mark, severity: severity, message: message, help: help))
  }

  mutating func note(_ error: LanguageError, in node: YAMLNode) {
    note(node.textMark.moved(by: error.at), error.message, error.help)
  }

  mutating func checkKey(_ entry: YAMLNode.Entry, _ known: [String]) {
    guard !known.contains(entry.key) else { return }
    note(
      entry.keyMark, "'\(Diagnostic.shown(entry.key))' is no key here",
      Diagnostic.nearest(to: entry.key, among: known).map { "did you mean '\($0)'?" } ?? "keys: \(known.joined(separator: ", "))")
  }

  mutating func map(_ node: YAMLNode) -> [YAMLNode.Entry] {
    if let entries = node.entries { return entries }
    if !node.isNull { note(node.mark, "\(node.kind) where a map is expected", "write `key: value`") }
    return []
  }

  mutating func list(_ node: YAMLNode) -> [YAMLNode] {
    if let items = node.items { return items }
    if node.isNull { return [] }
    return [node]
  }

  mutating func text(_ node: YAMLNode) -> String? {
    if let text = node.scalar { return text }
    note(node.mark, "\(node.kind) where a text is expected", "write a single value")
    return nil
  }

  mutating func strings(_ node: YAMLNode) -> [String] {
    list(node).compactMap { item in text(item) }
  }

  mutating func expression(_ node: YAMLNode?, _ scope: ExpressionScope, states: [String] = []) -> Program {
    guard let node, let text = text(node) else { return .empty }
    do throws(LanguageError) {
      return try ExpressionParser.compile(text, in: scope, states: states)
    } catch {
      note(error, in: node)
      return .empty
    }
  }

  mutating func duration(_ node: YAMLNode?, _ scope: ExpressionScope) -> Program { expression(node, scope) }

  mutating func source(of node: YAMLNode, inherited: Source) -> Source {
    var source = inherited
    if let section = node["section"]?.scalar { source.section = section }
    if let document = node["document"], let id = document.scalar {
      if let index = documents.firstIndex(where: { $0.id == id }) {
        source.document = index
      } else {
        note(
          document.textMark, "there is no document '\(Diagnostic.shown(id))'",
          Diagnostic.nearest(to: id, among: documents.map(\.id)).map { "did you mean '\($0)'?" } ?? "declare it under documents:")
      }
    }
    return source
  }
}
