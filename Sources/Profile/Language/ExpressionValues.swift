import Trace

/// Numbers, texts, names and functions.
extension ExpressionParser {
  mutating func primary() throws(LanguageError) -> Operand {
    scanner.skipBlanks()
    let start = scanner.at
    let first = operations.count
    func operand(_ kind: ExpressionKind) -> Operand { Operand(kind: kind, at: start, first: first) }
    if scanner.take("(") {
      let inner = try implication()
      scanner.skipBlanks()
      guard scanner.take(")") else {
        throw LanguageError(
          scanner.at, ") is expected", help: "close the bracket that begins at column \(start + 1) of the expression")
      }
      return Operand(kind: inner.kind, at: start, first: first)
    }
    if scanner.peek == 0x27 {
      try emit(.constant(.text(hash: TextHash.of(try quoted().utf8))))
      return operand(.text)
    }
    if scanner.peek == 0x22 {
      throw LanguageError(start, "a text in double quotes", help: "write 'text'")
    }
    if let byte = scanner.peek, TextScanner.isDigit(byte) {
      try emit(.constant(.number(try quantity())))
      return operand(.number)
    }
    let word = scanner.name()
    guard !word.isEmpty else {
      throw LanguageError(
        start,
        scanner.isAtEnd
          ? "a value is expected at the end" : "'\(Diagnostic.shown(scanner.character))' where a value is expected",
        help: "a number, a 'text', a name or a function")
    }
    let behind = scanner.at
    scanner.skipBlanks()
    if scanner.peek == 0x28 {
      guard ExpressionScope.functions.contains(word) else {
        throw LanguageError(
          start, "there is no function '\(Diagnostic.shown(word))'",
          help: Spelling.suggestion(
            word, ExpressionScope.functions, "functions: \(ExpressionScope.functions.joined(separator: ", "))"))
      }
      scanner.at += 1
      return operand(try function(word, start))
    }
    scanner.at = behind
    return operand(try name(word, start))
  }

  mutating func quoted() throws(LanguageError) -> String {
    let start = scanner.at
    scanner.at += 1
    let text = scanner.prefix { $0 != 0x27 }
    guard scanner.take("'") else { throw LanguageError(start, "this text is not closed", help: "write 'text'") }
    return text
  }

  /// A number, or a duration in milliseconds.
  private mutating func quantity() throws(LanguageError) -> Int64 {
    let start = scanner.at
    guard let number = scanner.number() else {
      throw LanguageError(start, "this number is too large", help: "at most 63 bits")
    }
    let place = scanner.at
    let unit = scanner.prefix { TextScanner.isWord($0) }
    let factor: Int64
    switch unit {
    case "", "ms": factor = 1
    case "s": factor = 1000
    case "min": factor = 60_000
    case "h": factor = 3_600_000
    default: throw LanguageError(place, "'\(Diagnostic.shown(unit))' is no unit", help: "ms, s, min or h")
    }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    guard !overflow else {
      throw LanguageError(start, "this time is too long", help: "at most 63 bits of milliseconds")
    }
    return product
  }

  // MARK: Names

  private mutating func name(_ word: String, _ start: Int) throws(LanguageError) -> ExpressionKind {
    if let position = scope.field(word) {
      try emit(.field(position))
      return scope.fields[position].kind
    }
    if let position = scope.parameter(word) {
      try emit(.parameter(position, default: scope.parameters[position].fallback))
      return scope.parameters[position].kind
    }
    if let constant = scope.constants.first(where: { $0.name == word }) {
      try emit(.constant(.number(constant.value)))
      return .number
    }
    if let memory = scope.memory[word] { return try read(memory, word, start) }
    if let index = expected.firstIndex(of: word) {
      try emit(.constant(.number(Int64(index))))
      return .state(expected)
    }
    switch word {
    case "command":
      try emit(.commandName)
      return .text
    case "form":
      try emit(.formName)
      return .text
    case "copies" where scope.hasCopies:
      try emit(.copies)
      return .number
    case "port":
      try emit(.portName)
      return .text
    case "now", "baud", "elsewhere":
      try emit(word == "now" ? .now : word == "baud" ? .baud : .elsewhere)
      return .number
    case "position":
      try emit(.position)
      return .number
    case "typed":
      try emit(.typed(.text))
      return .text
    case "typed-length":
      try emit(.typed(.length))
      return .number
    case "typed-odd":
      try emit(.typed(.odd))
      return .number
    case "line-text", "result":
      try emit(word == "line-text" ? .lineText : .result)
      return .text
    case "reason":
      try emit(.reason)
      return .unknown
    case "error":
      try emit(.errorCode)
      return .number
    case "unknown":
      try emit(.constant(.unknown))
      return .unknown
    default:
      if scanner.peek == 0x5B { return try unknownMap(word, start) }
      unresolved.append((operations.count, word, start))
      try emit(.constant(.unknown))
      return .unknown
    }
  }

