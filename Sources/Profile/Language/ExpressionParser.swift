import Trace

/// The names that an expression can see.
struct ExpressionScope {
  struct Memory {
    var index: Int
    var states: [String]
    var keys: Int
  }
  /// Values of the line or payload event at hand, by position.
  var fields: [String: Int] = [:]
  /// Parameters of the command, by position, with their defaults.
  var parameters: [String: (position: Int, fallback: Value)] = [:]
  var memory: [String: Memory] = [:]

  static let functions = ["given", "known", "length", "trait", "count", "sum", "min", "max", "otherwise"]
  static let constants = ["command", "form", "copies"]

  var names: [String] { Array(fields.keys) + Array(parameters.keys) + Array(memory.keys) + Self.constants + Self.functions }
}

/// Compiles an expression to postfix operations, resolving every name.
struct ExpressionParser {
  private let scope: ExpressionScope
  /// States of the memory that the result is assigned to.
  private let expected: [String]
  private var scanner: TextScanner
  private var operations: [Program.Operation] = []
  private var allRanges: [ClosedRange<Int64>] = []
  private var allTexts: [UInt64] = []
  /// States of the memory that was read last, when it was read alone.
  private var states: [String] = []
  private var depth = 0

  static let nestingLimit = 64
  static let operationLimit = 512

  static func compile(_ text: String, in scope: ExpressionScope, states: [String] = []) throws(LanguageError) -> Program {
    var parser = ExpressionParser(text, scope, states)
    return try parser.program()
  }

  private init(_ text: String, _ scope: ExpressionScope, _ expected: [String]) {
    self.scope = scope
    self.expected = expected
    states = expected
    scanner = TextScanner(text)
  }

  private mutating func program() throws(LanguageError) -> Program {
    scanner.skipBlanks()
    guard !scanner.isAtEnd else { throw LanguageError(0, "an empty expression") }
    try implication()
    scanner.skipBlanks()
    guard scanner.isAtEnd else {
      throw LanguageError(scanner.at, "something behind the end of the expression", help: "operators: + - * / % == != < <= > >= in ! && || ->")
    }
    guard Self.deepest(operations) <= Program.maximumDepth else {
      throw LanguageError(0, "the expression is nested too deeply", help: "split it into several rules")
    }
    return Program(operations, ranges: allRanges, texts: allTexts)
  }

  /// How many values the operations keep at once.
  private static func deepest(_ operations: [Program.Operation]) -> Int {
    var height = 0
    var most = 0
    for operation in operations {
      switch operation {
      case .constant, .field, .parameter, .memory, .count, .sum, .commandName, .formName, .copies, .given, .givenField,
        .length, .lengthField, .trait, .traitField:
        height += 1
      case .entry(_, let keys): height += 1 - keys
      case .known, .not, .negate, .within, .oneOf: break
      default: height -= 1
      }
      most = max(most, height)
    }
    return most
  }

  private mutating func emit(_ operation: Program.Operation) throws(LanguageError) {
    guard operations.count < Self.operationLimit else { throw LanguageError(scanner.at, "the expression is too long") }
    operations.append(operation)
  }

  // MARK: Operators, weakest first

  private mutating func implication() throws(LanguageError) {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.nestingLimit else { throw LanguageError(scanner.at, "the expression is nested too deeply") }
    try disjunction()
    scanner.skipBlanks()
    if scanner.take("->") {
      try implication()
      try emit(.implies)
    }
  }

  private mutating func disjunction() throws(LanguageError) {
    try conjunction()
    scanner.skipBlanks()
    while scanner.take("||") {
      try conjunction()
      try emit(.or)
      scanner.skipBlanks()
    }
  }

  private mutating func conjunction() throws(LanguageError) {
    try comparison()
    scanner.skipBlanks()
    while scanner.take("&&") {
      try comparison()
      try emit(.and)
      scanner.skipBlanks()
    }
  }

  private mutating func comparison() throws(LanguageError) {
    try sum()
    scanner.skipBlanks()
    let left = states
    let operation: Program.Operation
    if scanner.take("==") {
      operation = .equal
    } else if scanner.take("!=") {
      operation = .unequal
    } else if scanner.take("<=") {
      operation = .lessOrEqual
    } else if scanner.take(">=") {
      operation = .greaterOrEqual
    } else if scanner.take("<") {
      operation = .less
    } else if scanner.take(">") {
      operation = .greater
    } else if takeWord("in") {
      try membership(left)
      states = expected
      return
    } else {
      return
    }
    states = left
    try sum()
    try emit(operation)
    states = expected
  }

