import Trace

/// Reads what is checked and done at one moment: `needs`, `holds`, `moves`, `begins`, `ends`, `drops`.
extension LayerReader {
  mutating func hook(_ node: YAMLNode?, scope: ExpressionScope, owner: String, source: Source) -> Hook {
    guard let node else { return .empty }
    for entry in map(node) { checkKey(entry, Keys.hook) }
    return hook(in: node, scope: scope, owner: owner, source: source)
  }

  /// The same from a map that has other keys too.
  mutating func hook(in node: YAMLNode, scope: ExpressionScope, owner: String, source: Source) -> Hook {
    var statements: [Statement] = []
    if let needs = node["needs"] {
      for entry in map(needs) {
        if let statement = need(entry, scope, owner, source) { statements.append(statement) }
      }
    }
    if let holds = node["holds"] {
      for entry in map(holds) {
        if let statement = rule(entry, scope, source) { statements.append(statement) }
      }
    }
    let moves = node["moves"].map { self.moves($0, scope) } ?? []
    let transfers = transferMoves(node, scope)
    return statements.isEmpty && moves.isEmpty && transfers.isEmpty
      ? .empty : Hook(statements: statements, moves: moves, transfers: transfers)
  }

  static func joined(_ hooks: Hook...) -> Hook {
    let present = hooks.filter { !$0.isEmpty }
    if present.count < 2 { return present.first ?? .empty }
    return Hook(
      statements: present.flatMap(\.statements), moves: present.flatMap(\.moves),
      transfers: present.flatMap(\.transfers))
  }

  // MARK: Rules

  private mutating func rule(_ entry: YAMLNode.Entry, _ scope: ExpressionScope, _ source: Source) -> Statement? {
    let name = "\(layerName).\(entry.key)"
    var body = entry.value
    if let entries = entry.value.entries {
      for item in entries { checkKey(item, Keys.rule) }
      guard let expression = entry.value["is"] else {
        note(entry.keyMark, "a rule without `is`", "write {is: \"expression\", says: …}")
        return nil
      }
      body = expression
    }
    let program = expression(body, scope)
    guard !program.isEmpty else { return nil }
    return statement(
      name, entry, program, body.scalar ?? "", scope, self.source(of: entry.value, inherited: source), severity: .error)
  }

  /// `memory: state`, `memory: [states]` or `memory: {is: …}`.
  private mutating func need(
    _ entry: YAMLNode.Entry, _ scope: ExpressionScope, _ owner: String, _ source: Source
  ) -> Statement? {
    let body = entry.value["is"] ?? entry.value
    if entry.value.entries != nil {
      for item in map(entry.value) { checkKey(item, Keys.rule) }
      if entry.value["is"] == nil {
        note(entry.keyMark, "a need without `is`", "write {is: state, says: …}")
        return nil
      }
    }
    let key = entry.key.prefix { $0 != "[" }
    let memoryName = String(key).split(separator: " ").joined()
    guard let memory = memoryScope[memoryName] else {
      note(
        entry.keyMark, "there is no memory '\(Diagnostic.shown(memoryName))'",
        TypeParser.suggestion(memoryName, Array(memoryScope.keys), "declare it under memory:"))
      return nil
    }
    let wanted = strings(body)
    let keyNode = YAMLNode(content: .scalar(entry.key, isPlain: true), mark: entry.keyMark)
    let subject = expression(keyNode, scope)
    guard !subject.isEmpty else { return nil }
    var ranges: [ClosedRange<Int64>] = []
    for item in list(body) {
      guard let word = item.scalar else { continue }
      if let index = memory.states.firstIndex(of: word) {
        ranges.append(Int64(index)...Int64(index))
      } else if let number = Int64(word), memory.states.isEmpty {
        ranges.append(number...number)
      } else {
        note(
          item.textMark, "'\(Diagnostic.shown(word))' is none of the states of \(memoryName)",
          TypeParser.suggestion(word, memory.states, "states: \(memory.states.joined(separator: ", "))"))
      }
    }
    let program = Program(
      subject.operations + [.within(first: subject.ranges.count, count: ranges.count)], ranges: subject.ranges + ranges,
      texts: subject.texts)
    let suffix = entry.value["name"]?.scalar
    let name = suffix.map { "\(layerName).\($0)" } ?? "\(layerName).\(owner)-needs-\(memoryName)"
    let text = "\(entry.key) is \(wanted.joined(separator: " or "))"
    return statement(
      name, entry, program, text, scope, self.source(of: entry.value, inherited: source), severity: .error,
      mayRepeat: suffix == nil)
  }

  private mutating func statement(
    _ name: String, _ entry: YAMLNode.Entry, _ program: Program, _ text: String, _ scope: ExpressionScope,
    _ source: Source, severity: Severity, mayRepeat: Bool = false
  ) -> Statement {
    if let first = ruleNames[name], !mayRepeat, first != entry.keyMark {
      note(
        entry.keyMark, "a second rule named '\(name)'", "the first is in \(first.file), line \(first.line)",
        severity: .warning)
    }
    ruleNames[name] = entry.keyMark
    let node = entry.value
    var weight = severity
    if let given = node["severity"], let word = given.scalar {
      if let known = Severity(name: word) {
        weight = known
      } else {
        note(given.textMark, "'\(Diagnostic.shown(word))' is no severity", "error, warning or note")
      }
    }
    let says = node["says"]?.scalar ?? ""
    var values: [(name: String, program: Program)] = []
    for name in Self.placeholders(in: says) {
      let value = YAMLNode(content: .scalar(name, isPlain: true), mark: node["says"]?.mark ?? node.mark)
      let program = expression(value, scope)
      if !program.isEmpty { values.append((name, program)) }
    }
    let made = Statement(
      id: statements.count, rule: name, severity: weight, source: source, when: expression(node["when"], scope),
      holds: program, expression: text, says: says, values: values, advice: node["do"]?.scalar ?? "",
      isAfterMoves: node["after"]?.scalar == "true")
    statements.append(made)
    return made
  }

