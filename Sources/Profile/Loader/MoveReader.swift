import Trace

/// Reads what is changed at one moment: `moves`, `begins`, `ends`, `drops`.
extension LayerReader {
  /// A memory that is spoken of, with its keys.
  struct Target {
    var name: String
    var memory: ExpressionScope.Memory
    var keys: [Program]
  }

  mutating func readMoves(_ node: YAMLNode, _ scope: ExpressionScope) -> [Move] {
    var moves: [Move] = []
    for item in list(node) {
      for entry in map(item) {
        if entry.key == "forget", memoryScope["forget"] == nil {
          moves += readForget(entry.value, scope)
        } else if entry.key == "reset", memoryScope["reset"] == nil {
          let isAlways = entry.value.scalar == "true"
          let condition = isAlways ? Program.empty : program(entry.value, scope, for: .condition)
          moves.append(Move(action: .restart(condition: condition)))
        } else if let move = readSet(entry, scope) {
          moves.append(move)
        }
      }
    }
    return moves
  }

  /// `name` or `name[key, key]`, with as many keys as the memory has (`partly`: or fewer).
  mutating func target(_ node: YAMLNode, _ scope: ExpressionScope, partly: Bool = false) -> Target? {
    guard let text = text(node) else { return nil }
    let found = ExpressionParser.target(text, in: scope)
    for mistake in found.mistakes { note(mistake, in: node) }
    guard found.mistakes.isEmpty else { return nil }
    guard let memory = memoryScope[found.name] else {
      note(
        LanguageError(
          0, "there is no memory '\(Diagnostic.shown(found.name))'",
          help: Spelling.suggestion(found.name, memoryScope.keys.sorted(), "declare it under memory:")), in: node)
      return nil
    }
    usedMemory.insert(memory.index)
    for key in found.keys { usedMemory.formUnion(key.memories) }
    let count = found.keys.count
    guard count == memory.keys || partly && count < memory.keys else {
      let wanted = memory.keys == 0 ? "no key" : memory.keys == 1 ? "1 key" : "2 keys"
      note(
        LanguageError(
          0, "'\(found.name)' has \(wanted), \(count) given",
          help: memory.keys == 0
            ? "leave the [ ] out" : memory.keys == 1 ? "write \(found.name)[key]" : "write \(found.name)[key, key]"),
        in: node)
      return nil
    }
    return Target(name: found.name, memory: memory, keys: found.keys)
  }

  // MARK: Forget

  /// A memory, a list of them, or conditions with such lists.
  private mutating func readForget(_ node: YAMLNode, _ scope: ExpressionScope) -> [Move] {
    guard let entries = node.entries else { return readForget(list(node), .empty, scope) }
    return entries.flatMap { entry in
      let condition = program(entry.keyNode, scope, for: .condition)
      return readForget(list(entry.value), condition, scope)
    }
  }

  private mutating func readForget(_ items: [YAMLNode], _ condition: Program, _ scope: ExpressionScope) -> [Move] {
    items.compactMap { item in
      guard let target = target(item, scope, partly: true) else { return nil }
      if target.keys.count > 1 {
        note(
          item.mark, "one entry cannot be forgotten",
          "set it: moves: {\"\(target.name)[…]\": unknown}; forget takes the first key alone")
        return nil
      }
      return Move(
        action: .forget(memory: target.memory.index, key: target.keys.first ?? .empty, condition: condition))
    }
  }

  // MARK: Set

  private mutating func readSet(_ entry: YAMLNode.Entry, _ scope: ExpressionScope) -> Move? {
    guard let target = target(entry.keyNode, scope) else { return nil }
    var cases: [(condition: Program, value: Program)] = []
    if let entries = entry.value.entries {
      if entries.isEmpty {
        note(entry.value.mark, "no value", "write a state, an expression, or {\"condition\": value}")
      }
      for one in entries {
        let condition = program(one.keyNode, scope, for: .condition)
        cases.append((condition, value(one.value, target.memory, scope)))
      }
    } else {
      cases.append((.empty, value(entry.value, target.memory, scope)))
    }
    return Move(action: .set(memory: target.memory.index, keys: target.keys, cases: cases))
  }

  /// Empty for `unknown`.
  private mutating func value(_ node: YAMLNode, _ memory: ExpressionScope.Memory, _ scope: ExpressionScope) -> Program {
    if node.scalar == "unknown" { return .empty }
    if let text = node.scalar, let index = memory.states.firstIndex(of: text) {
      return Program([.constant(.number(Int64(index)))])
    }
    return program(node, scope, for: .value(memory.states))
  }

  // MARK: Transfers

  mutating func readTransfers(_ entry: YAMLNode.Entry, _ scope: ExpressionScope) -> [TransferMove] {
    let action: TransferMove.Action = entry.key == "drops" ? .drop : entry.key == "ends" ? .end : .begin
    let use: ExpressionParser.Use = action == .begin ? .value([]) : .condition
    guard let entries = entry.value.entries else {
      return list(entry.value).compactMap { item in
        transferKind(item).map { TransferMove(action: action, kind: $0, program: .empty) }
      }
    }
    if action == .drop {
      note(entry.value.mark, "`drops` takes no condition", "write `drops: [pop3]`")
      return []
    }
    return entries.compactMap { one in
      transferKind(one.keyNode).map { kind in
        TransferMove(action: action, kind: kind, program: program(one.value, scope, for: use))
      }
    }
  }
}

extension Hook {
  /// All of them as one.
  static func joined(_ hooks: [Hook]) -> Hook {
    let present = hooks.filter { !$0.isEmpty }
    if present.count < 2 { return present.first ?? .empty }
    return Hook(
      statements: present.flatMap(\.statements), moves: present.flatMap(\.moves),
      transfers: present.flatMap(\.transfers))
  }
}
