import Trace

/// Reads lines of the modem and the data phases behind them.
extension LayerReader {
  mutating func readLine(
    _ node: YAMLNode, role: LineSpec.Role, command: Int, parameters: Signature, source inherited: Source, owner: String
  ) -> LineSpec? {
    if node.entries != nil { for entry in map(node) { checkKey(entry, Keys.line) } }
    guard let body = node.scalar != nil ? node : node["line"], let pattern = text(body) else {
      if node.scalar == nil, node["line"] == nil {
        note(node.mark, "a line without `line:`", "write \"+NAME: <value:int>\" or {line: …}")
      }
      return nil
    }
    var shape = SignatureParser.Line(prefix: [], isText: false, signature: .none)
    do throws(LanguageError) {
      shape = try signatureParser.line(pattern)
    } catch {
      note(error, in: body)
      return nil
    }
    let source = source(of: node, inherited: inherited)
    let scope = scope(fields: shape.signature.parameters.map(\.name), parameters: parameters)
    let name = owner == "unsolicited" ? Self.ruleName(shape.prefix) : owner
    let data = node["data"].flatMap {
      readData($0, line: shape.signature, parameters: parameters, source: source, owner: name)
    }
    let next = node["next"].flatMap {
      readLine($0, role: role, command: command, parameters: parameters, source: source, owner: owner)
    }
    let when = expression(node["when"], scope)
    let fails = expression(node["fails"], scope)
    let times = times(node["times"])
    let hook = node.entries == nil ? .empty : hook(in: node, scope: scope, owner: name, source: source)
    let line = LineSpec(
      id: lines.count, role: role, pattern: Self.plain(pattern), prefix: shape.prefix, isText: shape.isText,
      signature: shape.signature, times: times, when: when, fails: fails, data: data, hook: hook, source: source,
      resets: node["reset"]?.scalar == "true", endsWaits: node["ends-waits"]?.scalar == "true", command: command,
      next: next)
    lines.append(line)
    return line
  }

  private static func ruleName(_ prefix: [UInt8]) -> String {
    String(decoding: prefix, as: UTF8.self).lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
  }

  /// The pattern as a manual would print it: names without types.
  static func plain(_ pattern: String) -> String {
    var result = ""
    var inType = false
    var quoted = false
    for character in pattern {
      if inType {
        if character == "\"" { quoted.toggle() }
        if character == ">", !quoted {
          inType = false
          result.append(character)
        }
      } else if character == ":", result.contains("<"), result.lastIndex(of: "<").map({ !result[$0...].contains(">") }) == true {
        inType = true
        quoted = false
      } else {
        result.append(character)
      }
    }
    return result
  }

  /// `1`, `0..1`, `1..`
  private mutating func times(_ node: YAMLNode?) -> ClosedRange<Int> {
    guard let node, let text = node.scalar else { return 1...1 }
    var scanner = TextScanner(text)
    if let low = scanner.number(), low >= 0, low < 1_000_000 {
      if scanner.isAtEnd { return Int(low)...Int(low) }
      if scanner.take("..") {
        if scanner.isAtEnd { return Int(low)...Int.max }
        if let high = scanner.number(), high >= low, scanner.isAtEnd { return Int(low)...Int(high) }
      }
    }
    note(node.textMark, "'\(Diagnostic.shown(text))' is no number of times", "1, \"0..1\", \"0..\" or \"1..\"")
    return 0...Int.max
  }

  // MARK: Data

  mutating func readData(
    _ node: YAMLNode, line: Signature?, parameters: Signature, source: Source, owner: String
  ) -> DataSpec? {
    let events = PayloadEvent.allCases.map { "on-" + $0.name }
    for entry in map(node) { checkKey(entry, Keys.data + events) }
    guard let framing = framing(node, line) else { return nil }
    let kind = node["kind"].flatMap { item in text(item).flatMap { transferKind($0, item.textMark) } }
    let part = scope(fields: PayloadEvent.partFieldNames, parameters: parameters)
    let lineScope = scope(fields: line?.parameters.map(\.name) ?? [], parameters: parameters)
    let isNever = node["until"]?.scalar == "never"
    let onEnd = hook(node["on-end"], scope: part, owner: owner, source: source)
    var onEvent: [Hook] = []
    for event in PayloadEvent.allCases {
      let eventScope = scope(fields: event.fieldNames, parameters: parameters)
      onEvent.append(hook(node["on-" + event.name], scope: eventScope, owner: owner, source: source))
    }
    let spec = DataSpec(
      id: dataPhases.count, framing: framing, cancel: node["cancel"]?.scalar == "esc" ? 0x1B : nil,
      from: direction(node["from"]), decoder: decoder(node["as"]), kind: kind, masked: node["mask"] != nil,
      until: isNever ? .empty : expression(node["until"], lineScope), untilEnded: isNever, onEnd: onEnd,
      onEvent: onEvent, source: self.source(of: node, inherited: source))
    dataPhases.append(spec)
    return spec
  }

  private mutating func framing(_ node: YAMLNode, _ line: Signature?) -> DataSpec.Framing? {
    if let counted = node["counted"], let name = text(counted) {
      guard let line else {
        note(counted.mark, "nothing before the data could be counted", "`counted` belongs to a line; use `ends`")
        return nil
      }
      guard let position = line.position(of: name) else {
        note(
          counted.textMark, "'\(Diagnostic.shown(name))' is no value of the line",
          TypeParser.suggestion(name, line.parameters.map(\.name), "name the value that tells the number of bytes"))
        return nil
      }
      return .counted(position: position)
    }
    guard let ends = node["ends"], let text = text(ends) else {
      note(node.mark, "data without an end", "write `counted: <field>` or `ends: ctrl-z`")
      return nil
    }
    switch text {
    case "ctrl-z": return .ctrlZ
    case "dot-line": return .dotLine
    case "escape": return .escape
    default:
      note(
        ends.textMark, "'\(Diagnostic.shown(text))' is no end of data",
        TypeParser.suggestion(text, ["ctrl-z", "dot-line", "escape"], "ctrl-z, dot-line or escape"))
      return nil
    }
  }

  private mutating func direction(_ node: YAMLNode?) -> Direction {
    switch node?.scalar {
    case "host": return .hostToModem
    case "modem": return .modemToHost
    case "both": return .unknown
    default:
      if let node { note(node.mark, "data come from host, modem or both", "from: modem") }
      return .hostToModem
    }
  }

  private mutating func decoder(_ node: YAMLNode?) -> DataSpec.Decoder {
    switch node?.scalar {
    case nil, "bytes": return .bytes
    case "text": return .text
    case "pop3": return .pop3
    case .some(let name):
      if let node {
        note(
          node.textMark, "there is no payload decoder '\(Diagnostic.shown(name))'",
          TypeParser.suggestion(name, ["bytes", "text", "pop3"], "bytes, text or pop3"))
      }
      return .bytes
    }
  }
}
