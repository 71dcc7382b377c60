import Trace

/// Builds a book from layers: first what is extended, then the vendor's own document.
///
/// Every mistake is noted with its place and reading goes on, so that `lint` can show them all.
struct LayerReader {
  /// More mistakes than this are not noted.
  static let problemLimit = 1000

  let layers: [Layer]
  private(set) var ownProblems: [Diagnostic] = []
  private(set) var baseProblems: [Diagnostic] = []

  var documents: [Document] = []
  var types = TypeParser()
  var codes: [CodeTable] = []
  var memory: [MemorySpec] = []
  var memoryScope: [String: ExpressionScope.Memory] = [:]
  var commands: [CommandSpec] = []
  /// The names of all commands, as the profiles write them.
  var commandNames: Set<String> = []
  var families: [CommandFamily] = []
  /// The member of a family that is being read.
  var member: Member?
  /// The line that the read form of each command gives, for lines that are `of:` it.
  var readLines: [String: (pattern: String, member: Member?)] = [:]
  /// Lines that nobody asked for, layer by layer.
  var unsolicited: [[LineSpec]] = []
  /// Lines of the host that are no commands.
  var hostLines: [LineSpec] = []
  var controls: [ControlSpec] = []
  var finals: [FinalSpec] = []
  var recognise: [RecogniseSpec] = []
  var everyLine: [Hook] = []
  var everyCommand: [Hook] = []
  var everyFinal: [Hook] = []
  var statements: [Statement] = []
  var lines: [LineSpec] = []
  var dataPhases: [DataSpec] = []
  var within = Program.empty
  var ruleNames: [String: FileMark] = [:]
  /// The sections of the profile's own document, in its order.
  var sections: [ListedSection] = []
  /// What entries of the profile cite of that document, by the place.
  var citations: [FileMark: String] = [:]
  /// Prefixes that may come in place of a late result, to be looked for when all lines are known.
  var insteads: [(prefix: [UInt8], mark: FileMark)] = []

  /// The memory of the profile itself, and what of any memory is read or changed.
  var ownMemory: [(name: String, mark: FileMark)] = []
  var usedMemory: Set<Int> = []

  /// Whether the parameters of the form that is being read could be read.
  var knowsParameters = true

  // The layer that is being read.
  var layer: Layer
  /// Whether the time limits of the layer that is being read count.
  var keepsLimits = true
  /// The first document of each layer, or -1.
  var firstDocuments: [Int] = []
  var firstDocument = -1
  /// Where the names of this layer were seen first, by what they name.
  var seen: [String: FileMark] = [:]

  init(_ layers: [Layer]) {
    self.layers = layers
    layer = layers.last ?? Layer(files: [])
  }

  /// Documents, codes and memory of all layers come before anything that speaks of them.
  mutating func read() {
    for layer in layers {
      enter(layer)
      for root in layer.roots { checkTop(root) }
      firstDocuments.append(documents.count)
      each("documents") { reader, value in for item in reader.list(value) { reader.readDocument(item) } }
      if documents.count == firstDocuments.last { firstDocuments[firstDocuments.count - 1] = -1 }
      each("errors") { reader, value in for item in reader.map(value) { reader.readCodes(item) } }
      each("memory") { reader, value in for item in reader.map(value) { reader.readMemory(item) } }
      each("commands") { reader, value in
        for item in value.entries ?? [] { reader.noteNames(item) }
      }
    }
    for (index, layer) in layers.enumerated() {
      enter(layer)
      firstDocument = firstDocuments[index]
      keepsLimits = !layers[(index + 1)...].contains { $0.ownLimits }
      readTypes()
      readRest(later: layers[(index + 1)...])
    }
    checkInsteads()
    checkUnused()
    checkHiddenStates()
    checkSections()
  }

  private mutating func enter(_ layer: Layer) {
    self.layer = layer
    seen.removeAll()
  }