  private mutating func read(
    _ memory: ExpressionScope.Memory, _ word: String, _ start: Int
  ) throws(LanguageError) -> ExpressionKind {
    guard scanner.take("[") else {
      if memory.keys > 0 {
        mistake(start, "'\(word)' is a map", "write \(word)[key], count(\(word)) or sum(\(word))")
      }
      try emit(.memory(memory.index))
      return kind(of: memory)
    }
    let keys = try readKeys()
    if keys != memory.keys {
      mistake(
        start, "'\(word)' has \(memory.keys) key\(memory.keys == 1 ? "" : "s"), \(keys) given",
        memory.keys == 0 ? "leave the [ ] out" : memory.keys == 1 ? "write \(word)[key]" : "write \(word)[key, key]")
    }
    try emit(.entry(memory: memory.index, keys: keys))
    return kind(of: memory)
  }

  /// Its keys are read all the same, for what may be wrong with them.
  private mutating func unknownMap(_ word: String, _ start: Int) throws(LanguageError) -> ExpressionKind {
    let first = operations.count
    mistake(
      start, "there is no memory '\(Diagnostic.shown(word))'",
      Spelling.suggestion(word, scope.memory.keys.sorted(), "declare it under memory:"))
    scanner.at += 1
    _ = try readKeys()
    operations.removeLast(operations.count - first)
    try emit(.constant(.unknown))
    return .unknown
  }

  private func kind(of memory: ExpressionScope.Memory) -> ExpressionKind {
    memory.states.isEmpty ? .unknown : .state(memory.states)
  }

  /// Behind the `[`, up to and with the `]`.
  private mutating func readKeys() throws(LanguageError) -> Int {
    var keys = 0
    repeat {
      let key = try implication()
      reportUnresolved(from: key.first)
      keys += 1
      scanner.skipBlanks()
    } while scanner.take(",")
    guard scanner.take("]") else { throw LanguageError(scanner.at, "] is expected", help: "write name[key]") }
    return keys
  }

  // MARK: Functions

  private mutating func function(_ word: String, _ start: Int) throws(LanguageError) -> ExpressionKind {
    let kind: ExpressionKind
    switch word {
    case "given", "length", "trait", "octet", "tail": kind = try ofParameter(word)
    case "waited", "lasted": kind = try ofTime(word)
    case "count", "sum", "held": kind = try ofMap(word)
    case "begins", "ends", "pieces", "longest": kind = try ofText(word)
    case "known":
      let value = try implication()
      reportUnresolved(from: value.first)
      try emit(.known)
      kind = .truth
    default: kind = try ofTwo(word)
    }
    scanner.skipBlanks()
    guard scanner.take(")") else { throw LanguageError(scanner.at, ") is expected", help: "close \(word)(…)") }
    return kind
  }

  private mutating func ofParameter(_ word: String) throws(LanguageError) -> ExpressionKind {
    scanner.skipBlanks()
    let at = scanner.at
    let name = scanner.name()
    let field = scope.field(name)
    let parameter = scope.parameter(name)
    var traits: Field.Traits = []
    if word == "trait" { traits = try traitName() }
    if word == "octet" || word == "tail" { try secondNumber(word) }
    if field == nil, parameter == nil, !scope.isOpen {
      let names = scope.parameters.map(\.name) + scope.fields.map(\.name)
      mistake(
        at, "'\(Diagnostic.shown(name))' is no parameter and no field",
        Spelling.suggestion(name, names, "\(word) takes a parameter of the command or a value of the line"))
    }
    switch word {
    case "given": try emit(field.map { .givenField($0) } ?? .given(parameter ?? 0))
    case "length": try emit(field.map { .lengthField($0) } ?? .length(parameter ?? 0))
    case "octet": try emit(field.map { .octetField($0) } ?? .octet(parameter ?? 0))
    case "tail": try emit(field.map { .tailField($0) } ?? .tail(parameter ?? 0))
    default: try emit(field.map { .traitField($0, traits) } ?? .trait(parameter ?? 0, traits))
    }
    return ["length", "octet", "tail"].contains(word) ? .number : .truth
  }

  private mutating func secondNumber(_ word: String) throws(LanguageError) {
    let help = word == "octet" ? "octet(data, 0) is the first octet" : "tail(number, 7) are the last seven digits"
    scanner.skipBlanks()
    guard scanner.take(",") else {
      throw LanguageError(scanner.at, "\(word) takes a value and a number", help: help)
    }
    let number = try implication()
    reportUnresolved(from: number.first)
    if number.kind == .text || !number.kind.states.isEmpty { mistake(number.at, "no number", help) }
  }

  private mutating func ofTime(_ word: String) throws(LanguageError) -> ExpressionKind {
    let time = try implication()
    reportUnresolved(from: time.first)
    if time.kind == .text || !time.kind.states.isEmpty {
      mistake(time.at, "no time", "\(word) takes a time that `now` was kept in")
    }
    try emit(word == "waited" ? .waited : .lasted)
    return .number
  }

