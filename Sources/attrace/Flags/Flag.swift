/// One flag: one value. Help, man page, completions and the parser are made from it.
struct Flag: Sendable {
  enum Argument: Sendable {
    case none
    case text(name: String)
    case choice(name: String, of: [String])
    /// Any text; these are known beforehand.
    case name(name: String, known: [String])
    case number(name: String, in: ClosedRange<Int>)
  }

  let name: String
  let letter: Character?
  let argument: Argument
  let repeats: Bool
  /// One line, for lists.
  let help: String
  /// What else there is to say, for `--help` and the man page.
  let more: String

  init(
    _ name: String, letter: Character? = nil, _ argument: Argument = .none, repeats: Bool = false, help: String,
    more: String = ""
  ) {
    self.name = name
    self.letter = letter
    self.argument = argument
    self.repeats = repeats
    self.help = help
    self.more = more
  }

  /// `-o, --output FILE`
  var usage: String {
    let short = letter.map { "-\($0), " } ?? "    "
    return short + "--\(name)" + (argumentName.map { " \($0)" } ?? "")
  }

  var argumentName: String? {
    switch argument {
    case .none: nil
    case .text(let name), .choice(let name, _), .name(let name, _), .number(let name, _): name
    }
  }

  var choices: [String] {
    switch argument {
    case .choice(_, let choices), .name(_, let choices): choices
    case .none, .text, .number: []
    }
  }
}
