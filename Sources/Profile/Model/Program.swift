import Trace

/// A compiled expression: postfix operations over a small stack. Evaluating allocates nothing and always ends.
///
/// A class, so that handing it on costs one count and not one for each of its arrays.
public final class Program: Sendable {
  public enum Operation: Sendable {
    case constant(Value)
    /// A value of the line or payload event at hand, by its position.
    case field(Int)
    /// A parameter of the command that the line belongs to, by its position.
    case parameter(Int, default: Value)
    case memory(Int)
    /// A map's value; the keys are on the stack.
    case entry(memory: Int, keys: Int)
    case count(memory: Int)
    case sum(memory: Int)
    /// How many entries of a map are known, whether or not these are all.
    case held(memory: Int)
    case commandName
    case formName
    case copies
    /// The name of the port, in small letters.
    case portName
    /// The time of the trace, in milliseconds.
    case now
    /// The line rate that the log states.
    case baud
    /// How many command lines, sent earlier on other ports, still have no final result.
    case elsewhere
    case position
    case typed(TypedText.Part)
    /// The command line as it was typed, with AT, without its terminator.
    case lineText
    /// The final result, and the number or text of +CME ERROR and +CMS ERROR.
    case result, reason
    /// Whether a parameter was given.
    case given(Int)
    case givenField(Int)
    case length(Int)
    case lengthField(Int)
    case trait(Int, Field.Traits)
    case traitField(Int, Field.Traits)
    case textual(TextTest)
    /// An octet of a value that is written in hexadecimal; its index is on the stack.
    case octet(Int)
    case octetField(Int)
    /// The number that the last digits of a value make; how many at most is on the stack.
    case tail(Int)
    case tailField(Int)
    /// The code of the error result at hand.
    case errorCode
    /// The time since the one on the stack: at least, and at most.
    case waited
    case lasted
    case known
    case not
    case negate
    case add, subtract, multiply, divide, remainder
    case equal, unequal, less, lessOrEqual, greater, greaterOrEqual
    case and, or, implies
    case minimum, maximum
    /// The first value if it is known, else the second.
    case otherwise
    /// Whether the value on the stack lies in one of these of `Program.ranges`.
    case within(first: Int, count: Int)
    /// Whether the value on the stack is one of these of `Program.texts`.
    case oneOf(first: Int, count: Int)
  }

  /// A question about the text of a value.
  public struct TextTest: Sendable {
    public enum Question: UInt8, Sendable {
      /// Whether it begins, or ends, with the argument (any case).
      case begins, ends
      /// How many pieces the argument, one character, divides it into, and how long the longest is.
      case pieces, longest
    }
    public var question: Question
    public var position: Int
    /// Of the line at hand rather than of the command.
    public var isField: Bool
    /// Index in `Program.arguments`.
    public var argument: Int
  }

  public let operations: [Operation]
  /// The ranges and texts that operations refer to: operations themselves stay plain values.
  public let ranges: [ClosedRange<Int64>]
  public let texts: [UInt64]
  /// What questions about texts compare with.
  public let arguments: [[UInt8]]
  let steps: [Step]

  /// An operation as it is evaluated.
  struct Step: Sendable {
    let operation: Operation
    /// The place of the logical operator whose left side ends here; 0: none does.
    var `operator`: UInt16 = 0

    /// What this operator yields if its left side alone decides; `nil` if it does not.
    func decided(by left: Value) -> Value? {
      switch operation {
      case .and: left.isFalse ? .truth(false) : nil
      case .or: left.isTrue ? .truth(true) : nil
      case .implies: left.isFalse ? .truth(true) : nil
      default: nil
      }
    }
  }

  public init(
    _ operations: [Operation], ranges: [ClosedRange<Int64>] = [], texts: [UInt64] = [], arguments: [[UInt8]] = []
  ) {
    self.operations = operations
    self.ranges = ranges
    self.texts = texts
    self.arguments = arguments
    isEmpty = operations.isEmpty
    steps = Self.steps(of: operations)
  }
  public static let empty = Program([])
  public let isEmpty: Bool

  /// Finds where the left sides of `&&`, `||` and `->` end: their right sides need not be evaluated when the left ones
  /// decide.
  private static func steps(of operations: [Operation]) -> [Step] {
    var steps = operations.map { Step(operation: $0) }
    // The first operation of each value on the stack.
    var starts: [Int] = []
    for (index, operation) in operations.enumerated() {
      let operands = min(1 - operation.change, starts.count)
      if operands == 2, operation.isLogical, let right = starts.last, right > 0 {
        steps[right - 1].operator = UInt16(clamping: index)
      }
      let first = operands > 0 ? starts[starts.count - operands] : index
      starts.removeLast(max(0, operands))
      starts.append(first)
    }
    return steps
  }

  var asksForPort: Bool {
    operations.contains { if case .portName = $0 { true } else { false } }
  }

  /// The memory that it reads.
  var memories: Set<Int> {
    var found: Set<Int> = []
    for operation in operations {
      switch operation {
      case .memory(let index), .entry(let index, _), .count(let index), .sum(let index), .held(let index):
        found.insert(index)
      default: break
      }
    }
    return found
  }

  /// How many values an expression may keep at once; the loader refuses deeper ones.
  public static var maximumDepth: Int { ValueStack.capacity }

  func contains(_ number: Int64, _ first: Int, _ count: Int) -> Bool {
    for index in first..<first + count where ranges[index].contains(number) { return true }
    return false
  }

  func contains(text bits: Int64, _ first: Int, _ count: Int) -> Bool {
    for index in first..<first + count where texts[index] == UInt64(bitPattern: bits) { return true }
    return false
  }
}

extension Program.Operation {
  /// By how much it changes the height of the stack.
  var change: Int {
    switch self {
    case .constant, .field, .parameter, .memory, .count, .sum, .held, .commandName, .formName, .copies, .position,
      .typed, .portName, .now, .baud, .elsewhere, .lineText, .result, .reason, .errorCode, .given, .givenField,
      .length, .lengthField, .trait, .traitField, .textual:
      1
    case .entry(_, let keys): 1 - keys
    case .known, .not, .negate, .within, .oneOf, .octet, .octetField, .tail, .tailField, .waited, .lasted: 0
    case .add, .subtract, .multiply, .divide, .remainder, .equal, .unequal, .less, .lessOrEqual, .greater,
      .greaterOrEqual, .and, .or, .implies, .minimum, .maximum, .otherwise:
      -1
    }
  }

  var isLogical: Bool {
    switch self {
    case .and, .or, .implies: true
    default: false
    }
  }
}
