import Trace

/// Reads signatures: `<a:int>[,<b:str>]...`, and values that stand in them literally.
struct SignatureParser {
  let types: TypeParser

  static let parameterLimit = 128
  static let depthLimit = 32

  /// What was read of one signature so far.
  private struct State {
    var scanner: TextScanner
    var parameters: [Parameter] = []
    var required: Int?
    var stops: [Int] = []
    var repeats = 0
    /// How many values stood before each open bracket, and whether another was closed inside it.
    var open: [(count: Int, closedInside: Bool)] = []
    /// Whether a bracket was closed at the outermost level.
    var closedOutside = false
    var comma: Int?
  }

  /// The signature that stands in `text` from the byte `start` on; places are counted from the beginning of `text`.
  func signature(_ text: String, from start: Int = 0) throws(LanguageError) -> Signature {
    var state = State(scanner: TextScanner(text))
    state.scanner.at = start
    state.scanner.skipBlanks()
    if state.scanner.isAtEnd { return .none }
    while !state.scanner.isAtEnd {
      try readPart(&state)
      state.scanner.skipBlanks()
    }
    guard state.open.isEmpty else {
      throw LanguageError(state.scanner.at, "[ is not closed", help: "write a ] behind the optional part")
    }
    if let comma = state.comma {
      throw LanguageError(comma, "a comma with no value behind it", help: "leave it out, or write <name:any blank>")
    }
    return Signature(
      parameters: state.parameters, required: state.required ?? state.parameters.count, stops: state.stops,
      repeats: state.repeats, pattern: Self.plain(state.scanner.text(start..<state.scanner.bytes.count)))
  }

  private func readPart(_ state: inout State) throws(LanguageError) {
    let start = state.scanner.at
    if state.repeats > 0, state.scanner.peek != 0x5D {
      throw LanguageError(start, "something behind the part that repeats", help: "... stands at the end of a signature")
    }
    if state.scanner.take("[") {
      guard state.open.count < Self.depthLimit else {
        throw LanguageError(start, "too many brackets", help: "at most \(Self.depthLimit) inside one another")
      }
      if state.required == nil { state.required = state.parameters.count }
      state.stops.append(state.parameters.count)
      state.open.append((state.parameters.count, false))
    } else if state.scanner.take("]") {
      try close(&state, start)
    } else if state.scanner.take(",") {
      if state.comma != nil || state.parameters.isEmpty {
        throw LanguageError(
          start, "a value is expected before this comma", help: "write <name:any blank> for a value that may be empty")
      }
      state.comma = start
    } else {
      guard state.parameters.count < Self.parameterLimit else {
        throw LanguageError(start, "more than \(Self.parameterLimit) values", help: "use ... for values that repeat")
      }
      if let last = state.parameters.last {
        if state.comma == nil {
          throw LanguageError(start, "a comma is missing before this value", help: "write <a:int>,<b:int>")
        }
        if last.base == .rest {
          throw LanguageError(
            start, "a value behind <\(last.name):rest>", help: "rest takes everything to the end of the line")
        }
        if state.open.last?.closedInside ?? state.closedOutside {
          throw LanguageError(start, "a value behind an optional one", help: "put it into brackets: [,<name:type>]")
        }
      }
      let parameter = try value(&state.scanner)
      if parameter.base.isNamed,
        state.parameters.contains(where: { $0.base.isNamed && $0.name == parameter.name })
      {
        throw LanguageError(
          start, "a second value named '\(parameter.name)'", help: "give each value its own name")
      }
      state.parameters.append(parameter)
      state.comma = nil
    }
  }

  private func close(_ state: inout State, _ start: Int) throws(LanguageError) {
    guard let opening = state.open.popLast() else {
      throw LanguageError(start, "] without [", help: "write [ before the optional part")
    }
    guard state.parameters.count > opening.count, state.comma == nil else {
      throw LanguageError(start, "a value is expected before ]", help: "write [,<name:type>]")
    }
    state.stops.append(state.parameters.count)
    if state.open.isEmpty { state.closedOutside = true } else { state.open[state.open.count - 1].closedInside = true }
    if state.scanner.take("...") {
      guard !opening.closedInside else {
        throw LanguageError(
          start, "an optional part inside one that repeats", help: "write [,<a:int>,<b:int>]... without brackets inside"
        )
      }
      state.repeats = state.parameters.count - opening.count
    }
  }

  private func value(_ scanner: inout TextScanner) throws(LanguageError) -> Parameter {
    let start = scanner.at
    guard scanner.take("<") else { return try literal(&scanner) }
    let name = scanner.name()
    guard !name.isEmpty else {
      throw LanguageError(scanner.at, "a name is expected behind <", help: "write <name:type>")
    }
    guard scanner.take(":") else {
      throw LanguageError(
        scanner.at, "<\(name)> has no type", help: "write <\(name):int>, <\(name):str 1..20> or another type")
    }
    let typeStart = scanner.at
    var quoted = false
    _ = scanner.prefix { byte in
      if byte == 0x22 { quoted.toggle() }
      return quoted || byte != 0x3E
    }
    let typeEnd = scanner.at
    guard scanner.take(">") else { throw LanguageError(start, "< is not closed", help: "write > behind the type") }
    let pattern = scanner.text(typeStart..<typeEnd)
    var inner = TextScanner(pattern)
    do throws(LanguageError) {
      return types.parameter(name: name, try types.draft(&inner), pattern: pattern)
    } catch {
      throw error.moved(by: typeStart)
    }
  }

  private func literal(_ scanner: inout TextScanner) throws(LanguageError) -> Parameter {
    let start = scanner.at
    var quoted = false
    let written = scanner.prefix { byte in
      if byte == 0x22 { quoted.toggle() }
      return quoted || byte != 0x2C && byte != 0x5B && byte != 0x5D && byte != 0x3C && byte != 0x3E
    }
    let literal = Self.plain(written)
    guard !quoted else { throw LanguageError(start, "this quote is not closed", help: "write \"text\"") }
    guard !literal.isEmpty else { throw LanguageError(start, "a value is expected", help: "write <name:type>") }
    if let number = Int64(literal) {
      return Parameter(name: literal, base: .literalNumber(number), quotes: .forbidden, pattern: literal)
    }
    let isQuoted = literal.utf8.count > 1 && literal.utf8.first == 0x22 && literal.utf8.last == 0x22
    let text = isQuoted ? String(literal.dropFirst().dropLast()) : literal
    return Parameter(name: text, base: .literalText(text), quotes: .optional, pattern: literal)
  }

  /// With single blanks, and none around it.
  private static func plain(_ text: String) -> String {
    text.split(whereSeparator: { $0 == " " || $0 == "\n" }).joined(separator: " ")
  }
}

extension Parameter.Base {
  /// Whether expressions can name it.
  public var isNamed: Bool {
    switch self {
    case .literalNumber, .literalText: false
    default: true
    }
  }
}
