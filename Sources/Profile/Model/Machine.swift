import Trace

/// The memory that the manuals imply, and the evaluator of expressions over it.
///
/// Three-valued: what is not known yields `unknown`, and unknown decides nothing except where the other side of
/// `&&`, `||` or `->` already does. Evaluating allocates nothing; a map holds at most `mapLimit` entries and becomes
/// unknown when more would be needed.
public struct Machine: ~Copyable, Sendable {
  public static let mapLimit = 1024

  /// What an expression can see beside the memory and the fields.
  public struct Context: Sendable {
    public var command: UInt64
    public var form: UInt64
    public var copies: Int64
    /// Where the command stands in its line, from 1; 0: not known here.
    public var position: Int64
    public var typed: TypedText
    public var scene: Scene

    public init(
      command: UInt64 = 0, form: UInt64 = 0, copies: Int64 = 0, position: Int64 = 0, typed: TypedText = TypedText(),
      scene: Scene = Scene()
    ) {
      self.command = command
      self.form = form
      self.copies = copies
      self.position = position
      self.typed = typed
      self.scene = scene
    }
  }

  /// Where and when: what holds for everything that happens at one moment of the trace.
  public struct Scene: Sendable {
    /// The name of the port, in small letters.
    public var port = Value.unknown
    /// Milliseconds.
    public var now = Value.unknown
    public var baud = Value.unknown
    public var elsewhere = Value.unknown
    /// Milliseconds by which `now` is uncertain.
    public var step: Int64 = 0
    /// The code of the error result.
    public var error = Value.unknown
    public var lineText = Value.unknown
    public var result = Value.unknown
    public var reason = Value.unknown

    public init() {}
  }

  private struct Key: Hashable {
    var first: Int64
    var second: Int64
  }

  private struct Map {
    var entries: [Key: Value] = [:]
    /// False until the map is known to hold all there is: then counts and sums speak.
    var complete = false
  }

  private let specs: [MemorySpec]
  private var values: [Value]
  private var maps: [Map]
  private var stack = ValueStack()

  public init(_ book: Book) {
    specs = book.memory
    values = specs.map(\.atStart)
    maps = specs.map { Map(complete: $0.keys > 0 && $0.atStart.isKnown) }
  }

  /// The modem restarted.
  public mutating func reset() {
    for index in specs.indices where !specs[index].isKept {
      values[index] = specs[index].atReset
      if specs[index].keys > 0 {
        maps[index].entries.removeAll(keepingCapacity: true)
        maps[index].complete = specs[index].atReset.isKnown
      }
    }
  }

  /// Bytes are missing: nothing that was remembered can be relied on.
  public mutating func forgetAll() {
    for index in specs.indices {
      values[index] = .unknown
      maps[index].entries.removeAll(keepingCapacity: true)
      maps[index].complete = false
    }
  }

  public func value(of memory: Int) -> Value { values.indices.contains(memory) ? values[memory] : .unknown }

  /// The name of the state a memory is in, where it has named states.
  public func stateName(of memory: Int) -> String? {
    guard specs.indices.contains(memory), values[memory].tag == .number else { return nil }
    let index = Int(truncatingIfNeeded: values[memory].bits)
    return specs[memory].states.indices.contains(index) ? specs[memory].states[index] : nil
  }

  // MARK: Moves

  /// Without texts, questions about them stay unknown.
  public mutating func perform(
    _ move: Move, fields: Span<Field>, parameters: Span<Field>, context: Context
  ) {
    perform(
      move, fields: fields, text: Span<UInt8>(), parameters: parameters, parameterText: Span<UInt8>(), context: context)
  }

