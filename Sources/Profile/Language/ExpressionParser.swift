import Trace

/// Compiles an expression to postfix operations, resolving every name.
///
/// Mistakes of grammar end the reading; wrong names and kinds are collected, so that all of them can be shown.
struct ExpressionParser {
  /// What the expression is for.
  enum Use {
    /// It holds or not.
    case condition
    /// A value that is kept in a memory with these states (none: any value).
    case value([String])
    /// Milliseconds.
    case duration
  }

  static let nestingLimit = 64
  static let operationLimit = 512

  let scope: ExpressionScope
  /// States of the memory that the result is assigned to.
  let expected: [String]
  var scanner: TextScanner
  var operations: [Program.Operation] = []
  /// What the tests for membership refer to.
  var ranges: [ClosedRange<Int64>] = []
  var texts: [UInt64] = []
  var arguments: [[UInt8]] = []
  /// Names that may yet turn out to be states of what stands on the other side of a comparison.
  var unresolved: [(operation: Int, word: String, at: Int)] = []
  var mistakes: [LanguageError] = []
  var nesting = 0

  /// The value of an operand: its kind, and where it begins in the text and in the operations.
  struct Operand {
    var kind: ExpressionKind
    var at: Int
    var first: Int
  }

  /// The program (empty where there are mistakes).
  static func compile(
    _ text: String, in scope: ExpressionScope, for use: Use
  ) -> (program: Program, mistakes: [LanguageError]) {
    var expected: [String] = []
    if case .value(let states) = use { expected = states }
    var parser = ExpressionParser(text, scope, expected)
    do throws(LanguageError) {
      try parser.whole(use)
    } catch {
      parser.mistakes.append(error)
    }
    let isUsable = !parser.mistakes.contains { $0.severity == .error }
    return (isUsable ? parser.program(of: parser.operations) : .empty, parser.mistakes)
  }

  init(_ text: String, _ scope: ExpressionScope, _ expected: [String]) {
    self.scope = scope
    self.expected = expected
    scanner = TextScanner(text)
  }

  private mutating func whole(_ use: Use) throws(LanguageError) {
    scanner.skipBlanks()
    guard !scanner.isAtEnd else {
      throw LanguageError(0, "an empty expression", help: "leave the key out, or write a condition")
    }
    let result = try implication()
    scanner.skipBlanks()
    guard scanner.isAtEnd else {
      throw LanguageError(
        scanner.at, "'\(Diagnostic.shown(scanner.character))' behind the end of the expression", help: helpBehind())
    }
    reportUnresolved(from: 0)
    if case .duration = use, operations.count == 1, case .constant(let time) = operations[0], time.bits != 0,
      let last = scanner.lastVisible, TextScanner.isDigit(last)
    {
      mistake(result.at, "a time without a unit", "write \(time.bits)s, \(time.bits)ms or \(time.bits)min")
    }
    guard Self.deepest(operations) <= Program.maximumDepth else {
      throw LanguageError(
        0, "the expression keeps more than \(Program.maximumDepth) values at once", help: "split it into several rules")
    }
    check(result, use)
  }

  /// What may be meant by something behind the end.
  private func helpBehind() -> String {
    if scanner.peek == 0x3D { return "write == to compare" }
    if scanner.peek == 0x5B { return "a value of this name hides the map; give one of them another name" }
    var rest = scanner
    let word = rest.name()
    if ["ms", "s", "min", "h"].contains(word) { return "write the unit without a blank: 3\(word)" }
    return "operators: + - * / % == != < <= > >= in ! && || ->"
  }

