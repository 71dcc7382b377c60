import Trace

/// The operators, weakest first.
extension ExpressionParser {
  mutating func implication() throws(LanguageError) -> Operand {
    try nest()
    defer { nesting -= 1 }
    let left = try disjunction()
    scanner.skipBlanks()
    guard scanner.take("->") else { return left }
    let right = try implication()
    try emit(.implies)
    return condition(left, right)
  }

  private mutating func disjunction() throws(LanguageError) -> Operand {
    var left = try conjunction()
    scanner.skipBlanks()
    while scanner.take("||") {
      let right = try conjunction()
      try emit(.or)
      left = condition(left, right)
      scanner.skipBlanks()
    }
    return left
  }

  private mutating func conjunction() throws(LanguageError) -> Operand {
    var left = try comparison()
    scanner.skipBlanks()
    while scanner.take("&&") {
      let right = try comparison()
      try emit(.and)
      left = condition(left, right)
      scanner.skipBlanks()
    }
    return left
  }

  private mutating func condition(_ left: Operand, _ right: Operand) -> Operand {
    for side in [left, right] where side.kind == .text || !side.kind.states.isEmpty {
      mistake(side.at, "no condition", "compare it: name == 'text', memory == state")
    }
    return Operand(kind: .truth, at: left.at, first: left.first)
  }

  // MARK: Comparisons

  private mutating func comparison() throws(LanguageError) -> Operand {
    let left = try sum()
    scanner.skipBlanks()
    let place = scanner.at
    guard let operation = comparisonOperator() else {
      guard takeWord("in") else { return left }
      reportUnresolved(from: left.first)
      try membership(left)
      return Operand(kind: .truth, at: left.at, first: left.first)
    }
    let right = try sum()
    resolve(from: right.first, as: left.kind.states)
    resolve(from: left.first, as: right.kind.states)
    reportUnresolved(from: left.first, states: left.kind.states + right.kind.states)
    checkCommand(left, right)
    try emit(operation)
    checkComparison(left, operation, right, place)
    return Operand(kind: .truth, at: left.at, first: left.first)
  }

  private mutating func comparisonOperator() -> Program.Operation? {
    if scanner.take("==") { return .equal }
    if scanner.take("!=") { return .unequal }
    if scanner.take("<=") { return .lessOrEqual }
    if scanner.take(">=") { return .greaterOrEqual }
    if scanner.take("<") { return .less }
    return scanner.take(">") ? .greater : nil
  }

  private mutating func takeWord(_ word: String) -> Bool {
    let before = scanner.at
    if scanner.name() == word { return true }
    scanner.at = before
    return false
  }

  private mutating func checkComparison(
    _ left: Operand, _ operation: Program.Operation, _ right: Operand, _ place: Int
  ) {
    switch operation {
    case .equal, .unequal:
      switch (left.kind, right.kind) {
      case (.text, .number), (.text, .truth), (.number, .text), (.truth, .text):
        mistake(place, "a number is compared with a text", "write numbers without quotes and texts as 'text'")
      case (.state(let states), .text), (.text, .state(let states)):
        mistake(
          place, "a state is compared with a text",
          "write the state's name without quotes: \(states.joined(separator: ", "))")
      case (.state(let a), .state(let b)) where a != b:
        mistake(
          place, "states of two different memories are compared",
          "compare a memory with its own states: \(a.joined(separator: ", "))")
      default: break
      }
    default:
      for side in [left, right] where side.kind == .text {
        mistake(side.at, "a text has no order", "compare it with == or !=")
      }
    }
  }

  /// `command` and `form` are compared with names that there are.
  private mutating func checkCommand(_ left: Operand, _ right: Operand) {
    guard left.first < operations.count, right.first < operations.count else { return }
    checkName(operations[left.first], right.at)
    checkName(operations[right.first], left.at)
  }

  private mutating func checkName(_ operation: Program.Operation, _ at: Int) {
    var ahead = scanner
    ahead.at = at
    guard ahead.take("'") else { return }
    let text = ahead.prefix { $0 != 0x27 }
    switch operation {
    case .commandName:
      if !scope.commands.isEmpty, !scope.commands.contains(text) {
        mistake(
          at, "there is no command '\(Diagnostic.shown(text))'",
          Spelling.suggestion(text, scope.commands.sorted(), "write its name as it stands under commands:"),
          severity: .warning)
      }
    case .formName:
      let names = Form.allCases.map(\.name)
      if !names.contains(text) {
        mistake(
          at, "'\(Diagnostic.shown(text))' is no form",
          Spelling.suggestion(text, names, "'test', 'read', 'exec' or 'write'"))
      }
    default: break
    }
  }