  /// Does one change; `fields` and `parameters` are what its expressions see, with the texts they point into.
  public mutating func perform(
    _ move: Move, fields: Span<Field>, text: Span<UInt8>, parameters: Span<Field>, parameterText: Span<UInt8>,
    context: Context
  ) {
    let memory = move.memory
    guard move.isRestart || specs.indices.contains(memory) else { return }
    if move.isRestart || move.isForgetting {
      let holds =
        move.condition.isEmpty
        ? Value.truth(true)
        : evaluate(
          move.condition, fields: fields, text: text, parameters: parameters, parameterText: parameterText,
          context: context)
      if move.isRestart {
        if !holds.isKnown { forgetAll() } else if holds.isTrue { reset() }
        return
      }
      let key =
        move.key.isEmpty || !holds.isTrue
        ? Value.unknown
        : evaluate(
          move.key, fields: fields, text: text, parameters: parameters, parameterText: parameterText, context: context)
      return forget(memory, if: holds, key: move.key.isEmpty ? nil : key)
    }
    var key = Key(first: 0, second: 0)
    var keyKnown = true
    for index in 0..<move.keys.count {
      let value = evaluate(
        move.keys[index], fields: fields, text: text, parameters: parameters, parameterText: parameterText,
        context: context)
      if !value.isKnown { keyKnown = false }
      if index == 0 { key.first = value.bits } else { key.second = value.bits }
    }
    var result: Value?
    for index in 0..<move.conditions.count {
      let holds =
        move.conditions[index].isEmpty
        ? Value.truth(true)
        : evaluate(
          move.conditions[index], fields: fields, text: text, parameters: parameters, parameterText: parameterText,
          context: context)
      if holds.isFalse { continue }
      result =
        !holds.isKnown || move.values[index].isEmpty
        ? .unknown
        : evaluate(
          move.values[index], fields: fields, text: text, parameters: parameters, parameterText: parameterText,
          context: context)
      break
    }
    guard let value = result else { return }
    if move.keys.isEmpty {
      values[memory] = value
    } else if keyKnown {
      store(value, under: key, in: memory)
    } else {
      // Some entry changed and it is not known which.
      maps[memory].entries.removeAll(keepingCapacity: true)
      maps[memory].complete = false
    }
  }

  /// Empties a map, or the part of it under this first key.
  private mutating func forget(_ memory: Int, if holds: Value, key: Value?) {
    if holds.isFalse { return }
    if !holds.isKnown {
      maps[memory].entries.removeAll(keepingCapacity: true)
      maps[memory].complete = false
      return
    }
    guard let key else {
      maps[memory].entries.removeAll(keepingCapacity: true)
      maps[memory].complete = true
      if specs[memory].keys == 0 { values[memory] = .unknown }
      return
    }
    if key.isKnown {
      for entry in maps[memory].entries.keys where entry.first == key.bits {
        maps[memory].entries.removeValue(forKey: entry)
      }
    } else {
      maps[memory].entries.removeAll(keepingCapacity: true)
      maps[memory].complete = false
    }
  }

  private mutating func store(_ value: Value, under key: Key, in memory: Int) {
    guard value.isKnown else {
      maps[memory].entries.removeValue(forKey: key)
      return
    }
    if maps[memory].entries[key] == nil, maps[memory].entries.count >= Self.mapLimit {
      maps[memory].entries.removeAll(keepingCapacity: true)
      maps[memory].complete = false
      return
    }
    maps[memory].entries[key] = value
  }

  // MARK: Expressions

  /// Without texts, questions about them stay unknown.
  public mutating func evaluate(
    _ program: Program, fields: Span<Field>, parameters: Span<Field>, context: Context
  ) -> Value {
    evaluate(
      program, fields: fields, text: Span<UInt8>(), parameters: parameters, parameterText: Span<UInt8>(),
      context: context)
  }

  public mutating func evaluate(
    _ program: Program, fields: Span<Field>, text: Span<UInt8>, parameters: Span<Field>, parameterText: Span<UInt8>,
    context: Context
  ) -> Value {
    stack.removeAll()
    let list = program.steps
    let steps = list.span
    var index = 0
    while index < steps.count {
      let operation = steps[index].operation
      if let value = leaf(operation, fields, parameters, context) {
        stack.push(value)
      } else if case .textual(let test) = operation {
        let field = Self.given(test.isField ? fields : parameters, test.position)
        stack.push(program.answer(test, field, in: test.isField ? text : parameterText))
      } else {
        switch operation {
        case .octet(let position): stack.push(Self.octet(pop(), Self.present(parameters, position), parameterText))
        case .octetField(let position): stack.push(Self.octet(pop(), Self.present(fields, position), text))
        case .tail(let position): stack.push(Self.tail(pop(), Self.present(parameters, position), parameterText))
        case .tailField(let position): stack.push(Self.tail(pop(), Self.present(fields, position), text))
        case .waited, .lasted: stack.push(Self.span(since: pop(), operation, context.scene))
        default: stack.push(inner(operation, program))
        }
      }
      // Where this value decides alone, the other side is passed over.
      while steps[index].operator > 0 {
        let place = Int(steps[index].operator)
        guard let result = steps[place].decided(by: stack.top) else { break }
        stack.replaceTop(result)
        index = place
      }
      index += 1
    }
    return stack.top
  }

