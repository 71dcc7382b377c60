import Trace

/// Reads the rules of one moment: `needs` and `holds`.
extension LayerReader {
  /// What the rules and moves of one moment see and cite.
  struct HookPlace {
    var scope: ExpressionScope
    /// The first part of the names of needs.
    var owner: String
    var source: Source
    var severity = Severity.error
    /// Who said that at which the rules are checked.
    var speaker = Direction.unknown
  }

  mutating func hook(_ node: YAMLNode?, _ place: HookPlace) -> Hook {
    guard let node else { return .empty }
    checkKeys(map(node), Keys.hook)
    return hook(in: node, place)
  }

  /// The same from a map that has other keys too.
  mutating func hook(in node: YAMLNode, _ place: HookPlace) -> Hook {
    guard let entries = node.entries else { return .empty }
    var statements: [Statement] = []
    var moves: [Move] = []
    var transfers: [TransferMove] = []
    for entry in entries {
      switch entry.key {
      case "needs":
        for item in map(entry.value) { if let statement = need(item, place) { statements.append(statement) } }
      case "holds":
        for item in map(entry.value) { if let statement = rule(item, place) { statements.append(statement) } }
      case "moves": moves += readMoves(entry.value, place.scope)
      case "drops", "ends", "begins": transfers += readTransfers(entry, place.scope)
      default: break
      }
    }
    // What is over ends before anything begins.
    transfers.sort { Self.rank($0.action) < Self.rank($1.action) }
    return statements.isEmpty && moves.isEmpty && transfers.isEmpty
      ? .empty : Hook(statements: statements, moves: moves, transfers: transfers)
  }

  private static func rank(_ action: TransferMove.Action) -> Int {
    switch action {
    case .drop: 0
    case .end: 1
    case .begin: 2
    }
  }

  // MARK: Rules

  private mutating func rule(_ entry: YAMLNode.Entry, _ place: HookPlace) -> Statement? {
    var body = entry.value
    if let entries = entry.value.entries {
      checkKeys(entries, Keys.rule)
      guard let expression = entry.value["is"] else {
        note(entry.keyMark, "a rule without `is`", "write {is: \"expression\", says: …}")
        return nil
      }
      body = expression
    }
    if let name = entry.value["name"] { note(name.mark, "the key of a rule is its name", "leave `name` out") }
    let program = program(body, place.scope, for: .condition)
    guard !program.isEmpty else { return nil }
    return statement(
      Shape(name: entry.key, mark: entry.keyMark, isGiven: true), entry, program, body.scalar ?? "", place)
  }

  /// `memory: state`, `memory: [states]` or `memory: {is: …}`.
  private mutating func need(_ entry: YAMLNode.Entry, _ place: HookPlace) -> Statement? {
    var body = entry.value
    if let entries = entry.value.entries {
      checkKeys(entries, Keys.rule)
      guard let wanted = entry.value["is"] else {
        note(entry.keyMark, "a need without `is`", "write {is: state, says: …}")
        return nil
      }
      body = wanted
    }
    guard let target = target(entry.keyNode, place.scope) else { return nil }
    let wanted = list(body)
    guard let program = membership(wanted, target) else { return nil }
    let words = wanted.compactMap(\.scalar).joined(separator: " or ")
    let given = entry.value["name"].flatMap { text($0) }
    var shape = Shape(
      name: given ?? "\(place.owner)-needs-\(target.name)", mark: entry.value["name"]?.mark ?? entry.keyMark,
      isGiven: given != nil)
    shape.isNeed = true
    return statement(shape, entry, program, "\(entry.key) is \(words)", place)
  }

