import Trace

/// Reads commands.
extension LayerReader {
  /// What the forms of a command share.
  struct CommandPlace {
    var index: Int
    var owner: String
    var source: Source
    var within: Program
  }

  /// A command that a later layer states is not read at all: that layer's takes its place, with all its forms.
  mutating func readCommand(_ item: YAMLNode.Entry, name: String, replaced: Set<String>) {
    let key = name.uppercased()
    guard isFirst("command", key, item.keyMark), !replaced.contains(key) else { return }
    checkName(name, item)
    let node = item.value
    checkKeys(map(node), Keys.command)
    let source = source(of: node, inherited: layerSource)
    if source.section.isEmpty {
      warn(
        item.keyMark, "\(Diagnostic.shown(item.key)) has no section", "cite the clause it comes from: section: \"2.1\"")
    }
    let place = CommandPlace(
      index: commands.count, owner: Self.ruleName(name.utf8), source: source,
      within: limit(node, scope()) ?? .empty)
    var isWhole = true
    var forms: [FormSpec?] = Array(repeating: nil, count: Form.allCases.count)
    for form in Form.allCases {
      guard let body = node[form.name] else { continue }
      let before = ownProblems.count + baseProblems.count
      forms[Int(form.rawValue)] = readForm(body, form, place)
      if before != ownProblems.count + baseProblems.count { isWhole = false }
    }
    if !forms.contains(where: { $0 != nil }) {
      note(item.keyMark, "\(Diagnostic.shown(item.key)) has no form", "write at least one of test, read, exec, write")
    }
    if isWhole { checkReports(forms, node) }
    commands.append(
      CommandSpec(
        index: place.index, name: name, aliases: aliases(node),
        title: member?.line(text(node, "title") ?? "") ?? text(node, "title") ?? "", source: source,
        abortable: flag(node, "abortable"), forms: forms, profile: layer.name, strict: layer.strict))
  }

  /// The time to the final result, where it counts.
  mutating func limit(_ node: YAMLNode, _ scope: ExpressionScope) -> Program? {
    guard let within = node["within"] else { return nil }
    let limit = program(within, scope, for: .duration)
    return keepsLimits ? limit : nil
  }

  /// The letters and digits of a name, in small letters: the first part of the names of its rules.
  static func ruleName(_ name: some Sequence<UInt8>) -> String {
    let letters = name.filter { TextScanner.isWord($0) && $0 != 0x5F }
    return String(decoding: letters, as: UTF8.self).lowercased()
  }

  private mutating func aliases(_ node: YAMLNode) -> [String] {
    guard let value = node["aliases"] else { return [] }
    let names = Set(commandNames.map { $0.uppercased() })
    var aliases: [String] = []
    for item in list(value) {
      guard let written = text(item) else { continue }
      let name = member?.line(written) ?? written
      if !names.contains(name.uppercased()) {
        aliases.append(name)
      } else if layer.commands.contains(name.uppercased()) {
        note(
          item.mark, "'\(Diagnostic.shown(name))' is a command of its own",
          "an alias is another spelling of this command alone")
      }
    }
    return aliases
  }

  // MARK: Checks over several forms

  /// What test and read forms report speaks of parameters of the write form.
  private mutating func checkReports(_ forms: [FormSpec?], _ node: YAMLNode) {
    let write = forms[Int(Form.write.rawValue)]
    let names = write?.takes.parameters.map(\.name) ?? []
    if let test = forms[Int(Form.test.rawValue)] {
      let mark = (node["test"]?["gives"] ?? node["test"] ?? node).mark
      for line in test.gives {
        for parameter in line.signature.parameters { checkReported(parameter, names, write != nil, mark) }
      }
    }
    for form in Form.allCases where form != .test {
      for line in forms[Int(form.rawValue)]?.gives ?? [] {
        for case .limit(let subject) in line.signature.parameters.map(\.base) {
          warn(
            (node[form.name]?["gives"] ?? node).mark, "a limit for '\(subject)' that no test command reports",
            "limits are learned from test: {gives: …}; write int here")
        }
      }
    }
    if let read = forms[Int(Form.read.rawValue)], read.reports, let mark = node["read"]?["reports"]?.mark {
      let reported = read.gives.flatMap { $0.signature.parameters.map(\.name) }
      if !reported.contains(where: { names.contains($0) }) {
        warn(
          mark,
          write == nil
            ? "there is no write form to report" : "the read form reports none of the parameters of the write form",
          "give the values of the line the names of the parameters")
      }
    }
  }

  private mutating func checkReported(_ parameter: Parameter, _ names: [String], _ hasWrite: Bool, _ mark: FileMark) {
    let target: String
    switch parameter.base {
    case .limit(let of): target = of
    // Ranges of a command without parameters (or of another name) are only shown.
    case .ranges where hasWrite: target = parameter.name
    default: return
    }
    if !names.contains(target) {
      warn(
        mark, "'\(target)' is no parameter of the write form, so what is reported for it binds nothing",
        Spelling.suggestion(
          target, names, names.isEmpty ? "write takes: …" : "parameters: \(names.joined(separator: ", "))"))
    }
  }

  /// A line that may come in place of a late result must be one that can come.
  mutating func checkInsteads() {
    var known: Set<[UInt8]> = []
    for line in unsolicited.joined() { known.insert(line.prefix.map(NameIndex.fold)) }
    for instead in insteads where !known.contains(instead.prefix.map(NameIndex.fold)) {
      warn(
        instead.mark,
        "no unsolicited line begins with '\(Diagnostic.shown(String(decoding: instead.prefix, as: UTF8.self)))'",
        Spelling.suggestion(
          String(decoding: instead.prefix, as: UTF8.self), known.map { String(decoding: $0, as: UTF8.self) }.sorted(),
          "declare it under unsolicited:"))
    }
  }
}