  /// What an operation without operands yields; `nil` when it has some.
  private func leaf(
    _ operation: Program.Operation, _ fields: Span<Field>, _ parameters: Span<Field>, _ context: Context
  ) -> Value? {
    switch operation {
    case .constant(let value): return value
    case .field(let position): return Self.given(fields, position).map { Value($0) } ?? .unknown
    case .parameter(let position, let fallback):
      return Self.given(parameters, position).map { Value($0) } ?? fallback
    case .memory(let index): return value(of: index)
    case .count(let memory): return count(memory)
    case .sum(let memory): return sum(memory)
    case .held(let memory): return maps.indices.contains(memory) ? .number(Int64(maps[memory].entries.count)) : .unknown
    case .commandName: return .text(hash: context.command)
    case .formName: return .text(hash: context.form)
    case .copies: return .number(context.copies)
    case .portName: return context.scene.port
    case .now: return context.scene.now
    case .baud: return context.scene.baud
    case .elsewhere: return context.scene.elsewhere
    case .errorCode: return context.scene.error
    case .position: return context.position > 0 ? .number(context.position) : .unknown
    case .typed(let what):
      switch what {
      case .text: return context.typed.text
      case .length: return context.typed.length
      case .odd: return context.typed.odd
      }
    case .lineText: return context.scene.lineText
    case .result: return context.scene.result
    case .reason: return context.scene.reason
    case .given(let position): return .truth(Self.given(parameters, position) != nil)
    case .givenField(let position): return .truth(Self.given(fields, position) != nil)
    case .length(let position): return Self.length(Self.present(parameters, position))
    case .lengthField(let position): return Self.length(Self.present(fields, position))
    case .trait(let position, let traits): return Self.trait(Self.present(parameters, position), traits)
    case .traitField(let position, let traits): return Self.trait(Self.present(fields, position), traits)
    default: return nil
    }
  }

  // A guard, not `&&`: its autoclosure would capture the span, which the optimizer of Swift 6.3 cannot digest.
  private static func present(_ fields: Span<Field>, _ position: Int) -> Field? {
    guard position < fields.count else { return nil }
    return fields[position]
  }

  /// The field, if something stands in it.
  private static func given(_ fields: Span<Field>, _ position: Int) -> Field? {
    guard let field = present(fields, position) else { return nil }
    return field.kind == .empty ? nil : field
  }

  private static func length(_ field: Field?) -> Value {
    field.map { .number(Int64($0.text.count)) } ?? .unknown
  }

  private static func trait(_ field: Field?, _ traits: Field.Traits) -> Value {
    field.map { .truth($0.traits.contains(traits)) } ?? .unknown
  }

  /// The octet at this index of a text that writes each as two hexadecimal digits.
  private static func octet(_ index: Value, _ field: Field?, _ text: Span<UInt8>) -> Value {
    guard index.tag == .number, index.bits >= 0, index.bits < 1 << 20, let field else { return .unknown }
    let start = field.text.range.lowerBound + 2 * Int(index.bits)
    guard start + 2 <= field.text.range.upperBound, field.text.range.upperBound <= text.count else { return .unknown }
    guard let high = nibble(text[start]), let low = nibble(text[start + 1]) else { return .unknown }
    return .number(high << 4 | low)
  }

  /// The last digits of a text as a number; what stands behind them is left out, as in `5550123;`.
  private static func tail(_ digits: Value, _ field: Field?, _ text: Span<UInt8>) -> Value {
    guard digits.tag == .number, (1...18).contains(digits.bits), let field, field.text.range.upperBound <= text.count
    else { return .unknown }
    let isDigit = { (byte: UInt8) in byte >= 0x30 && byte <= 0x39 }
    var at = field.text.range.upperBound
    while at > field.text.range.lowerBound, !isDigit(text[at - 1]) { at -= 1 }
    var (number, factor, count): (Int64, Int64, Int64) = (0, 1, 0)
    while at > field.text.range.lowerBound, count < digits.bits, isDigit(text[at - 1]) {
      at -= 1
      count += 1
      number += Int64(text[at] - 0x30) * factor
      factor *= 10
    }
    return count > 0 ? .number(number) : .unknown
  }

