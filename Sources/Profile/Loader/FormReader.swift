import Trace

/// Reads one form of a command.
extension LayerReader {
  mutating func readForm(_ node: YAMLNode, _ form: Form, _ command: CommandPlace) -> FormSpec {
    checkKeys(map(node), Keys.form)
    let source = source(of: node, inherited: command.source)
    let takes = readTakes(node, form) ?? .none
    defer { knowsParameters = true }
    var place = LinePlace(role: .information, source: source)
    place.command = command.index
    place.parameters = takes
    place.owner = command.owner
    let scope = scope(parameters: takes)
    let moment = HookPlace(scope: scope, owner: command.owner, source: source)
    let gives = node["gives"].map { list($0) } ?? []
    let given = gives.flatMap { readLines($0, place) }
    place.role = .late
    let late = node["then"].map { list($0) } ?? []
    let promised = late.flatMap { readLines($0, place) }
    checkLate(node)
    // Rules of the form itself are checked when it is sent; its moves are done when it succeeded.
    let own = hook(in: node, moment)
    let sent = hook(node["on-sent"], moment)
    let ok = hook(node["on-ok"], moment)
    return FormSpec(
      form: form, source: source, note: text(node, "note") ?? "", takes: takes, gives: given, late: promised,
      lateWithin: program(node["then-within"], scope, for: .duration), instead: readInsteads(node["instead"]),
      endsWaits: readEndedWaits(node["ends-waits"]),
      lateInAnyOrder: node["then-order"].map { choice($0, ["any"], "order of OK and late result") != nil } ?? false,
      prompt: (text(node, "prompt") ?? "").utf8.filter { $0 != 0x20 },
      promptWhen: program(node["prompt-when"], scope, for: .condition),
      data: node["data"].flatMap { readData($0, line: nil, place, scope) }, finals: readFinals(node),
      within: limit(node, scope) ?? command.within, abortable: flag(node, "abortable"),
      reports: readReports(node, form), onSent: Hook.joined([Hook(statements: own.statements), sent]),
      onOK: Hook.joined([Hook(moves: own.moves, transfers: own.transfers), ok]),
      onError: hook(node["on-error"], moment), onMissing: hook(node["on-missing"], moment))
  }

  private mutating func readTakes(_ node: YAMLNode, _ form: Form) -> Signature? {
    guard let takes = node["takes"], let text = text(takes) else { return Signature.none }
    guard form == .write else {
      note(
        takes.mark, "the \(form.name) form takes no parameters",
        "parameters belong to write; exec is the command without any")
      return Signature.none
    }
    do throws(LanguageError) {
      return try SignatureParser(types: types).signature(text)
    } catch {
      note(error, in: takes)
      knowsParameters = false
      return nil
    }
  }

  /// What belongs to a late result needs one.
  private mutating func checkLate(_ node: YAMLNode) {
    guard node["then"] == nil else { return }
    for key in ["then-within", "then-order", "instead", "on-missing"] {
      if let value = node[key] {
        note(value.mark, "\(key) without a late result", "write `then: \"+NAME: <value:int>\"`")
      }
    }
  }

  private mutating func readInsteads(_ node: YAMLNode?) -> [[UInt8]] {
    guard let node else { return [] }
    var prefixes: [[UInt8]] = []
    for item in list(node) {
      guard let text = text(item) else { continue }
      var bytes = Array(text.utf8.prefix { $0 != 0x3A })
      while bytes.last == 0x20 { bytes.removeLast() }
      prefixes.append(bytes)
      if layer.isOwn { insteads.append((bytes, item.mark)) }
    }
    return prefixes
  }

  /// Commands whose late results are not to be expected any more once this one has succeeded.
  private mutating func readEndedWaits(_ node: YAMLNode?) -> [String] {
    guard let node else { return [] }
    var names: [String] = []
    for item in list(node) {
      guard let name = text(item) else { continue }
      if commandNames.contains(name) {
        names.append(name)
      } else {
        note(
          item.mark, "there is no command '\(Diagnostic.shown(name))'",
          Spelling.suggestion(name, commandNames.sorted(), "name a command as it stands under commands:"))
      }
    }
    return names
  }

  /// An empty list: nothing comes behind the data.
  private mutating func readFinals(_ form: YAMLNode) -> FormSpec.Finals {
    guard let node = form["finals"] else { return [.ok, .error] }
    var finals: FormSpec.Finals = []
    for item in list(node) {
      switch choice(item, ["OK", "ERROR", "CONNECT"], "final result") {
      case "OK": finals.insert(.ok)
      case "ERROR": finals.insert(.error)
      case "CONNECT": finals.insert(.connect)
      default: break
      }
    }
    if finals.isEmpty, form["data"] == nil {
      note(node.mark, "a form without any final result", "write at least one of OK, ERROR, CONNECT")
    }
    return finals
  }

  private mutating func readReports(_ node: YAMLNode, _ form: Form) -> Bool {
    guard let reports = node["reports"], choice(reports, ["write"], "form to report") != nil else { return false }
    if form != .read { note(reports.mark, "only the read form reports", "move it to read:") }
    return form == .read
  }
}
