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
      let near = Nearest.word(to: word, among: CommandLineInterface.commands.map(\.name))
      throw UsageError(
        "'\(Shown.text(word))' is no command; \(near.map { "did you mean '\($0)'?" } ?? "see 'attrace help'")")
    }
    parsed.command = command
  }

  private var flags: [Flag] { (parsed.command?.flags ?? []) + CommandLineInterface.flags }

  private mutating func long(_ word: String) throws(UsageError) {
    let body = word.dropFirst(2)
    let name = String(body.prefix { $0 != "=" })
    guard let flag = flags.first(where: { $0.name == name }) else {
      let near = Nearest.word(to: name, among: flags.map(\.name))
      let place = parsed.command.map { "'attrace \($0.name)'" } ?? "attrace"
      throw UsageError(
        "\(place) has no flag '--\(Shown.text(name))'; \(near.map { "did you mean '--\($0)'?" } ?? "see --help")")
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
        throw UsageError("\(place) has no flag '-\(Shown.text(String(letter)))'; see --help")
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

  private func check(_ value: String, _ flag: Flag, _ written: String) throws(UsageError) {
    switch flag.argument {
    case .choice(_, let choices):
      guard !choices.contains(value) else { return }
      let near = Nearest.word(to: value, among: choices).map { "did you mean \($0)? " } ?? ""
      throw UsageError(
        "\(written) cannot be '\(Shown.text(value))'; \(near)it is one of \(choices.joined(separator: ", "))")
    case .number(_, let range):
      guard let number = Int(value), range.contains(number) else {
        throw UsageError(
          "\(written) cannot be '\(Shown.text(value))'; it is a number from \(range.lowerBound) to \(range.upperBound)")
      }
    case .none, .text: return
    }
  }
}

/// What was probably meant.
enum Nearest {
  static func word(to word: String, among words: [String]) -> String? {
    var best: (word: String, distance: Int)?
    for candidate in words {
      let distance = distance(Array(word.utf8.prefix(64)), Array(candidate.utf8))
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    guard let best, best.distance <= max(1, word.utf8.count / 3) else { return nil }
    return best.word
  }

  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let above = row[j + 1]
        row[j + 1] = min(min(above, row[j]) + 1, diagonal + (a[i] == b[j] ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }
}

/// What a user typed, made fit for a message.
enum Shown {
  static func text(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(80) {
      if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