  /// Does something with the value of this key in every file of the layer.
  mutating func each(_ key: String, _ body: (inout LayerReader, YAMLNode) -> Void) {
    for root in layer.roots { for entry in root where entry.key == key { body(&self, entry.value) } }
  }

  private mutating func readRest(later: ArraySlice<Layer>) {
    if layer.isOwn {
      each("sections") { reader, value in for item in reader.map(value) { reader.readSection(item) } }
    }
    each("finals") { reader, value in for item in reader.list(value) { reader.readFinal(item) } }
    each("recognise") { reader, value in for item in reader.list(value) { reader.readRecognise(item) } }
    each("within") { reader, value in
      reader.within = reader.program(value, reader.scope(), for: .duration)
    }
    each("every-command") { reader, value in
      reader.everyCommand.append(
        reader.hook(
          value,
          HookPlace(
            scope: reader.scope(), owner: "every-command", source: reader.layerSource, speaker: .hostToModem)))
    }
    each("every-line") { reader, value in
      reader.everyLine.append(
        reader.hook(
          value,
          HookPlace(scope: reader.scope(), owner: "every-line", source: reader.layerSource, speaker: .hostToModem)))
    }
    each("every-final") { reader, value in
      reader.everyFinal.append(
        reader.hook(
          value,
          HookPlace(scope: reader.scope(), owner: "every-final", source: reader.layerSource, speaker: .modemToHost)))
    }
    each("controls") { reader, value in for item in reader.map(value) { reader.readControl(item) } }
    each("host-lines") { reader, value in
      for item in reader.list(value) {
        var place = LinePlace(role: .unsolicited, source: reader.layerSource)
        place.speaker = .hostToModem
        reader.hostLines += reader.readLines(item, place)
      }
    }
    let replaced = later.reduce(into: Set<String>()) { $0.formUnion($1.commands) }
    each("commands") { reader, value in
      for item in reader.map(value) { reader.readCommands(item, replaced: replaced) }
    }
    unsolicited.append([])
    each("unsolicited") { reader, value in
      for item in reader.list(value) {
        let found = reader.readLines(item, LinePlace(role: .unsolicited, source: reader.layerSource))
        reader.unsolicited[reader.unsolicited.count - 1] += found
      }
    }
  }

  var layerSource: Source { Source(document: firstDocument, section: "") }

  var book: Book {
    let title = layers.last { !$0.title.isEmpty }?.title ?? layers.last?.name ?? ""
    // The vendor's own lines come first: where two shapes fit equally well, the vendor's is taken.
    return Book(
      names: layers.reversed().map(\.name), title: title, documents: documents, commands: commands, families: families,
      unsolicited: unsolicited.reversed().flatMap { $0 }, hostLines: hostLines, controls: controls, finals: finals,
      recognise: recognise, memory: memory,
      everyLine: Hook.joined(everyLine), everyCommand: Hook.joined(everyCommand), everyFinal: Hook.joined(everyFinal),
      codes: codes,
      statements: statements, lines: lines,
      dataPhases: dataPhases, within: within, isStrict: layers.last?.strict ?? true,
      sections: sections.map(\.spec), ownDocument: firstDocuments.last ?? -1)
  }

  // MARK: Mistakes

  mutating func note(_ mark: FileMark, _ message: String, _ suggestion: String, severity: Severity = .error) {
    let problem = Diagnostic(mark: mark, severity: severity, message: message, suggestion: suggestion)
    if layer.isOwn {
      if ownProblems.count < Self.problemLimit { ownProblems.append(problem) }
    } else if baseProblems.count < Self.problemLimit {
      baseProblems.append(problem)
    }
  }

  mutating func warn(_ mark: FileMark, _ message: String, _ suggestion: String) {
    note(mark, message, suggestion, severity: .warning)
  }

  /// A mistake inside the text of a scalar.
  mutating func note(_ error: LanguageError, in node: YAMLNode) {
    let mark =
      ownProblems.count + baseProblems.count < Self.problemLimit
      ? layer.sources[node.mark.file].map { ScalarPlace.find(error.at, in: $0, from: node.mark) } : nil
    note(mark ?? node.mark, error.message, error.help, severity: error.severity)
  }