  private mutating func takeWord(_ word: String) -> Bool {
    let before = scanner.at
    if scanner.name() == word { return true }
    scanner.at = before
    return false
  }

  /// `{1, 3..5}`, `{'a', 'b'}` or `{open, closed}`.
  private mutating func membership(_ left: [String]) throws(LanguageError) {
    scanner.skipBlanks()
    let start = scanner.at
    guard scanner.take("{") else { throw LanguageError(start, "{ is expected behind in", help: "write `x in {1, 3..5}`") }
    var ranges: [ClosedRange<Int64>] = []
    var texts: [UInt64] = []
    repeat {
      scanner.skipBlanks()
      let at = scanner.at
      if scanner.peek == 0x27 {
        texts.append(TextHash.of(try quoted().utf8))
      } else if let low = scanner.number() {
        let high = scanner.take("..") ? scanner.number() ?? .max : low
        guard low <= high else { throw LanguageError(at, "an empty range") }
        ranges.append(low...high)
      } else {
        let word = scanner.name()
        guard let index = left.firstIndex(of: word) else {
          throw LanguageError(at, "'\(Diagnostic.shown(word))' is no value here", help: TypeParser.suggestion(word, left, "numbers, 'texts' or states"))
        }
        ranges.append(Int64(index)...Int64(index))
      }
      scanner.skipBlanks()
    } while scanner.take(",")
    guard scanner.take("}") else { throw LanguageError(scanner.at, "} is expected") }
    if texts.isEmpty {
      try emit(.within(first: allRanges.count, count: ranges.count))
      allRanges += ranges
    } else {
      try emit(.oneOf(first: allTexts.count, count: texts.count))
      allTexts += texts
    }
  }

  private mutating func sum() throws(LanguageError) {
    try product()
    scanner.skipBlanks()
    while true {
      if scanner.take("+") {
        try product()
        try emit(.add)
      } else if scanner.peek == 0x2D, scanner.at + 1 < scanner.bytes.count, scanner.bytes[scanner.at + 1] != 0x3E {
        scanner.at += 1
        try product()
        try emit(.subtract)
      } else {
        return
      }
      states = []
      scanner.skipBlanks()
    }
  }

  private mutating func product() throws(LanguageError) {
    try unary()
    scanner.skipBlanks()
    while true {
      if scanner.take("*") {
        try unary()
        try emit(.multiply)
      } else if scanner.take("/") {
        try unary()
        try emit(.divide)
      } else if scanner.take("%") {
        try unary()
        try emit(.remainder)
      } else {
        return
      }
      states = []
      scanner.skipBlanks()
    }
  }

  private mutating func unary() throws(LanguageError) {
    scanner.skipBlanks()
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.nestingLimit else { throw LanguageError(scanner.at, "the expression is nested too deeply") }
    if scanner.peek == 0x21, scanner.at + 1 < scanner.bytes.count, scanner.bytes[scanner.at + 1] != 0x3D {
      scanner.at += 1
      try unary()
      try emit(.not)
    } else if scanner.take("-") {
      try unary()
      try emit(.negate)
    } else {
      try primary()
    }
  }

  // MARK: Values

  private mutating func primary() throws(LanguageError) {
    scanner.skipBlanks()
    let start = scanner.at
    if scanner.take("(") {
      try implication()
      scanner.skipBlanks()
      guard scanner.take(")") else { throw LanguageError(scanner.at, ") is expected") }
      return
    }
    if scanner.peek == 0x27 {
      try emit(.constant(.text(hash: TextHash.of(try quoted().utf8))))
      return
    }
    if let number = scanner.number() {
      try emit(.constant(.number(number &* unit())))
      return
    }
    let word = scanner.name()
    guard !word.isEmpty else { throw LanguageError(start, "a value is expected", help: "a number, a 'text' or a name") }
    scanner.skipBlanks()
    if scanner.peek == 0x28, ExpressionScope.functions.contains(word) {
      scanner.at += 1
      try function(word, start)
      return
    }
    try name(word, start)
  }

  /// Durations are milliseconds.
  private mutating func unit() -> Int64 {
    if scanner.take("ms") { return 1 }
    if scanner.take("min") { return 60_000 }
    if scanner.take("s") { return 1000 }
    if scanner.take("h") { return 3_600_000 }
    return 1
  }

  private mutating func quoted() throws(LanguageError) -> String {
    let start = scanner.at
    scanner.at += 1
    let text = scanner.while_ { $0 != 0x27 }
    guard scanner.take("'") else { throw LanguageError(start, "this text is not closed", help: "write 'text'") }
    return text
  }