  private mutating func check(_ result: Operand, _ use: Use) {
    switch (use, result.kind) {
    case (.condition, .text): mistake(result.at, "a text where a condition is expected", "compare it: name == 'text'")
    case (.condition, .state):
      mistake(result.at, "a state where a condition is expected", "compare it: memory == state")
    case (.duration, .text), (.duration, .state), (.duration, .truth):
      mistake(result.at, "no time", "write a time like 30s, 500ms or 2min, or calculate milliseconds")
    case (.value(let states), .text) where !states.isEmpty:
      mistake(result.at, "a text for a memory with states", "states: \(states.joined(separator: ", "))")
    case (.value(let states), .number) where !states.isEmpty:
      if operations.count == 1, case .constant(let value) = operations[0], value.bits < 0 || value.bits >= states.count
      {
        mistake(result.at, "a number that is none of the states", "states: \(states.joined(separator: ", "))")
      }
    default: break
    }
  }

  mutating func mistake(_ at: Int, _ message: String, _ help: String, severity: Severity = .error) {
    mistakes.append(LanguageError(at, message, help: help, severity: severity))
  }

  mutating func emit(_ operation: Program.Operation) throws(LanguageError) {
    guard operations.count < Self.operationLimit else {
      throw LanguageError(scanner.at, "the expression is too long", help: "split it into several rules")
    }
    operations.append(operation)
  }

  mutating func emitMembership(_ ranges: [ClosedRange<Int64>], _ texts: [UInt64]) throws(LanguageError) {
    if texts.isEmpty {
      try emit(.within(first: self.ranges.count, count: ranges.count))
      self.ranges += ranges
    } else {
      try emit(.oneOf(first: self.texts.count, count: texts.count))
      self.texts += texts
    }
  }

  func program(of operations: [Program.Operation]) -> Program {
    Program(operations, ranges: ranges, texts: texts, arguments: arguments)
  }

  mutating func nest() throws(LanguageError) {
    nesting += 1
    guard nesting < Self.nestingLimit else {
      throw LanguageError(scanner.at, "the expression is nested too deeply", help: "split it into several rules")
    }
  }

  /// How many values the operations keep at once.
  static func deepest(_ operations: [Program.Operation]) -> Int {
    var height = 0
    var most = 0
    for operation in operations {
      height += operation.change
      most = max(most, height)
    }
    return most
  }

  // MARK: Names that only a comparison explains

  /// Turns the names behind operation `first` into states of what they are compared with.
  mutating func resolve(from first: Int, as states: [String]) {
    guard !states.isEmpty else { return }
    unresolved.removeAll { name in
      guard name.operation >= first, let index = states.firstIndex(of: name.word) else { return false }
      operations[name.operation] = .constant(.number(Int64(index)))
      return true
    }
  }

  /// What people call the count of a data part.
  private static let wordsForBytes = ["octets", "octet", "size", "length", "count", "received", "len"]

  /// The memory that has a state of this name.
  private func owner(ofState word: String) -> String? {
    scope.memory.keys.sorted().first { scope.memory[$0]?.states.contains(word) ?? false }
  }

  mutating func reportUnresolved(from first: Int, states: [String] = []) {
    for name in unresolved where name.operation >= first && !scope.isOpen {
      let help: String
      var what = "'\(Diagnostic.shown(name.word))' is not known here"
      if name.word == "copies" {
        what = "'copies' is known in lines only"
        help = "a rule about copies belongs to a line"
      } else if let dash = name.word.firstIndex(of: "-"), scope.isKnown(String(name.word[..<dash])) {
        help = "put blanks around - to subtract"
      } else if !states.isEmpty {
        help = Spelling.suggestion(name.word, states + scope.names, "states: \(states.joined(separator: ", "))")
      } else if let owner = owner(ofState: name.word) {
        what = "'\(name.word)' is a state, and nothing here is compared with it"
        help = "compare its memory: \(owner) == \(name.word)"
      } else if scope.field("bytes") != nil, Self.wordsForBytes.contains(name.word) {
        help = "did you mean 'bytes'?"
      } else {
        help = Spelling.suggestion(
          name.word, scope.names + scope.memory.values.flatMap(\.states),
          "known are fields, parameters, memory and states; a text is written 'text'")
      }
      mistake(name.at, what, help)
    }
    unresolved.removeAll { $0.operation >= first }
  }
}
