import Trace

/// Reads lines of the modem.
extension LayerReader {
  /// Whose line it is.
  struct LinePlace {
    var role: LineSpec.Role
    var source: Source
    var command = -1
    var parameters = Signature.none
    /// The first part of the names of its rules; empty: made from the line.
    var owner = ""
    /// The command whose setting it shows; empty: its own.
    var of = ""
    var speaker = Direction.modemToHost
  }

  /// More than one for a line with a choice of values in its prefix; none where it cannot be read.
  mutating func readLines(_ node: YAMLNode, _ place: LinePlace, depth: Int = 0) -> [LineSpec] {
    if isUnquotedLine(node) { return [] }
    if let entries = node.entries { checkKeys(entries, Keys.line) }
    if let of = node["of"] { return list(of).flatMap { readLine(of: $0, node, place, depth) } }
    guard let body = node.entries == nil ? node : node["line"] else {
      note(node.mark, "a line without `line:`", "write \"+NAME: <value:int>\" or {line: \"+NAME: <value:int>\", …}")
      return []
    }
    guard let written = text(body) else { return [] }
    checkPlace(node, place)
    let (pattern, inline) = Self.inlinePayload(member?.line(written) ?? written)
    if inline != nil, node["data"] == nil {
      note(body.mark, "a payload that nothing reads", "say how many bytes it has: data: {counted: …, from: modem}")
    }
    return readLines(node, body, pattern, inline, place, depth)
  }

  /// The line that the read form of another command gives.
  private mutating func readLine(
    of name: YAMLNode, _ node: YAMLNode, _ place: LinePlace, _ depth: Int
  ) -> [LineSpec] {
    guard let written = text(name) else { return [] }
    let key = (member?.line(written) ?? written).uppercased()
    guard let found = readLines[key] else {
      note(
        name.mark, "no command '\(Diagnostic.shown(key))' has a read form with a line",
        Spelling.suggestion(key, readLines.keys.sorted(), "declare it, with read: {gives: …}"))
      return []
    }
    var inner = place
    inner.of = key
    return readLines(node, name, found.member?.line(found.pattern) ?? found.pattern, nil, inner, depth)
  }

  private mutating func readLines(
    _ node: YAMLNode, _ body: YAMLNode, _ pattern: String, _ inline: UInt8?, _ place: LinePlace, _ depth: Int
  ) -> [LineSpec] {
    var shapes: [LineParser.Line] = []
    do throws(LanguageError) {
      shapes = try LineParser(signatures: SignatureParser(types: types)).lines(pattern)
    } catch {
      note(error, in: body)
      return []
    }
    if place.role == .unsolicited, depth == 0, let shape = shapes.first, shape.prefix.isEmpty, !shape.isText,
      shape.template == nil
    {
      note(
        body.mark, "values alone tell no line that nobody asked for",
        "put words or a prefix before them: \"+NAME: <value:int>\"; a late result belongs under `then`")
      return []
    }
    let noted = (ownProblems.count, baseProblems.count)
    var made: [LineSpec] = []
    for shape in shapes {
      made.append(readLine(node, pattern, shape, inline, place, depth))
      // What is wrong with one variant is wrong with all.
      if noted != (ownProblems.count, baseProblems.count) { break }
    }
    return made
  }

