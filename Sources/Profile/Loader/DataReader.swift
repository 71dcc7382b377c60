import Trace

/// Reads data phases.
extension LayerReader {
  private static let decoders = ["bytes", "text", "lines", "pop3", "sms", "ppp"]
  private static let ends = ["ctrl-z", "dot-line", "escape", "dle-etx", "xmodem", "line", "mux"]

  /// One data phase, or a list of them, each with its condition.
  mutating func readPhases(
    _ owner: YAMLNode, line: Signature?, _ place: LinePlace, _ scope: ExpressionScope
  ) -> [DataSpec] {
    guard let node = owner["data"] else { return [] }
    let items = list(node)
    for item in items.dropLast() where item.entries != nil && item["when"] == nil {
      warn(
        item.mark, "data without a condition before others, which are never taken", "write `when: …`, or put it last")
    }
    return items.compactMap { readData($0, line: line, place, scope) }
  }

  /// `line` is the signature of the line that the data follow; `scope` is what that line (or the form) can see.
  mutating func readData(
    _ node: YAMLNode, line: Signature?, _ place: LinePlace, _ scope: ExpressionScope
  ) -> DataSpec? {
    checkKeys(map(node), Keys.data)
    guard let framing = framing(node, counting(node, line, place)) else { return nil }
    let source = source(of: node, inherited: place.source)
    let kind = node["kind"].flatMap { transferKind($0) }
    let otherKinds = (node["kind-when"].map { map($0) } ?? []).compactMap { entry in
      transferKind(entry.keyNode).map { (kind: $0, when: program(entry.value, self.scope(), for: .condition)) }
    }
    let decoder = decoder(node)
    var hookPlace = HookPlace(scope: scope, owner: place.owner, source: source)
    hookPlace.scope.hasCopies = false
    hookPlace.speaker = Self.speaker(node)
    hookPlace.scope.fields = PayloadEvent.partFieldNames.map { ExpressionScope.Name(name: $0, kind: .number) }
    let onEnd = hook(node["on-end"], hookPlace)
    var onEvent: [Hook] = []
    for event in PayloadEvent.allCases {
      // The id of a listing is known by its hash alone, so a field's kind is not known here.
      hookPlace.scope.fields = event.fieldNames.map { ExpressionScope.Name(name: $0, kind: .unknown) }
      let body = node["on-" + event.name]
      if let body, !Self.events(of: decoder, framing).contains(event) {
        note(
          body.mark, "this payload decoder has no event '\(event.name)'",
          "it belongs to as: pop3, as: sms, as: ppp, as: lines or ends: xmodem")
      }
      onEvent.append(hook(body, hookPlace))
    }
    let isNever = node["until"]?.scalar == "never"
    if let until = node["until"], kind == nil {
      note(until.mark, "`until` without a kind of transfer", "write `kind:`, or leave `until` out")
    }
    let spec = DataSpec(
      id: dataPhases.count, framing: framing, cancel: cancel(node), from: direction(node, framing), decoder: decoder,
      kind: kind, otherKinds: otherKinds,
      masked: node["mask"].map { choice($0, ["body"], "mask of data") != nil } ?? false,
      until: isNever ? .empty : program(node["until"], scope, for: .condition), untilEnded: isNever,
      countsParameter: line.map { node["counted"] != nil && !Self.names($0, node["counted"]) } ?? true,
      announces: announced(node, line ?? place.parameters), name: carriedName(node, place),
      when: program(node["when"], scope, for: .condition),
      shielded: only(.dleEtx, node, "shielded", framing, scope),
      unstuff: only(.escape, node, "unstuff", framing, scope),
      closers: closers(node, framing), endsForGood: flag(node, "for-good"), isSilent: flag(node, "silent"),
      echoesEnd: flag(node, "echoed-end"), onEnd: onEnd, onEvent: onEvent,
      source: source)
    dataPhases.append(spec)
    return spec
  }

  /// Where the count stands: in the line, or else among the parameters of its command.
  private func counting(_ node: YAMLNode, _ line: Signature?, _ place: LinePlace) -> Signature {
    guard let line, Self.names(line, node["counted"]) || !Self.names(place.parameters, node["counted"]) else {
      return place.parameters
    }
    return line
  }

  private static func names(_ signature: Signature, _ counted: YAMLNode?) -> Bool {
    guard let name = counted?.scalar else { return false }
    return signature.parameters.contains { $0.base.isNamed && $0.name == name }
  }

  private static func events(of decoder: DataSpec.Decoder, _ framing: DataSpec.Framing) -> [PayloadEvent] {
    if framing == .xmodem { return [.block, .xmodemEnd] }
    if framing == .mux { return [.mux] }
    switch decoder {
    case .pop3: return [.listing, .uid, .mailEnd]
    case .sms: return [.sms]
    case .lines: return [.line]
    case .ppp: return [.ppp, .pppEnd]
    case .bytes, .text: return []
    }
  }

