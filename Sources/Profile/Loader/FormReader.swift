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
    var moment = HookPlace(scope: scope, owner: command.owner, source: source)
    moment.speaker = .hostToModem
    let gives = node["gives"].map { list($0) } ?? []
    let given = gives.flatMap { readLines($0, place) }
    place.role = .late
    let late = node["then"].map { list($0) } ?? []
    let promised = late.flatMap { readLines($0, place) }
    checkLate(node)
    // Rules of the form itself are checked when it is sent; its moves are done when it succeeded.
    let own = hook(in: node, moment)
    let finals = readFinals(node)
    checkPrompt(node)
    let sent = hook(node["on-sent"], moment)
    moment.speaker = .modemToHost
    let ok = hook(node["on-ok"], moment)
    return FormSpec(
      form: form, source: source, note: text(node, "note") ?? "", takes: takes, gives: given, late: promised,
      lateWithin: program(node["then-within"], scope, for: .duration), instead: readInsteads(node["instead"]),
      endsWaits: readEndedWaits(node["ends-waits"]),
      lateInAnyOrder: node["then-order"].map { choice($0, ["any"], "order of OK and late result") != nil } ?? false,
      prompt: (text(node, "prompt") ?? "").utf8.filter { $0 != 0x20 },
      promptWhen: program(node["prompt-when"], scope, for: .condition),
      phases: readPhases(node, line: nil, place, scope), finals: finals.general, ownFinals: finals.own,
      listsFinals: node["finals"] != nil,
      within: limit(node, scope) ?? command.within, abortable: flag(node, "abortable"),
      isExact: flag(node, "exact"), reports: readReports(node, form),
      onSent: Hook.joined([Hook(statements: own.statements), sent]),
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
  private mutating func readFinals(_ form: YAMLNode) -> (general: FormSpec.Finals, own: [[UInt8]]) {
    guard let node = form["finals"] else { return ([.ok, .error], []) }
    var general: FormSpec.Finals = []
    var own: [[UInt8]] = []
    let texts = finals.map { String(decoding: $0.text, as: UTF8.self) }
    for item in list(node) {
      let written = choice(item, ["OK", "ERROR", "CONNECT"] + texts, "final result")
      switch written {
      case "OK": general.insert(.ok)
      case "ERROR": general.insert(.error)
      case "CONNECT": general.insert(.connect)
      default: if let written { own.append(Array(written.utf8)) }
      }
    }
    if general.isEmpty, own.isEmpty, form["data"] == nil {
      note(node.mark, "a form without any final result", "write at least one of OK, ERROR, CONNECT")
    }
    return (general, own)
  }

  /// The prompt is a word that the modem is known to ask with, and data follow it.
  private mutating func checkPrompt(_ node: YAMLNode) {
    guard let prompt = node["prompt"], let written = text(prompt) else { return }
    let signs = written.utf8.filter { $0 != 0x20 }
    if !written.isEmpty, written != "OK", written != "none", !signs.allSatisfy({ $0 == 0x3E }) || signs.isEmpty {
      note(
        prompt.mark, "'\(Diagnostic.shown(written))' is no prompt",
        "prompts: \">\", \">>\", OK, none; data behind a line: gives: [{line: \(Diagnostic.shown(written)), data: …}, …]"
      )
    } else if node["data"] == nil {
      warn(prompt.mark, "a prompt without data", "say what follows it: data: {ends: ctrl-z, cancel: esc, from: host}")
    }
  }

  private mutating func readReports(_ node: YAMLNode, _ form: Form) -> Bool {
    guard let reports = node["reports"], choice(reports, ["write"], "form to report") != nil else { return false }
    if form != .read { note(reports.mark, "only the read form reports", "move it to read:") }
    return form == .read
  }
}