  private static func placeholders(in text: String) -> [String] {
    var names: [String] = []
    var rest = Substring(text)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      names.append(String(rest[rest.index(after: open)..<close]))
      rest = rest[rest.index(after: close)...]
    }
    return names
  }

  // MARK: Moves

  private mutating func moves(_ node: YAMLNode, _ scope: ExpressionScope) -> [Move] {
    var moves: [Move] = []
    for item in list(node) {
      for entry in map(item) {
        if entry.key == "forget" {
          if let entries = entry.value.entries {
            for one in entries {
              let node = YAMLNode(content: .scalar(one.key, isPlain: true), mark: one.keyMark)
              let condition = expression(node, scope)
              for target in list(one.value) {
                if let move = forget(target, scope, condition) { moves.append(move) }
              }
            }
          } else {
            for target in list(entry.value) { if let move = forget(target, scope, .empty) { moves.append(move) } }
          }
        } else if let move = set(entry, scope) {
          moves.append(move)
        }
      }
    }
    return moves
  }

  /// `name` or `name[key, key]`.
  private mutating func target(
    _ text: String, _ mark: FileMark, _ scope: ExpressionScope
  ) -> (memory: ExpressionScope.Memory, keys: [Program])? {
    let name = String(text.prefix { $0 != "[" }).split(separator: " ").joined()
    guard let memory = memoryScope[name] else {
      note(
        mark, "there is no memory '\(Diagnostic.shown(name))'",
        TypeParser.suggestion(name, Array(memoryScope.keys), "declare it under memory:"))
      return nil
    }
    guard let open = text.firstIndex(of: "[") else { return (memory, []) }
    guard text.hasSuffix("]") else {
      note(mark, "'\(Diagnostic.shown(text))' has no ]", "write name[key]")
      return nil
    }
    let inner = text[text.index(after: open)..<text.index(before: text.endIndex)]
    let offset = text.utf8.distance(from: text.startIndex, to: open) + 1
    let keys = inner.split(separator: ",").map { part in
      expression(YAMLNode(content: .scalar(String(part), isPlain: true), mark: mark.moved(by: offset)), scope)
    }
    return (memory, keys)
  }

  private mutating func forget(_ node: YAMLNode, _ scope: ExpressionScope, _ condition: Program) -> Move? {
    guard let text = text(node), let target = target(text, node.textMark, scope) else { return nil }
    return Move(action: .forget(memory: target.memory.index, key: target.keys.first ?? .empty, condition: condition))
  }

  private mutating func set(_ entry: YAMLNode.Entry, _ scope: ExpressionScope) -> Move? {
    guard let target = target(entry.key, entry.keyMark, scope) else { return nil }
    guard target.keys.count == target.memory.keys else {
      note(
        entry.keyMark, "'\(Diagnostic.shown(entry.key))' needs \(target.memory.keys) key(s)",
        target.memory.keys == 0 ? "leave the [ ] out" : "write name[key]")
      return nil
    }
    var cases: [(condition: Program, value: Program)] = []
    if let entries = entry.value.entries {
      for one in entries {
        let condition = YAMLNode(content: .scalar(one.key, isPlain: true), mark: one.keyMark)
        cases.append((expression(condition, scope), value(one.value, target.memory, scope)))
      }
    } else {
      cases.append((.empty, value(entry.value, target.memory, scope)))
    }
    return Move(action: .set(memory: target.memory.index, keys: target.keys, cases: cases))
  }

  private mutating func value(_ node: YAMLNode, _ memory: ExpressionScope.Memory, _ scope: ExpressionScope) -> Program {
    if node.scalar == "unknown" { return .empty }
    if let text = node.scalar, let index = memory.states.firstIndex(of: text) {
      return Program([.constant(.number(Int64(index)))])
    }
    return expression(node, scope, states: memory.states)
  }

  // MARK: Transfers

  private mutating func transferMoves(_ node: YAMLNode, _ scope: ExpressionScope) -> [TransferMove] {
    var moves: [TransferMove] = []
    for (key, action) in [("drops", TransferMove.Action.drop), ("ends", .end), ("begins", .begin)] {
      guard let value = node[key] else { continue }
      if let entries = value.entries {
        for entry in entries {
          if let kind = transferKind(entry.key, entry.keyMark) {
            moves.append(TransferMove(action: action, kind: kind, program: expression(entry.value, scope)))
          }
        }
      } else {
        for item in list(value) {
          if let text = text(item), let kind = transferKind(text, item.textMark) {
            moves.append(TransferMove(action: action, kind: kind, program: .empty))
          }
        }
      }
    }
    return moves
  }

  mutating func transferKind(_ text: String, _ mark: FileMark) -> TransferKind? {
    if let kind = TransferKind(name: text) { return kind }
    note(
      mark, "'\(Diagnostic.shown(text))' is no kind of transfer",
      TypeParser.suggestion(text, TransferKind.allCases.map(\.name), TransferKind.allCases.map(\.name).joined(separator: ", ")))
    return nil
  }
}
