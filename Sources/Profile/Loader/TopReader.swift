import Trace

/// Reads what stands at the top of a profile: documents, types, codes, memory, results, recognition.
extension LayerReader {
  mutating func checkTop(_ root: [YAMLNode.Entry]) {
    checkKeys(root, Keys.top)
    for entry in root {
      switch entry.key {
      case "profile":
        if let name = text(entry.value), name.isEmpty || !name.utf8.allSatisfy({ TextScanner.isName($0) && $0 != 0x5F })
        {
          note(entry.value.mark, "'\(Diagnostic.shown(name))' is no name for a profile", "use letters, digits and -")
        }
      case "title", "extends": _ = text(entry.value)
      case "strict": _ = choice(entry.value, ["true", "false"], "answer")
      case "within": break
      case "limits": _ = choice(entry.value, ["own"], "choice")
      default: continue
      }
      _ = isFirst("key", entry.key, entry.keyMark)
    }
  }

  mutating func readDocument(_ node: YAMLNode) {
    checkKeys(map(node), Keys.document)
    guard let id = node["id"]?.scalar else {
      note(node.mark, "a document without an id", "write {id: …, title: …, version: …, date: …}")
      return
    }
    guard isFirst("document", id, node.mark) else { return }
    documents.append(
      Document(
        id: id, title: text(node, "title") ?? id, version: text(node, "version") ?? "", date: text(node, "date") ?? ""))
  }

  mutating func readCodes(_ item: YAMLNode.Entry) {
    guard isFirst("table of codes", item.key, item.keyMark) else { return }
    var texts: [Int64: String] = [:]
    for code in map(item.value) {
      guard let number = Int64(code.key) else {
        note(code.keyMark, "'\(Diagnostic.shown(code.key))' is no code", "codes are whole numbers: {61: network error}")
        continue
      }
      if let text = text(code.value) { texts[number] = text }
    }
    if let index = types.codeTables[item.key] {
      codes[index] = CodeTable(
        name: item.key, texts: codes[index].texts.merging(texts) { $1 }, isOwn: layer.isOwn)
    } else {
      types.codeTables[item.key] = codes.count
      codes.append(CodeTable(name: item.key, texts: texts, isOwn: layer.isOwn))
    }
  }

  mutating func readFinal(_ node: YAMLNode) {
    if let entries = node.entries { checkKeys(entries, Keys.final) }
    guard let text = text(node.entries == nil ? node : node["text"] ?? node), !text.isEmpty else { return }
    let says = node.entries != nil && node["fails"] != nil
    let failure = says ? flag(node, "fails") : ["ERROR", "FAIL"].contains { text.uppercased().contains($0) }
    let spec = FinalSpec(
      text: Array(text.utf8), success: !failure, table: readTable(node["means"]), number: readNumber(node["number"]),
      mayPrecedeOK: flag(node, "ok-may-follow"))
    if let means = node["means"], !spec.takesNumber {
      note(means.mark, "codes of a final result that has no number", "end its text with a colon: \"*CME ERROR:\"")
    }
    if spec.number >= 0, let number = node["number"], let other = finals.first(where: { $0.number == spec.number }) {
      note(
        number.mark,
        "\(spec.number) stands for \(Diagnostic.shown(String(decoding: other.text, as: UTF8.self))) already",
        "each final result has a number of its own under ATV0")
    }
    finals.append(spec)
  }

  /// The table of codes of this name, or -1.
  private mutating func readTable(_ node: YAMLNode?) -> Int {
    guard let node, let name = text(node) else { return -1 }
    if let index = types.codeTables[name] { return index }
    note(
      node.mark, "there is no table of codes '\(Diagnostic.shown(name))'",
      Spelling.suggestion(name, types.codeTables.keys.sorted(), "declare it under errors:"))
    return -1
  }

  private mutating func readNumber(_ node: YAMLNode?) -> Int64 {
    guard let node, let text = text(node) else { return -1 }
    if let number = Int64(text), number >= 0 { return number }
    note(node.mark, "'\(Diagnostic.shown(text))' is no number", "write what stands for the result under ATV0: 3077")
    return -1
  }

  mutating func readRecognise(_ node: YAMLNode) {
    checkKeys(map(node), Keys.recognise)
    guard let contains = node["contains"], let to = node["to"] else {
      note(node.mark, "a mark of recognition without `to` or `contains`", "write {to: [ATI, +CGMM], contains: NAME}")
      return
    }
    let commands = strings(to)
    // What another profile is known by does not make the modem one that builds on it.
    guard let text = text(contains), layer.isOwn else { return }
    recognise.append(RecogniseSpec(commands: commands, contains: text))
  }

  /// `dcd: {moves: …}`: what a change of a control line means; `level` is 1 or 0.
  mutating func readControl(_ item: YAMLNode.Entry) {
    checkKeys(map(item.value), Keys.control)
    let names = ["dtr", "rts", "cts", "dcd", "ri"]
    guard names.contains(item.key) else {
      note(
        item.keyMark, "there is no control line '\(Diagnostic.shown(item.key))'",
        Spelling.suggestion(item.key, names, names.joined(separator: ", ")))
      return
    }
    var scope = scope()
    scope.fields = [ExpressionScope.Name(name: "level", kind: .number)]
    let source = source(of: item.value, inherited: layerSource)
    controls.append(
      ControlSpec(
        name: Array(item.key.utf8), hook: hook(in: item.value, HookPlace(scope: scope, owner: item.key, source: source))
      ))
  }

  // MARK: Types