  /// `begins(param, 'text')`, `pieces(param, ';')`
  private mutating func ofText(_ word: String) throws(LanguageError) -> ExpressionKind {
    scanner.skipBlanks()
    let at = scanner.at
    let name = scanner.name()
    let field = scope.field(name)
    let parameter = scope.parameter(name)
    if field == nil, parameter == nil, !scope.isOpen {
      let names = scope.parameters.map(\.name) + scope.fields.map(\.name)
      mistake(
        at, "'\(Diagnostic.shown(name))' is no parameter and no field",
        Spelling.suggestion(name, names, "\(word) takes a parameter of the command or a value of the line"))
    }
    scanner.skipBlanks()
    guard scanner.take(",") else {
      throw LanguageError(scanner.at, "\(word) takes a value and a text", help: "write \(word)(name, 'text')")
    }
    scanner.skipBlanks()
    guard scanner.peek == 0x27 else {
      throw LanguageError(scanner.at, "a text is expected", help: "write \(word)(name, 'text')")
    }
    let place = scanner.at
    let argument = Array(try quoted().utf8)
    let question: Program.TextTest.Question =
      word == "begins" ? .begins : word == "ends" ? .ends : word == "pieces" ? .pieces : .longest
    let divides = question == .pieces || question == .longest
    if divides, argument.count != 1 {
      mistake(place, "no single character", "\(word) divides a text at one character: \(word)(name, ';')")
    }
    try emit(
      .textual(
        Program.TextTest(
          question: question, position: field ?? parameter ?? 0, isField: field != nil, argument: arguments.count)))
    arguments.append(argument)
    return divides ? .number : .truth
  }

  private mutating func traitName() throws(LanguageError) -> Field.Traits {
    scanner.skipBlanks()
    guard scanner.take(",") else {
      throw LanguageError(scanner.at, "trait takes a parameter and a charset", help: "trait(name, hex)")
    }
    scanner.skipBlanks()
    let at = scanner.at
    let word = scanner.name()
    if let traits = TypeParser.traits(word) { return traits }
    let names = ["digits", "hex", "ascii", "printable", "graphic", "alphanumeric"]
    mistake(
      at, "'\(Diagnostic.shown(word))' is no charset", Spelling.suggestion(word, names, names.joined(separator: ", ")))
    return []
  }

  private mutating func ofMap(_ word: String) throws(LanguageError) -> ExpressionKind {
    scanner.skipBlanks()
    let at = scanner.at
    let name = scanner.name()
    let maps = scope.memory.filter { $0.value.keys > 0 }
    if maps[name] == nil {
      mistake(
        at, "'\(Diagnostic.shown(name))' is no map",
        Spelling.suggestion(name, maps.keys.sorted(), "\(word) takes a memory with `by:`"))
    }
    let index = maps[name]?.index ?? 0
    switch word {
    case "count": try emit(.count(memory: index))
    case "sum": try emit(.sum(memory: index))
    default: try emit(.held(memory: index))
    }
    return .number
  }

  private mutating func ofTwo(_ word: String) throws(LanguageError) -> ExpressionKind {
    let left = try implication()
    scanner.skipBlanks()
    guard scanner.take(",") else {
      throw LanguageError(scanner.at, "\(word) takes two values", help: "write \(word)(a, b)")
    }
    let right = try implication()
    if word == "otherwise" {
      resolve(from: right.first, as: left.kind.states)
      reportUnresolved(from: left.first, states: left.kind.states)
      try emit(.otherwise)
      return left.kind == right.kind ? left.kind : left.kind == .unknown ? right.kind : .unknown
    }
    reportUnresolved(from: left.first)
    for side in [left, right] where side.kind == .text || !side.kind.states.isEmpty {
      mistake(side.at, "no number", "\(word) takes numbers")
    }
    try emit(word == "min" ? .minimum : .maximum)
    return .number
  }

  // MARK: Targets of moves

  /// A memory that is changed: `name` or `name[key, key]`.
  struct Target {
    var name = ""
    var keys: [Program] = []
    var mistakes: [LanguageError] = []
  }

  static func target(_ text: String, in scope: ExpressionScope) -> Target {
    var parser = ExpressionParser(text, scope, [])
    var target = Target()
    do throws(LanguageError) {
      try parser.readTarget(&target)
    } catch {
      parser.mistakes.append(error)
    }
    target.mistakes = parser.mistakes
    return target
  }

  private mutating func readTarget(_ target: inout Target) throws(LanguageError) {
    scanner.skipBlanks()
    target.name = scanner.name()
    guard !target.name.isEmpty else {
      throw LanguageError(scanner.at, "a memory is expected", help: "write name or name[key]")
    }
    scanner.skipBlanks()
    if scanner.take("[") {
      repeat {
        let first = operations.count
        _ = try implication()
        reportUnresolved(from: first)
        let program = Array(operations[first...])
        guard Self.deepest(program) <= Program.maximumDepth else {
          throw LanguageError(scanner.at, "the key is nested too deeply", help: "write a simpler one")
        }
        target.keys.append(self.program(of: program))
        scanner.skipBlanks()
      } while scanner.take(",")
      guard scanner.take("]") else { throw LanguageError(scanner.at, "] is expected", help: "write name[key]") }
      scanner.skipBlanks()
    }
    guard scanner.isAtEnd else {
      throw LanguageError(
        scanner.at, "'\(Diagnostic.shown(scanner.character))' behind the memory", help: "write name or name[key]")
    }
  }
}
