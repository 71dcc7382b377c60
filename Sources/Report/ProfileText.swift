import Profile
import Trace

/// A profile as a manual page, printed from its data.
public enum ProfileText {
  public static func list(_ books: [Book]) -> String {
    var text = ""
    for book in books {
      let documents = book.documents.filter { !$0.id.isEmpty }.map {
        $0.version.isEmpty ? $0.id : "\($0.id) (\($0.date))"
      }
      let own = book.commands.count { $0.profile == book.name }
      text +=
        TextLayout.pad(book.name, 12)
        + TextLayout.wrap("\(book.title); \(own) commands; \(documents.joined(separator: ", "))", used: 12, indent: 12)
        + "\n"
    }
    return text
  }

  public static func profile(_ book: Book) -> String {
    var text = "\(book.name): \(book.title)\n"
    if book.names.count > 1 { text += "extends \(book.names.dropFirst().joined(separator: ", "))\n" }
    for document in book.documents { text += "document \(document.id): \(document.title)\n" }
    for name in book.names {
      text += "\nCommands of \(name):\n"
      for command in book.commands.filter({ $0.profile == name }).sorted(by: { $0.name < $1.name }) {
        text +=
          TextLayout.pad("  " + command.name, 16) + TextLayout.pad(forms(command), 24)
          + TextLayout.pad(command.source.section, 10) + command.title + "\n"
      }
    }
    if !book.memory.isEmpty {
      text += "\nMemory:\n"
      for memory in book.memory.sorted(by: { $0.name < $1.name }) { text += line(memory.name, describe(memory)) }
    }
    return text
  }

  private static func describe(_ memory: MemorySpec) -> String {
    let what = memory.states.isEmpty ? "a number or a text" : memory.states.joined(separator: ", ")
    return memory.keys == 0 ? what : "a map with \(memory.keys) key\(memory.keys == 1 ? "" : "s"): \(what)"
  }

  private static func forms(_ command: CommandSpec) -> String {
    Form.allCases.filter { command.form($0) != nil }.map(\.name).joined(separator: " ")
  }

  public static func command(_ command: CommandSpec, of book: Book) -> String {
    let document = book.document(command.source.document)
    var text =
      "AT\(command.name)\(command.title.isEmpty ? "" : ": " + command.title)\n\(Citation(document: document.id, section: command.source.section).text)\n"
    if !command.aliases.isEmpty { text += "also printed as \(command.aliases.joined(separator: ", "))\n" }
    if command.abortable { text += "may be aborted by a character before its final result\n" }
    for form in Form.allCases {
      guard let spec = command.form(form) else { continue }
      text += "\n\(written(form, command, spec))\n"
      if !spec.note.isEmpty { text += line("note", spec.note) }
      for parameter in spec.takes.parameters { text += line("<\(parameter.name)>", describe(parameter)) }
      for shape in spec.gives { text += line("answers", shape.pattern + times(shape)) }
      if !spec.prompt.isEmpty { text += line("prompt", String(decoding: spec.prompt, as: UTF8.self)) }
      for data in phases(spec) { text += line("data", describe(data)) }
      let results =
        [
          spec.finals.contains(.ok) ? "OK" : nil, spec.finals.contains(.connect) ? "CONNECT" : nil,
          spec.finals.contains(.error) ? "ERROR" : nil,
        ].compactMap { $0 } + spec.ownFinals.map { String(decoding: $0, as: UTF8.self) }
      text += line("result", results.joined(separator: ", "))
      for shape in spec.late { text += line("later", shape.pattern) }
      text += rules(spec, book)
    }
    return text
  }

  /// The data of the form, or else those behind its lines.
  private static func phases(_ spec: FormSpec) -> [DataSpec] {
    spec.phases.isEmpty ? Array(spec.gives.flatMap(\.phases).prefix(1)) : spec.phases
  }

  private static func rules(_ spec: FormSpec, _ book: Book) -> String {
    var hooks = [spec.onSent, spec.onOK, spec.onError]
    hooks += spec.gives.map(\.hook) + spec.late.map(\.hook)
    for one in spec.phases + spec.gives.flatMap(\.phases) { hooks += [one.onEnd] + one.onEvent }
    var text = ""
    for statement in hooks.flatMap(\.statements) {
      let brief =
        statement.says.isEmpty
        ? statement.expression : statement.says.replacing("{", with: "<").replacing("}", with: ">")
      text += line(statement.severity.name, "\(statement.rule): \(brief)")
    }
    return text
  }

  private static func written(_ form: Form, _ command: CommandSpec, _ spec: FormSpec) -> String {
    switch form {
    case .exec: "AT\(command.name)"
    case .read: "AT\(command.name)?"
    case .test: "AT\(command.name)=?"
    case .write: "AT\(command.name)=" + LinePattern.names(spec.takes.pattern)
    }
  }

  private static func describe(_ parameter: Parameter) -> String {
    parameter.pattern
  }

  private static func describe(_ data: DataSpec) -> String {
    let from =
      switch data.from {
      case .hostToModem: "from the host"
      case .modemToHost: "from the modem"
      case .unknown: "both ways"
      }
    switch data.framing {
    case .counted: return "as many bytes as announced, \(from)"
    case .ctrlZ: return "up to Ctrl-Z, \(from)" + (data.cancel != nil ? "; ESC cancels" : "")
    case .dotLine: return "up to a line with a single dot, \(from)"
    case .escape: return "until +++ or NO CARRIER, \(from)"
    case .dleEtx: return "up to a bare ETX (10 escapes 03 and 10), \(from)"
    case .xmodem: return "XMODEM blocks, \(from)"
    case .line: return "one line, \(from)"
    case .mux: return "frames of the multiplexer, \(from)"
    }
  }

  private static func times(_ shape: LineSpec) -> String {
    if shape.times == 1...1 { return "" }
    let high = shape.times.upperBound == .max ? "any number of" : String(shape.times.upperBound)
    return "  (\(shape.times.lowerBound) to \(high) lines)"
  }

  private static func line(_ head: String, _ text: String) -> String {
    "  " + TextLayout.pad(head, 16) + " " + TextLayout.wrap(text, used: 19, indent: 19) + "\n"
  }
}

/// Signatures as manuals print them: names without types.
enum LinePattern {
  static func names(_ pattern: String) -> String {
    var result = ""
    var depth = 0
    var skipping = false
    for character in pattern {
      switch character {
      case "<":
        depth += 1
        result.append(character)
      case ">":
        depth = max(0, depth - 1)
        skipping = false
        result.append(character)
      case ":" where depth > 0: skipping = true
      default: if !skipping { result.append(character) }
      }
    }
    return result
  }
}