  mutating func readTypes() {
    var nodes: [String: YAMLNode] = [:]
    var order: [String] = []
    each("types") { reader, value in
      for item in reader.map(value) {
        if TypeParser.bases.contains(item.key) || TypeParser.modifiers.contains(item.key) {
          reader.note(item.keyMark, "'\(item.key)' has a meaning of its own in types", "choose another name")
        } else if !TextScanner.isWhole(item.key) {
          reader.note(
            item.keyMark, "'\(Diagnostic.shown(item.key))' is no name for a type", "use letters, digits, - and _")
        } else if reader.isFirst("type", item.key, item.keyMark), reader.text(item.value) != nil {
          nodes[item.key] = item.value
          order.append(item.key)
          reader.types.named[item.key] = nil
        }
      }
    }
    var open: [String] = []
    for name in order { resolveType(name, nodes, &open) }
  }

  /// Reads a type after those that it names.
  private mutating func resolveType(_ name: String, _ nodes: [String: YAMLNode], _ open: inout [String]) {
    guard types.named[name] == nil, let node = nodes[name], let text = node.scalar else { return }
    guard !open.contains(name), open.count < 64 else {
      note(node.mark, "the type '\(name)' refers to itself", "define it through int, str, …")
      types.named[name] = .broken
      return
    }
    open.append(name)
    var words = TextScanner(text)
    while !words.isAtEnd {
      let word = words.name()
      if word.isEmpty { words.at += 1 } else if nodes[word] != nil { resolveType(word, nodes, &open) }
    }
    open.removeLast()
    if types.named[name] != nil { return }
    var scanner = TextScanner(text)
    do throws(LanguageError) {
      types.named[name] = try types.draft(&scanner)
    } catch {
      note(error, in: node)
      types.named[name] = .broken
    }
  }

  // MARK: Memory

  mutating func readMemory(_ item: YAMLNode.Entry) {
    guard isFirst("memory", item.key, item.keyMark) else { return }
    if ExpressionScope.words.contains(item.key) {
      note(item.keyMark, "'\(item.key)' has a meaning of its own in expressions", "choose another name")
    } else if !TextScanner.isWhole(item.key) {
      note(item.keyMark, "'\(Diagnostic.shown(item.key))' is no name for a memory", "use letters, digits, - and _")
    }
    checkKeys(map(item.value), Keys.memory)
    checkShared(item)
    if layer.isOwn { ownMemory.append((item.key, item.keyMark)) }
    let states = readStates(item.value["is"])
    var keys = 0
    if let by = item.value["by"] {
      keys = by.scalar == "1" ? 1 : by.scalar == "2" ? 2 : 0
      if keys == 0 { note(by.mark, "a map has one or two keys", "write `by: 1` or `by: 2`") }
    }
    let isKept = item.value["at-reset"]?.scalar == "kept" && !states.contains("kept")
    let spec = MemorySpec(
      name: item.key, states: states, keys: keys, atStart: initial(item.value["at-start"], states, keys),
      atReset: isKept ? .unknown : initial(item.value["at-reset"], states, keys), isKept: isKept)
    let known = memoryScope[item.key]
    if let known { checkReplaced(known, spec, item) }
    let index = known?.index ?? memory.count
    memoryScope[item.key] = ExpressionScope.Memory(index: index, states: states, keys: keys)
    if known == nil { memory.append(spec) } else { memory[index] = spec }
  }

  private mutating func readStates(_ node: YAMLNode?) -> [String] {
    guard let node else { return [] }
    var states: [String] = []
    for item in list(node) {
      guard let name = text(item) else { continue }
      if states.contains(name) {
        note(item.mark, "a second state '\(Diagnostic.shown(name))'", "keep one of them")
      } else if !TextScanner.isWhole(name) || name == "unknown" || Int64(name) != nil {
        note(
          item.mark, "'\(Diagnostic.shown(name))' is no name for a state",
          "use letters, digits, - and _; unknown is always there")
      } else {
        states.append(name)
      }
    }
    if states.isEmpty {
      note(node.mark, "a memory with no states", "write `is: [closed, open]`, or leave `is` out for a number or a text")
    }
    return states
  }

  /// What the base says of a memory must still make sense when it is replaced.
  private mutating func checkReplaced(_ known: ExpressionScope.Memory, _ spec: MemorySpec, _ item: YAMLNode.Entry) {
    let lost = known.states.filter { !spec.states.contains($0) }
    if !lost.isEmpty {
      note(
        item.keyMark, "the memory '\(item.key)' of the extended profile has states that are missing here",
        "add \(lost.joined(separator: ", ")), or choose another name")
    }
    if known.keys != spec.keys {
      note(
        item.keyMark,
        "the memory '\(item.key)' of the extended profile has \(known.keys) key\(known.keys == 1 ? "" : "s")",
        known.keys == 0 ? "leave `by` out, or choose another name" : "write `by: \(known.keys)`, or choose another name"
      )
    }
  }

  private mutating func initial(_ node: YAMLNode?, _ states: [String], _ keys: Int) -> Value {
    guard let node, let text = text(node), text != "unknown" else { return .unknown }
    if keys > 0 {
      // A known value of a map says that the map is known to hold nothing.
      if text != "empty" { note(node.mark, "a map begins empty or unknown", "write `empty`, or leave it out") }
      return .number(0)
    }
    if let index = states.firstIndex(of: text) { return .number(Int64(index)) }
    if !states.isEmpty {
      note(
        node.mark, "'\(Diagnostic.shown(text))' is none of the states",
        Spelling.suggestion(text, states, "states: \(states.joined(separator: ", "))"))
      return .unknown
    }
    return Int64(text).map { .number($0) } ?? .text(hash: TextHash.of(text.utf8))
  }
}

extension TextScanner {
  /// Whether all of a text is one name.
  static func isWhole(_ text: String) -> Bool {
    var scanner = TextScanner(text)
    return !scanner.name().isEmpty && scanner.isAtEnd
  }
}
