import Trace

/// Reads commands and their forms.
extension LayerReader {
  mutating func readCommand(_ item: YAMLNode.Entry) {
    let node = item.value
    for entry in map(node) { checkKey(entry, Keys.command) }
    let source = source(of: node, inherited: layerSource)
    if source.section.isEmpty {
      note(item.keyMark, "\(Diagnostic.shown(item.key)) has no section", "cite the clause it comes from: section: \"2.1\"", severity: .warning)
    }
    let index = commandIndex[item.key.uppercased()] ?? commands.count
    let owner = String(item.key.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
    let within = duration(node["within"], ExpressionScope(memory: memoryScope))
    let write = node["write"].flatMap { self.signature($0["takes"]) }
    var forms: [FormSpec?] = Array(repeating: nil, count: Form.allCases.count)
    for form in Form.allCases {
      guard let body = node[form.name] else { continue }
      let takes = form == .write ? write ?? .none : .none
      forms[Int(form.rawValue)] = readForm(
        body, form, takes: takes, command: index, source: source, owner: owner, within: within)
    }
    checkReported(forms, item)
    let command = CommandSpec(
      index: index, name: item.key, aliases: node["aliases"].map { strings($0) } ?? [],
      title: node["title"]?.scalar ?? "", source: source, abortable: node["abortable"]?.scalar == "true", forms: forms,
      profile: layerName, strict: strict)
    if index < commands.count {
      commands[index] = command
    } else {
      commandIndex[item.key.uppercased()] = index
      commands.append(command)
    }
  }

  mutating func signature(_ node: YAMLNode?) -> Signature? {
    guard let node, let text = text(node) else { return nil }
    do throws(LanguageError) {
      return try signatureParser.signature(text)
    } catch {
      note(error, in: node)
      return nil
    }
  }

  private mutating func readForm(
    _ node: YAMLNode, _ form: Form, takes: Signature, command: Int, source inherited: Source, owner: String,
    within: Program
  ) -> FormSpec {
    for entry in map(node) { checkKey(entry, Keys.form) }
    let source = source(of: node, inherited: inherited)
    let scope = scope(parameters: takes)
    func line(_ item: YAMLNode, _ role: LineSpec.Role, _ reader: inout LayerReader) -> LineSpec? {
      reader.readLine(item, role: role, command: command, parameters: takes, source: source, owner: owner)
    }
    let gives = node["gives"].map { list($0) } ?? []
    let late = node["then"].map { list($0) } ?? []
    let sent = hook(node["on-sent"], scope: scope, owner: owner, source: source)
    let ok = hook(node["on-ok"], scope: scope, owner: owner, source: source)
    // Needs and rules of the form itself are checked when it is sent, its moves are done when it succeeded.
    let own = hook(in: node, scope: scope, owner: owner, source: source)
    let given = gives.compactMap { line($0, .information, &self) }
    let promised = late.compactMap { line($0, .late, &self) }
    return FormSpec(
      form: form, source: source, note: node["note"]?.scalar ?? "", takes: takes, gives: given, late: promised,
      lateWithin: duration(node["then-within"], scope), instead: node["instead"].map { prefixes($0) } ?? [],
      prompt: node["prompt"].flatMap { text($0) }.map { Array($0.utf8.filter { $0 != 0x20 }) } ?? [],
      data: node["data"].flatMap { readData($0, line: nil, parameters: takes, source: source, owner: owner) },
      finals: node["finals"].map { finals($0) } ?? [.ok, .error],
      within: node["within"] == nil ? within : duration(node["within"], scope), reports: node["reports"] != nil,
      onSent: Self.joined(Hook(statements: own.statements), sent),
      onOK: Self.joined(Hook(moves: own.moves, transfers: own.transfers), ok),
      onError: hook(node["on-error"], scope: scope, owner: owner, source: source),
      onMissing: hook(node["on-missing"], scope: scope, owner: owner, source: source))
  }

  func scope(fields: [String] = [], parameters: Signature) -> ExpressionScope {
    var scope = ExpressionScope(memory: memoryScope)
    for (index, name) in fields.enumerated() where scope.fields[name] == nil { scope.fields[name] = index }
    for (index, parameter) in parameters.parameters.enumerated() where scope.parameters[parameter.name] == nil {
      scope.parameters[parameter.name] = (index, parameter.defaultValue)
    }
    return scope
  }

  private mutating func finals(_ node: YAMLNode) -> FormSpec.Finals {
    var finals: FormSpec.Finals = []
    for item in list(node) {
      switch item.scalar {
      case "OK": finals.insert(.ok)
      case "ERROR": finals.insert(.error)
      case "CONNECT": finals.insert(.connect)
      default: note(item.mark, "no final result", "OK, ERROR or CONNECT")
      }
    }
    return finals
  }

  private mutating func prefixes(_ node: YAMLNode) -> [[UInt8]] {
    strings(node).map { text in
      var bytes = Array(text.utf8.prefix { $0 != 0x3A })
      while bytes.last == 0x20 { bytes.removeLast() }
      return bytes
    }
  }

  /// Ranges and limits that a test form reports speak of parameters of the write form.
  private mutating func checkReported(_ forms: [FormSpec?], _ item: YAMLNode.Entry) {
    guard let test = forms[Int(Form.test.rawValue)] else { return }
    let names = Set((forms[Int(Form.write.rawValue)]?.takes.parameters ?? []).map(\.name))
    for line in test.gives {
      for parameter in line.signature.parameters {
        if case .limit(let of) = parameter.base, !names.contains(of) {
          note(
            item.value["test"]?.mark ?? item.keyMark, "limit of '\(of)', which the write form does not take",
            TypeParser.suggestion(of, Array(names), "name a parameter of the write form"), severity: .warning)
        }
      }
    }
  }
}