  /// Whether the memory is one of what a need wants.
  private mutating func membership(_ wanted: [YAMLNode], _ target: Target) -> Program? {
    var ranges: [ClosedRange<Int64>] = []
    var texts: [UInt64] = []
    let states = target.memory.states
    for item in wanted {
      guard let word = text(item) else { return nil }
      if let index = states.firstIndex(of: word) {
        ranges.append(Int64(index)...Int64(index))
      } else if !states.isEmpty {
        note(
          item.mark, "'\(Diagnostic.shown(word))' is none of the states of \(target.name)",
          Spelling.suggestion(word, states, "states: \(states.joined(separator: ", "))"))
      } else if let number = Int64(word) {
        ranges.append(number...number)
      } else {
        texts.append(TextHash.of(word.utf8))
      }
    }
    if !ranges.isEmpty && !texts.isEmpty {
      note(wanted[0].mark, "numbers and texts in one need", "a memory keeps either")
      return nil
    }
    if ranges.isEmpty && texts.isEmpty { return nil }
    // The last key knows what the tests of all keys refer to.
    let known = target.keys.last ?? .empty
    let read: Program.Operation =
      target.keys.isEmpty ? .memory(target.memory.index) : .entry(memory: target.memory.index, keys: target.keys.count)
    let test: Program.Operation =
      texts.isEmpty
      ? .within(first: known.ranges.count, count: ranges.count) : .oneOf(first: known.texts.count, count: texts.count)
    return Program(
      target.keys.flatMap(\.operations) + [read, test], ranges: known.ranges + ranges, texts: known.texts + texts,
      arguments: known.arguments)
  }

  /// How a rule is named.
  private struct Shape {
    var name: String
    var mark: FileMark
    /// Whether the profile gives the name itself; others may come again.
    var isGiven: Bool
    var isNeed = false
  }

  private mutating func statement(
    _ shape: Shape, _ entry: YAMLNode.Entry, _ program: Program, _ expression: String, _ place: HookPlace
  ) -> Statement {
    checkRuleName(shape)
    let node = entry.value
    let source = source(of: node, inherited: place.source)
    let weight = severity(node) ?? place.severity
    let when = self.program(node["when"], place.scope, for: .condition)
    let says = node["says"].flatMap { text($0) } ?? ""
    let made = Statement(
      id: statements.count, rule: "\(layer.name).\(shape.name)", severity: weight, source: source, when: when,
      holds: program, expression: expression, says: says, values: placeholders(says, node["says"] ?? node, place.scope),
      advice: text(node, "do") ?? CommonAdvice.whatToDo(place.speaker, isNeed: shape.isNeed),
      speaker: place.speaker, isAfterMoves: flag(node, "after"),
      within: self.program(node["within"], place.scope, for: .duration))
    statements.append(made)
    return made
  }

  private mutating func checkRuleName(_ shape: Shape) {
    let isKebab = shape.name.utf8.allSatisfy { $0 == 0x2D || TextScanner.isDigit($0) || $0 >= 0x61 && $0 <= 0x7A }
    if shape.isGiven, shape.name.isEmpty || !isKebab {
      note(
        shape.mark, "'\(Diagnostic.shown(shape.name))' is no name for a rule",
        "use small letters, digits and -, after command and statement: csq-range")
    }
    let name = "\(layer.name).\(shape.name)"
    if let first = ruleNames[name], shape.isGiven, first != shape.mark {
      warn(shape.mark, "a second rule named '\(name)'", "the first is in \(first.file), line \(first.line)")
    }
    if shape.isGiven { ruleNames[name] = shape.mark }
  }

  /// The programs of the names in `{ }`.
  private mutating func placeholders(
    _ says: String, _ node: YAMLNode, _ scope: ExpressionScope
  ) -> [(name: String, program: Program)] {
    var values: [(name: String, program: Program)] = []
    let bytes = Array(says.utf8)
    var at = 0
    while let open = bytes[at...].firstIndex(of: 0x7B), let close = bytes[open...].firstIndex(of: 0x7D) {
      let name = String(decoding: bytes[(open + 1)..<close], as: UTF8.self)
      let (program, mistakes) = ExpressionParser.compile(name, in: scope, for: .value([]))
      for mistake in mistakes { note(mistake.moved(by: open + 1), in: node) }
      if !program.isEmpty { values.append((name, program)) }
      at = close + 1
    }
    return values
  }
}