  private mutating func readLine(
    _ node: YAMLNode, _ pattern: String, _ shape: LineParser.Line, _ inline: UInt8?, _ place: LinePlace, _ depth: Int
  ) -> LineSpec {
    var inner = place
    inner.source = source(of: node, inherited: place.source)
    if inner.owner.isEmpty { inner.owner = Self.ruleName(shape.prefix) }
    if place.role == .unsolicited, inner.source.section.isEmpty {
      warn(node.mark, "an unsolicited line without a section", "cite the clause it comes from: section: \"2.1\"")
    }
    var scope = scope(parameters: place.parameters)
    scope.fields = ExpressionScope.names(of: shape.signature)
    scope.constants += shape.constants
    scope.hasCopies = true
    let phases = readPhases(node, line: shape.signature, inner, scope)
    let next = node["next"].flatMap { readNext($0, inner, depth) }
    let when = program(node["when"], scope, for: .condition)
    checkHidden(node["when"], scope, isCondition: true)
    let fails = program(node["fails"], scope, for: .condition)
    let times = readTimes(node["times"])
    let hook = hook(
      in: node,
      HookPlace(
        scope: scope, owner: inner.owner, source: inner.source, severity: severity(node) ?? .error,
        speaker: place.speaker))
    let line = LineSpec(
      id: lines.count, role: place.role, pattern: LineParser.plain(pattern), prefix: shape.prefix, isText: shape.isText,
      signature: shape.signature, times: times, when: when, fails: fails, phases: phases, hook: hook,
      source: inner.source,
      resets: flag(node, "reset"), endsWaits: flag(node, "ends-waits"), command: place.command, next: next,
      inlineAfter: inline, template: shape.template, aliases: lineAliases(node), mayEnd: flag(node, "may-end"),
      hasResult: flag(node, "result"), of: Array(place.of.utf8))
    lines.append(line)
    return line
  }

  private mutating func lineAliases(_ node: YAMLNode) -> [[UInt8]] {
    guard let aliases = node["aliases"] else { return [] }
    return strings(aliases).map { Array($0.utf8) }
  }

  /// `+NAME: <len:int>,<data:payload>`: the bytes follow in the same line, behind this separator.
  private static func inlinePayload(_ pattern: String) -> (pattern: String, separator: UInt8?) {
    let bytes = Array(pattern.utf8)
    guard pattern.hasSuffix(":payload>"), let open = bytes.lastIndex(of: 0x3C), open > 0,
      bytes[open - 1] == 0x2C || bytes[open - 1] == 0x20
    else { return (pattern, nil) }
    return (String(decoding: bytes[..<(open - 1)], as: UTF8.self), bytes[open - 1])
  }

  /// The line that must follow.
  private mutating func readNext(_ node: YAMLNode, _ place: LinePlace, _ depth: Int) -> LineSpec? {
    guard depth < 4 else {
      note(node.mark, "too many lines behind one another", "at most 4")
      return nil
    }
    return readLines(node, place, depth: depth + 1).first
  }

  private mutating func checkPlace(_ node: YAMLNode, _ place: LinePlace) {
    if place.role != .information, let times = node["times"] {
      warn(times.mark, "`times` counts lines of an answer only", "leave it out")
    }
    if place.role == .unsolicited {
      if let when = node["when"] { warn(when.mark, "`when` chooses lines of an answer only", "leave it out") }
      return
    }
    if place.role == .late, let ends = node["may-end"] {
      note(ends.mark, "`may-end` belongs to lines of an answer", "a late result comes when the command is over")
    }
    for key in ["reset", "ends-waits"] {
      if let value = node[key] {
        note(value.mark, "`\(key)` belongs to unsolicited lines", "move the line to unsolicited:")
      }
    }
  }

  /// `1`, `0..1`, `1..`
  private mutating func readTimes(_ node: YAMLNode?) -> ClosedRange<Int> {
    guard let node, let text = text(node) else { return 1...1 }
    var scanner = TextScanner(text)
    if let low = scanner.number(), (0...1_000_000).contains(low) {
      if scanner.isAtEnd, low > 0 { return Int(low)...Int(low) }
      if scanner.take("..") {
        if scanner.isAtEnd { return Int(low)...Int.max }
        if let high = scanner.number(), high >= max(low, 1), scanner.isAtEnd { return Int(low)...Int(clamping: high) }
      }
    }
    note(node.mark, "'\(Diagnostic.shown(text))' is no number of times", "write 1, \"0..1\", \"0..\" or \"1..\"")
    return 0...Int.max
  }

  mutating func severity(_ node: YAMLNode) -> Severity? {
    guard let value = node["severity"] else { return nil }
    return choice(value, Severity.allCases.reversed().map(\.name), "severity").flatMap { Severity(name: $0) }
  }
}