  mutating func checkKeys(_ entries: [YAMLNode.Entry], _ known: [String]) {
    for entry in entries where !known.contains(entry.key) {
      note(
        entry.keyMark, "'\(Diagnostic.shown(entry.key))' is no key here",
        Spelling.suggestion(entry.key, known, "keys: \(known.joined(separator: ", "))"))
    }
  }

  /// Notes that a name stands in the profile twice; YAML itself tells this within one map only.
  mutating func isFirst(_ what: String, _ name: String, _ mark: FileMark) -> Bool {
    let key = what + " " + name
    if let first = seen[key] {
      note(
        mark, "\(what) '\(Diagnostic.shown(name))' is stated twice",
        "it stands in \(first.file), line \(first.line), too; keep one")
      return false
    }
    seen[key] = mark
    return true
  }
}

// MARK: - Nodes

extension LayerReader {
  mutating func map(_ node: YAMLNode) -> [YAMLNode.Entry] {
    if let entries = node.entries { return entries }
    if !node.isNull { note(node.mark, "\(node.kind) where a map is expected", "write `key: value`") }
    return []
  }

  func list(_ node: YAMLNode) -> [YAMLNode] { node.items ?? (node.isNull ? [] : [node]) }

  mutating func text(_ node: YAMLNode) -> String? {
    if let text = node.scalar, !node.isNull { return text }
    note(node.mark, "\(node.kind) where a text is expected", "write a single value")
    return nil
  }

  /// The text of a key that may be missing.
  mutating func text(_ node: YAMLNode, _ key: String) -> String? {
    guard let value = node[key] else { return nil }
    return text(value)
  }

  mutating func strings(_ node: YAMLNode) -> [String] { list(node).compactMap { item in text(item) } }

  /// `true` or `false`; false where the key is missing.
  mutating func flag(_ node: YAMLNode, _ key: String) -> Bool {
    guard let value = node[key] else { return false }
    switch value.scalar {
    case "true": return true
    case "false": return false
    default:
      note(value.mark, "\(key) is true or false", "write `\(key): true`, or leave it out")
      return false
    }
  }

  /// One of these words.
  mutating func choice(_ node: YAMLNode, _ words: [String], _ what: String) -> String? {
    guard let text = text(node) else { return nil }
    if words.contains(text) { return text }
    note(
      node.mark, "'\(Diagnostic.shown(text))' is no \(what)",
      Spelling.suggestion(text, words, words.joined(separator: ", ")))
    return nil
  }

  mutating func program(_ node: YAMLNode?, _ scope: ExpressionScope, for use: ExpressionParser.Use) -> Program {
    guard let node, let text = text(node) else { return .empty }
    let (program, mistakes) = ExpressionParser.compile(text, in: scope, for: use)
    for mistake in mistakes { note(mistake, in: node) }
    usedMemory.formUnion(program.memories)
    checkHidden(node, scope, isCondition: false)
    return program
  }

  func scope() -> ExpressionScope {
    ExpressionScope(
      constants: member.map { [($0.parameter, $0.number)] } ?? [], memory: memoryScope, commands: commandNames,
      isOpen: !knowsParameters)
  }

  func scope(parameters: Signature) -> ExpressionScope {
    var scope = scope()
    scope.parameters = ExpressionScope.names(of: parameters)
    return scope
  }

  mutating func source(of node: YAMLNode, inherited: Source) -> Source {
    var source = inherited
    if let section = text(node, "section") { source.section = section }
    if let document = node["document"], let id = text(document) {
      if let index = documents.lastIndex(where: { $0.id == id }) {
        source.document = index
      } else {
        note(
          document.mark, "there is no document '\(Diagnostic.shown(id))'",
          Spelling.suggestion(id, documents.map(\.id), "declare it under documents:"))
      }
    }
    noteCitation(node["section"], source)
    return source
  }
}