  private mutating func name(_ word: String, _ start: Int) throws(LanguageError) {
    let inherited = states
    states = []
    if let position = scope.fields[word] {
      try emit(.field(position))
    } else if let parameter = scope.parameters[word] {
      try emit(.parameter(parameter.position, default: parameter.fallback))
    } else if let memory = scope.memory[word] {
      try read(memory, word, start)
      states = memory.states
    } else if let index = inherited.firstIndex(of: word) {
      try emit(.constant(.number(Int64(index))))
      states = inherited
    } else {
      switch word {
      case "command": try emit(.commandName)
      case "form": try emit(.formName)
      case "copies": try emit(.copies)
      case "unknown": try emit(.constant(.unknown))
      default:
        throw LanguageError(
          start, "'\(Diagnostic.shown(word))' is not known here",
          help: TypeParser.suggestion(word, scope.names + inherited, "names: fields, parameters, memory"))
      }
    }
  }

  private mutating func read(_ memory: ExpressionScope.Memory, _ word: String, _ start: Int) throws(LanguageError) {
    guard scanner.take("[") else {
      guard memory.keys == 0 else {
        throw LanguageError(start, "'\(word)' is a map", help: "write \(word)[key], count(\(word)) or sum(\(word))")
      }
      try emit(.memory(memory.index))
      return
    }
    var keys = 0
    repeat {
      try implication()
      keys += 1
      scanner.skipBlanks()
    } while scanner.take(",")
    guard scanner.take("]") else { throw LanguageError(scanner.at, "] is expected") }
    guard keys == memory.keys else {
      throw LanguageError(start, "'\(word)' has \(memory.keys) key\(memory.keys == 1 ? "" : "s"), \(keys) given")
    }
    try emit(.entry(memory: memory.index, keys: keys))
  }

  private mutating func function(_ word: String, _ start: Int) throws(LanguageError) {
    switch word {
    case "given", "length", "trait":
      let at = scanner.at
      scanner.skipBlanks()
      let name = scanner.name()
      let field = scope.fields[name]
      let parameter = scope.parameters[name]?.position
      guard field != nil || parameter != nil else {
        throw LanguageError(
          at, "'\(Diagnostic.shown(name))' is no parameter or field",
          help: TypeParser.suggestion(name, Array(scope.parameters.keys) + Array(scope.fields.keys), "\(word) takes a parameter or field"))
      }
      var traits: Field.Traits = []
      if word == "trait" { traits = try traitName() }
      switch (word, field, parameter) {
      case ("given", let field?, _): try emit(.givenField(field))
      case ("given", _, let parameter?): try emit(.given(parameter))
      case ("length", let field?, _): try emit(.lengthField(field))
      case ("length", _, let parameter?): try emit(.length(parameter))
      case (_, let field?, _): try emit(.traitField(field, traits))
      case (_, _, let parameter?): try emit(.trait(parameter, traits))
      default: break
      }
    case "count", "sum":
      scanner.skipBlanks()
      let at = scanner.at
      let name = scanner.name()
      guard let memory = scope.memory[name], memory.keys > 0 else {
        throw LanguageError(at, "'\(Diagnostic.shown(name))' is no map", help: "\(word) takes a memory with `by:`")
      }
      try emit(word == "count" ? .count(memory: memory.index) : .sum(memory: memory.index))
    case "known":
      try implication()
      try emit(.known)
    default:
      try implication()
      scanner.skipBlanks()
      guard scanner.take(",") else { throw LanguageError(scanner.at, "\(word) takes two values") }
      try implication()
      try emit(word == "min" ? .minimum : word == "max" ? .maximum : .otherwise)
    }
    scanner.skipBlanks()
    guard scanner.take(")") else { throw LanguageError(scanner.at, ") is expected") }
    states = []
  }

  private mutating func traitName() throws(LanguageError) -> Field.Traits {
    scanner.skipBlanks()
    guard scanner.take(",") else { throw LanguageError(scanner.at, "trait takes a parameter and a charset", help: "trait(name, hex)") }
    scanner.skipBlanks()
    let at = scanner.at
    switch scanner.name() {
    case "digits": return .digits
    case "hex": return .hex
    case "ascii": return .ascii
    case "printable": return .printable
    case "graphic": return .graphic
    case "alphanumeric": return .alphanumeric
    default: throw LanguageError(at, "this is no charset", help: "digits, hex, ascii, printable, graphic, alphanumeric")
    }
  }
}