  private static func nibble(_ byte: UInt8) -> Int64? {
    switch byte {
    case 0x30...0x39: Int64(byte) - 0x30
    case 0x41...0x46: Int64(byte) - 0x37
    case 0x61...0x66: Int64(byte) - 0x57
    default: nil
    }
  }

  /// Both times are uncertain by a step of the log.
  private static func span(since time: Value, _ operation: Program.Operation, _ scene: Scene) -> Value {
    guard time.tag == .number, scene.now.tag == .number else { return .unknown }
    let span = scene.now.bits &- time.bits
    if case .waited = operation { return .number(max(0, span &- scene.step)) }
    return .number(span &+ scene.step)
  }

  /// What an operation makes of the values on the stack.
  private mutating func inner(_ operation: Program.Operation, _ program: Program) -> Value {
    switch operation {
    case .entry(let memory, let keys): return lookUp(memory, keys)
    case .known: return .truth(pop().isKnown)
    case .not:
      let value = pop()
      return value.isKnown ? .truth(!value.isTrue) : .unknown
    case .negate:
      let value = pop()
      return value.tag == .number ? .number(0 &- value.bits) : .unknown
    case .otherwise:
      let fallback = pop()
      let value = pop()
      return value.isKnown ? value : fallback
    case .within(let first, let count):
      let value = pop()
      return value.tag == .number ? .truth(program.contains(value.bits, first, count)) : .unknown
    case .oneOf(let first, let count):
      let value = pop()
      return value.tag == .text ? .truth(program.contains(text: value.bits, first, count)) : .unknown
    default: return combine(operation)
    }
  }

  private mutating func pop() -> Value { stack.pop() }

  private mutating func lookUp(_ memory: Int, _ keys: Int) -> Value {
    let second = keys > 1 ? pop() : .number(0)
    let first = pop()
    guard maps.indices.contains(memory), first.isKnown, second.isKnown else { return .unknown }
    return maps[memory].entries[Key(first: first.bits, second: second.bits)] ?? .unknown
  }

  private func count(_ memory: Int) -> Value {
    guard maps.indices.contains(memory), maps[memory].complete else { return .unknown }
    return .number(Int64(maps[memory].entries.count))
  }

  private func sum(_ memory: Int) -> Value {
    guard maps.indices.contains(memory), maps[memory].complete else { return .unknown }
    var total: Int64 = 0
    for value in maps[memory].entries.values {
      guard value.tag == .number else { return .unknown }
      total = total &+ value.bits
    }
    return .number(total)
  }

  private mutating func combine(_ operation: Program.Operation) -> Value {
    let right = pop()
    let left = pop()
    switch operation {
    case .and:
      if left.isFalse || right.isFalse { return .truth(false) }
      return left.isKnown && right.isKnown ? .truth(true) : .unknown
    case .or:
      if left.isTrue || right.isTrue { return .truth(true) }
      return left.isKnown && right.isKnown ? .truth(false) : .unknown
    case .implies:
      if left.isFalse || right.isTrue { return .truth(true) }
      return left.isKnown && right.isKnown ? .truth(false) : .unknown
    default: break
    }
    guard left.isKnown, right.isKnown else { return .unknown }
    switch operation {
    case .equal: return .truth(left == right)
    case .unequal: return .truth(left != right)
    default: break
    }
    guard left.tag == .number, right.tag == .number else { return .unknown }
    let (a, b) = (left.bits, right.bits)
    switch operation {
    case .add: return .number(a &+ b)
    case .subtract: return .number(a &- b)
    case .multiply: return .number(a &* b)
    case .divide: return b == 0 || b == -1 ? .unknown : .number(a / b)
    case .remainder: return b == 0 || b == -1 ? .unknown : .number(a % b)
    case .less: return .truth(a < b)
    case .lessOrEqual: return .truth(a <= b)
    case .greater: return .truth(a > b)
    case .greaterOrEqual: return .truth(a >= b)
    case .minimum: return .number(min(a, b))
    case .maximum: return .number(max(a, b))
    default: return .unknown
    }
  }
}
