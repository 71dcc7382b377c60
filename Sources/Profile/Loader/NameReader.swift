import Trace

/// Names that mean something else than they seem to: commands that cannot be typed, memory of the base, values that hide
/// parameters, lines without their quotes.
extension LayerReader {
  // MARK: Commands

  mutating func checkName(_ name: String, _ item: YAMLNode.Entry) {
    let bytes = Array(name.utf8)
    if item.key.utf8.starts(with: "AT+".utf8) {
      note(item.keyMark, "the name of a command without AT", "write \(item.key.dropFirst(2))")
    } else if !Self.isTypable(bytes) {
      note(
        item.keyMark, "'\(Diagnostic.shown(item.key))' is no name of a command",
        "write it without AT, = and ?: a sign and a name (+CSQ), or a basic command (E, &C, S3)")
    } else if bytes.contains(where: { $0 >= 0x61 && $0 <= 0x7A }) {
      warn(
        item.keyMark, "the name of a command in small letters",
        "write \(Diagnostic.shown(name.uppercased())); any case is taken")
    }
  }

  /// Whether a command line can hold the name as one command.
  private static func isTypable(_ name: [UInt8]) -> Bool {
    guard let first = name.first, name.count <= 64 else { return false }
    switch first {
    case 0x2B, 0x5E, 0x23, 0x24, 0x2A, 0x25, 0x21, 0x40, 0x2D, 0x5F:
      return name.count > 1 && name.dropFirst().allSatisfy { isInName($0) } && name.contains { TextScanner.isWord($0) }
    case 0x26, 0x5C: return name.count == 2 && CommandFamily.isLetter(name[1])
    default:
      let isRegister = first | 0x20 == 0x73 && name.dropFirst().allSatisfy { TextScanner.isDigit($0) }
      return CommandFamily.isLetter(first) && (name.count == 1 || isRegister)
    }
  }

  /// V.250 5.4.1 has letters, digits and these signs in the names of extended commands.
  private static func isInName(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x21, 0x25, 0x2D, 0x2E, 0x2F, 0x3A, 0x5F: true
    default: TextScanner.isWord(byte)
    }
  }

  // MARK: Memory

  /// A memory of the base under the same name is one and the same.
  mutating func checkShared(_ item: YAMLNode.Entry) {
    let isKnown = memoryScope[item.key] != nil
    guard layer.isOwn || isKnown else { return }
    let isShared = flag(item.value, "shared")
    if isKnown, !isShared {
      warn(
        item.keyMark,
        "the extended profile has a memory '\(Diagnostic.shown(item.key))' too, and what it does to it counts here",
        "write `shared: true` where that is meant, else choose another name")
    } else if !isKnown, isShared {
      note(
        item.keyMark, "the extended profile has no memory '\(Diagnostic.shown(item.key))' to share",
        Spelling.suggestion(item.key, memoryScope.keys.sorted(), "leave `shared` out"))
    }
  }

  /// Memory that nothing looks at and nothing changes.
  mutating func checkUnused() {
    // What could not be read may use it.
    guard !ownProblems.contains(where: { $0.severity == .error }) else { return }
    for entry in ownMemory {
      guard let index = memoryScope[entry.name]?.index, !usedMemory.contains(index) else { continue }
      warn(entry.mark, "nothing reads or moves the memory '\(Diagnostic.shown(entry.name))'", "leave it out, or use it")
    }
  }

  /// A state that a memory of the same name hides: in expressions the name means that memory.
  mutating func checkHiddenStates() {
    for entry in ownMemory {
      let owners = memoryScope.keys.sorted().filter { memoryScope[$0]?.states.contains(entry.name) ?? false }
      guard let owner = owners.first else { continue }
      warn(
        entry.mark,
        "the memory '\(Diagnostic.shown(entry.name))' hides the state of that name of '\(Diagnostic.shown(owner))' in expressions",
        "give one of them another name")
    }
    for entry in ownMemory {
      for state in memoryScope[entry.name]?.states ?? [] {
        guard memoryScope[state] != nil, !ownMemory.contains(where: { $0.name == state }) else { continue }
        warn(
          entry.mark, "the memory '\(Diagnostic.shown(state))' hides this state in expressions",
          "give the state another name")
      }
    }
  }

  // MARK: Values and parameters

  /// In lines the values of the line come first: a parameter of the same name is out of reach.
  mutating func checkHidden(_ node: YAMLNode?, _ scope: ExpressionScope, isCondition: Bool) {
    guard let node, let text = node.scalar, !scope.fields.isEmpty, !scope.parameters.isEmpty else { return }
    let both = Set(scope.fields.map(\.name)).intersection(scope.parameters.map(\.name)).subtracting([""])
    guard !both.isEmpty else { return }
    var words = TextScanner(text)
    var isAsked = false
    while !words.isAtEnd {
      if words.take("'") {
        _ = words.prefix { $0 != 0x27 }
        _ = words.take("'")
        continue
      }
      let start = words.at
      let word = words.name()
      if word.isEmpty {
        if words.peek != 0x28, words.peek != 0x20 { isAsked = false }
        words.at += 1
        continue
      }
      if both.contains(word), isCondition != isAsked {
        note(
          LanguageError(
            start, "'\(word)' is the value of the line here, and hides the parameter of that name",
            help: "give one of them another name", severity: .warning), in: node)
        return
      }
      isAsked = word == "given"
    }
  }

  // MARK: Lines

  /// `gives: [+NAME: <a:int>]`: without quotes YAML takes the line for a key and its value.
  mutating func isUnquotedLine(_ node: YAMLNode) -> Bool {
    guard let entries = node.entries, let first = entries.first, node["line"] == nil, node["of"] == nil,
      !Keys.line.contains(first.key), entries.count == 1 || LineParser.isSign(first.key.utf8.first ?? 0)
    else { return false }
    let value = first.value.scalar ?? ""
    guard LineParser.isSign(first.key.utf8.first ?? 0) || value.utf8.first == 0x3C else { return false }
    note(
      first.keyMark, "a line without quotes, which YAML takes for a key and its value",
      "put it in quotes: \"\(Diagnostic.shown(first.key)): \(Diagnostic.shown(value))\"")
    return true
  }
}
