import Trace

/// Reads data phases.
extension LayerReader {
  private static let decoders = ["bytes", "text", "pop3"]

  /// `line` is the signature of the line that the data follow; `scope` is what that line (or the form) can see.
  mutating func readData(
    _ node: YAMLNode, line: Signature?, _ place: LinePlace, _ scope: ExpressionScope
  ) -> DataSpec? {
    checkKeys(map(node), Keys.data)
    guard let framing = framing(node, line) else { return nil }
    let source = source(of: node, inherited: place.source)
    let kind = node["kind"].flatMap { transferKind($0) }
    let decoder = decoder(node)
    var hookPlace = HookPlace(scope: scope, owner: place.owner, source: source)
    hookPlace.scope.hasCopies = false
    hookPlace.scope.fields = PayloadEvent.partFieldNames.map { ExpressionScope.Name(name: $0, kind: .number) }
    let onEnd = hook(node["on-end"], hookPlace)
    var onEvent: [Hook] = []
    for event in PayloadEvent.allCases {
      // The id of a listing is known by its hash alone, so a field's kind is not known here.
      hookPlace.scope.fields = event.fieldNames.map { ExpressionScope.Name(name: $0, kind: .unknown) }
      let body = node["on-" + event.name]
      if let body, decoder != .pop3 {
        note(body.mark, "this payload decoder has no event '\(event.name)'", "only pop3 has it: as: pop3")
      }
      onEvent.append(hook(body, hookPlace))
    }
    let isNever = node["until"]?.scalar == "never"
    if let until = node["until"], kind == nil {
      note(until.mark, "`until` without a kind of transfer", "write `kind:`, or leave `until` out")
    }
    let spec = DataSpec(
      id: dataPhases.count, framing: framing, cancel: cancel(node), from: direction(node, framing), decoder: decoder,
      kind: kind, masked: node["mask"].map { choice($0, ["body"], "mask of data") != nil } ?? false,
      until: isNever ? .empty : program(node["until"], scope, for: .condition), untilEnded: isNever, onEnd: onEnd,
      onEvent: onEvent, source: source)
    dataPhases.append(spec)
    return spec
  }

  private mutating func framing(_ node: YAMLNode, _ line: Signature?) -> DataSpec.Framing? {
    if let counted = node["counted"] {
      if let ends = node["ends"] {
        note(ends.mark, "data that are counted need no other end", "leave `ends` or `counted` out")
      }
      return self.counted(counted, line)
    }
    guard let ends = node["ends"] else {
      note(node.mark, "data without an end", "write `counted: <value of the line>` or `ends: ctrl-z`")
      return nil
    }
    switch choice(ends, ["ctrl-z", "dot-line", "escape"], "end of data") {
    case "ctrl-z": return .ctrlZ
    case "dot-line": return .dotLine
    case "escape": return .escape
    default: return nil
    }
  }

  private mutating func counted(_ node: YAMLNode, _ line: Signature?) -> DataSpec.Framing? {
    guard let name = text(node) else { return nil }
    guard let line else {
      note(
        node.mark, "`counted` belongs to data behind a line",
        "use `ends`, or move `data` to the line that tells how many bytes follow")
      return nil
    }
    let names = line.parameters.filter { $0.base.isNamed }.map(\.name)
    guard let position = line.parameters.firstIndex(where: { $0.base.isNamed && $0.name == name }) else {
      note(
        node.mark, "'\(Diagnostic.shown(name))' is no value of the line",
        Spelling.suggestion(
          name, names, names.isEmpty ? "the line has no values" : "values: \(names.joined(separator: ", "))"))
      return nil
    }
    switch line.parameters[position].base {
    case .int, .limit, .any: break
    default: note(node.mark, "'\(name)' is no number", "data are counted by a value of type int")
    }
    return .counted(position: position)
  }

  private mutating func cancel(_ node: YAMLNode) -> UInt8? {
    guard let value = node["cancel"] else { return nil }
    return choice(value, ["esc"], "way to cancel") == nil ? nil : 0x1B
  }

  private mutating func direction(_ node: YAMLNode, _ framing: DataSpec.Framing) -> Direction {
    guard let from = node["from"] else {
      if framing != .escape { note(node.mark, "data that come from nowhere", "write `from: host` or `from: modem`") }
      return .unknown
    }
    switch choice(from, ["host", "modem", "both"], "side that data come from") {
    case "host": return .hostToModem
    case "modem": return .modemToHost
    default: break
    }
    if from.scalar == "both", framing != .escape {
      note(from.mark, "only data that end with `escape` go both ways", "write `from: host` or `from: modem`")
    }
    return .unknown
  }

  private mutating func decoder(_ node: YAMLNode) -> DataSpec.Decoder {
    guard let value = node["as"] else { return .bytes }
    switch choice(value, Self.decoders, "payload decoder") {
    case "text": return .text
    case "pop3": return .pop3
    default: return .bytes
    }
  }

  mutating func transferKind(_ node: YAMLNode) -> TransferKind? {
    choice(node, TransferKind.allCases.map(\.name), "kind of transfer").flatMap { TransferKind(name: $0) }
  }
}