  /// `{1, 3..5}`, `{'a', 'b'}` or `{open, closed}`.
  private mutating func membership(_ left: Operand) throws(LanguageError) {
    scanner.skipBlanks()
    guard scanner.take("{") else {
      throw LanguageError(scanner.at, "{ is expected behind in", help: "write `x in {1, 3..5}`")
    }
    let start = scanner.at
    let states = left.kind.states
    var ranges: [ClosedRange<Int64>] = []
    var texts: [UInt64] = []
    repeat {
      scanner.skipBlanks()
      let at = scanner.at
      if scanner.peek == 0x27 {
        texts.append(TextHash.of(try quoted().utf8))
        if left.first < operations.count { checkName(operations[left.first], at) }
      } else if let byte = scanner.peek, TextScanner.isDigit(byte) || byte == 0x2D || byte == 0x2E {
        if let range = try range() { ranges.append(range) }
      } else {
        let word = scanner.name()
        guard !word.isEmpty else { throw LanguageError(at, "a value is expected", help: "write `x in {1, 3..5}`") }
        if let index = states.firstIndex(of: word) {
          ranges.append(Int64(index)...Int64(index))
        } else {
          mistake(
            at, "'\(Diagnostic.shown(word))' is no value here",
            Spelling.suggestion(
              word, states, states.isEmpty ? "numbers, ranges or 'texts'" : "states: \(states.joined(separator: ", "))")
          )
        }
      }
      scanner.skipBlanks()
    } while scanner.take(",")
    guard scanner.take("}") else { throw LanguageError(scanner.at, "} is expected", help: "write `x in {1, 3..5}`") }
    if !texts.isEmpty && !ranges.isEmpty {
      mistake(start, "numbers and texts in one set", "write two conditions with ||")
    } else if left.kind == .text && texts.isEmpty && !ranges.isEmpty {
      mistake(start, "a text is compared with numbers", "write texts as 'text'")
    } else if left.kind != .text && left.kind != .unknown && !texts.isEmpty {
      mistake(start, "a number or state is compared with texts", "write numbers and states without quotes")
    }
    try emitMembership(ranges, texts)
  }

  private mutating func range() throws(LanguageError) -> ClosedRange<Int64>? {
    let at = scanner.at
    let low = scanner.number()
    guard scanner.take("..") else {
      guard let low else { throw LanguageError(at, "a number is expected", help: "write `x in {1, 3..5}`") }
      return low...low
    }
    let high = scanner.number()
    guard low != nil || high != nil else {
      throw LanguageError(at, "a range without an end", help: "write 3..5, 3.. or ..5")
    }
    let (from, to) = (low ?? .min, high ?? .max)
    guard from <= to else {
      mistake(at, "an empty range", "write the smaller number first: \(to)..\(from)")
      return nil
    }
    return from...to
  }

  // MARK: Calculations

  mutating func sum() throws(LanguageError) -> Operand {
    var left = try product()
    scanner.skipBlanks()
    while true {
      let operation: Program.Operation
      if scanner.take("+") {
        operation = .add
      } else if scanner.peek == 0x2D, scanner.peek(ahead: 1) != 0x3E {
        scanner.at += 1
        operation = .subtract
      } else {
        return left
      }
      let right = try product()
      try emit(operation)
      left = calculated(left, right)
      scanner.skipBlanks()
    }
  }

  private mutating func product() throws(LanguageError) -> Operand {
    var left = try unary()
    scanner.skipBlanks()
    while true {
      let operation: Program.Operation
      if scanner.take("*") {
        operation = .multiply
      } else if scanner.take("/") {
        operation = .divide
      } else if scanner.take("%") {
        operation = .remainder
      } else {
        return left
      }
      let right = try unary()
      try emit(operation)
      left = calculated(left, right)
      scanner.skipBlanks()
    }
  }

  private mutating func calculated(_ left: Operand, _ right: Operand) -> Operand {
    reportUnresolved(from: left.first)
    for side in [left, right] where side.kind == .text || !side.kind.states.isEmpty {
      mistake(side.at, "no number", "only numbers can be calculated with")
    }
    return Operand(kind: .number, at: left.at, first: left.first)
  }

  private mutating func unary() throws(LanguageError) -> Operand {
    scanner.skipBlanks()
    try nest()
    defer { nesting -= 1 }
    let at = scanner.at
    if scanner.peek == 0x21, scanner.peek(ahead: 1) != 0x3D {
      scanner.at += 1
      let value = try unary()
      reportUnresolved(from: value.first)
      if value.kind == .text || !value.kind.states.isEmpty {
        mistake(value.at, "no condition", "! turns a condition round; texts and states are compared with !=")
      }
      try emit(.not)
      return Operand(kind: .truth, at: at, first: value.first)
    }
    if scanner.peek == 0x2D, scanner.peek(ahead: 1) != 0x3E {
      scanner.at += 1
      let value = try unary()
      try emit(.negate)
      return calculated(value, Operand(kind: .number, at: at, first: value.first))
    }
    return try primary()
  }
}