  /// A condition that only one framing knows.
  private mutating func only(
    _ framing: DataSpec.Framing, _ node: YAMLNode, _ key: String, _ own: DataSpec.Framing, _ scope: ExpressionScope
  ) -> Program {
    guard let value = node[key] else { return .empty }
    if own != framing, own != .mux || framing != .escape {
      note(
        value.mark, "`\(key)` has no meaning for these data",
        "it belongs to ends: \(framing == .dleEtx ? "dle-etx" : "escape")")
    }
    return program(value, scope, for: .condition)
  }

  /// Which value tells the length of a PDU.
  private mutating func announced(_ node: YAMLNode, _ signature: Signature) -> Int {
    guard let value = node["announces"], let text = text(value) else { return -1 }
    if let position = signature.position(of: text) { return position }
    let names = signature.parameters.map(\.name)
    note(
      value.mark, "'\(Diagnostic.shown(text))' is no value of the line or command",
      Spelling.suggestion(text, names, names.isEmpty ? "it has none" : "values: \(names.joined(separator: ", "))"))
    return -1
  }

  /// Which parameter of the command names the file.
  private mutating func carriedName(_ node: YAMLNode, _ place: LinePlace) -> Int {
    guard let value = node["name"], let text = text(value) else { return -1 }
    if let position = place.parameters.position(of: text) { return position }
    let names = place.parameters.parameters.map(\.name)
    note(
      value.mark, "'\(Diagnostic.shown(text))' is no parameter of the command",
      Spelling.suggestion(text, names, names.isEmpty ? "it has none" : "parameters: \(names.joined(separator: ", "))"))
    return -1
  }

  private mutating func closers(_ node: YAMLNode, _ framing: DataSpec.Framing) -> [DataSpec.Closer] {
    guard let value = node["closed-by"] else { return [] }
    if framing != .escape, framing != .dleEtx {
      note(value.mark, "`closed-by` has no meaning for these data", "it belongs to ends: escape and ends: dle-etx")
    }
    var closers: [DataSpec.Closer] = []
    for item in list(value) {
      guard let text = text(item), !text.isEmpty, text.utf8.count <= Self.longestCloser else {
        note(item.mark, "no line that could end data", "write the line as the modem prints it, at most 64 bytes")
        continue
      }
      closers.append(
        DataSpec.Closer(text: Array(text.uppercased().utf8), isPrefix: text.utf8.last == UInt8(ascii: ":")))
    }
    return closers
  }

  private static let longestCloser = 64

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
    switch choice(ends, Self.ends, "end of data") {
    case "ctrl-z": return .ctrlZ
    case "dot-line": return .dotLine
    case "escape": return .escape
    case "dle-etx": return .dleEtx
    case "xmodem": return .xmodem
    case "line": return .line
    case "mux": return .mux
    default: return nil
    }
  }

  private mutating func counted(_ node: YAMLNode, _ line: Signature?) -> DataSpec.Framing? {
    guard let name = text(node) else { return nil }
    guard let line else {
      note(
        node.mark, "`counted` belongs to data behind a line or a prompt",
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

  private static func speaker(_ node: YAMLNode) -> Direction {
    switch node["from"]?.scalar {
    case "host": .hostToModem
    case "modem": .modemToHost
    default: .unknown
    }
  }

  private mutating func direction(_ node: YAMLNode, _ framing: DataSpec.Framing) -> Direction {
    guard let from = node["from"] else {
      if framing != .escape, framing != .dleEtx {
        note(node.mark, "data that come from nowhere", "write `from: host` or `from: modem`")
      }
      return .unknown
    }
    switch choice(from, ["host", "modem", "both"], "side that data come from") {
    case "host": return .hostToModem
    case "modem": return .modemToHost
    default: break
    }
    if from.scalar == "both", framing != .escape, framing != .dleEtx, framing != .mux {
      note(
        from.mark, "only data that end with `escape` or `dle-etx` go both ways", "write `from: host` or `from: modem`")
    }
    return .unknown
  }

  private mutating func decoder(_ node: YAMLNode) -> DataSpec.Decoder {
    guard let value = node["as"] else { return .bytes }
    switch choice(value, Self.decoders, "payload decoder") {
    case "text": return .text
    case "pop3": return .pop3
    case "sms": return .sms
    case "ppp": return .ppp
    case "lines": return .lines
    default: return .bytes
    }
  }

  mutating func transferKind(_ node: YAMLNode) -> TransferKind? {
    choice(node, TransferKind.allCases.map(\.name), "kind of transfer").flatMap { TransferKind(name: $0) }
  }
}
