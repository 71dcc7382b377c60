import Capture
import Profile

/// A mistake on the command line: one line that says what, where and what to do.
struct UsageError: Error, Hashable {
  let message: String
  init(_ message: String) { self.message = message }
}

/// A command line, taken apart.
struct ParsedArguments {
  struct Given {
    var flag: Flag
    var value: String
  }
  var command: CommandDescription?
  /// In the order in which they were given.
  var given: [Given] = []
  var positionals: [String] = []

  func has(_ flag: Flag) -> Bool { given.contains { $0.flag.name == flag.name } }
  func values(_ flag: Flag) -> [String] { given.filter { $0.flag.name == flag.name }.map(\.value) }
  func value(_ flag: Flag) -> String? { values(flag).last }
  func number(_ flag: Flag) -> Int? { value(flag).flatMap { Int($0) } }
}

/// Reads `--flag value`, `--flag=value`, `-f value`, `-fvalue`, `-`, `--`.
struct ArgumentParser {
  private let arguments: [String]
  private var at = 0
  private var parsed = ParsedArguments()

  static func parse(_ arguments: [String]) throws(UsageError) -> ParsedArguments {
    var parser = ArgumentParser(arguments: arguments)
    try parser.run()
    return parser.parsed
  }

  private init(arguments: [String]) { self.arguments = arguments }

  private mutating func run() throws(UsageError) {
    var onlyPositionals = false
    while at < arguments.count {
      let word = arguments[at]
      at += 1
      if onlyPositionals || word == "-" || !word.hasPrefix("-") {
        try positional(word)
      } else if word == "--" {
        onlyPositionals = true
      } else if word.hasPrefix("--") {
        try long(word)
      } else {
        try short(word)
      }
    }
  }

  private mutating func positional(_ word: String) throws(UsageError) {
    guard parsed.command == nil else {
      parsed.positionals.append(word)
      return
    }
    guard let command = CommandLineInterface.command(word) else {
      let near = Spelling.nearest(to: word, among: CommandLineInterface.commands.map(\.name))
      let isFile = word.contains("/") || word.contains(".")
      let other = isFile ? "to check a file, write 'attrace check \(Printable.text(word))'" : "see 'attrace help'"
      throw UsageError("'\(Printable.text(word))' is no command; \(near.map { "did you mean '\($0)'?" } ?? other)")
    }
    parsed.command = command
  }

  private var flags: [Flag] { (parsed.command?.flags ?? []) + CommandLineInterface.flags }

  private mutating func long(_ word: String) throws(UsageError) {
    let body = word.dropFirst(2)
    let name = String(body.prefix { $0 != "=" })
    guard let flag = flags.first(where: { $0.name == name }) else {
      let near = Spelling.nearest(to: name, among: flags.map(\.name))
      let place = parsed.command.map { "'attrace \($0.name)'" } ?? "attrace"
      throw UsageError(
        "\(place) has no flag '--\(Printable.text(name))'; \(near.map { "did you mean '--\($0)'?" } ?? "see --help")")
    }
    let attached = body.contains("=") ? String(body.dropFirst(name.count + 1)) : nil
    try take(flag, attached, written: "--\(name)")
  }

  private mutating func short(_ word: String) throws(UsageError) {
    var rest = word.dropFirst()
    while let letter = rest.first {
      rest = rest.dropFirst()
      guard let flag = flags.first(where: { $0.letter == letter }) else {
        let place = parsed.command.map { "'attrace \($0.name)'" } ?? "attrace"
        throw UsageError("\(place) has no flag '-\(Printable.text(String(letter)))'; see --help")
      }
      if case .none = flag.argument {
        try take(flag, nil, written: "-\(letter)")
      } else {
        try take(flag, rest.isEmpty ? nil : String(rest), written: "-\(letter)")
        return
      }
    }
  }

  private mutating func take(_ flag: Flag, _ attached: String?, written: String) throws(UsageError) {
    if case .none = flag.argument {
      guard attached == nil else { throw UsageError("\(written) takes no value; write it alone") }
      parsed.given.append(ParsedArguments.Given(flag: flag, value: ""))
      return
    }
    var value = attached
    if value == nil, at < arguments.count, arguments[at] == "-" || !arguments[at].hasPrefix("-") {
      value = arguments[at]
      at += 1
    }
    guard let value, !value.isEmpty else {
      throw UsageError("\(written) needs a value; write \(written) \(flag.argumentName ?? "VALUE")")
    }
    try check(value, flag, written)
    if !flag.repeats, parsed.has(flag) { throw UsageError("\(written) is given twice; give it once") }
    parsed.given.append(ParsedArguments.Given(flag: flag, value: value))
  }

  /// Long lists are cut: the help of the flag says where the whole is.
  private func listed(_ choices: [String]) -> String {
    let shown = choices.prefix(ArgumentParser.shownChoices).joined(separator: ", ")
    return choices.count > ArgumentParser.shownChoices
      ? "\(shown) and \(choices.count - ArgumentParser.shownChoices) more" : shown
  }

  private static let shownChoices = 12

  private func check(_ value: String, _ flag: Flag, _ written: String) throws(UsageError) {
    switch flag.argument {
    case .choice(_, let choices):
      guard !choices.contains(value) else { return }
      let near = Spelling.nearest(to: value, among: choices).map { "did you mean \($0)? " } ?? ""
      throw UsageError(
        "\(written) cannot be '\(Printable.text(value))'; \(near)it is one of \(listed(choices))")
    case .number(_, let range):
      guard let number = Int(value), range.contains(number) else {
        throw UsageError(
          "\(written) cannot be '\(Printable.text(value))'; it is a number from \(range.lowerBound) to \(range.upperBound)"
        )
      }
    case .none, .text, .name: return
    }
  }
}
