import Trace

/// A compiled expression: postfix operations over a small stack. Evaluating allocates nothing and always ends.
public struct Program: Sendable {
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

  public init(
    _ operations: [Operation], ranges: [ClosedRange<Int64>] = [], texts: [UInt64] = [], arguments: [[UInt8]] = []
  ) {
    self.operations = operations
    self.ranges = ranges
    self.texts = texts
    self.arguments = arguments
  }
  public static let empty = Program([])
  public var isEmpty: Bool { operations.isEmpty }

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
  public static let maximumDepth = 32

  func contains(_ number: Int64, _ first: Int, _ count: Int) -> Bool {
    for index in first..<first + count where ranges[index].contains(number) { return true }
    return false
  }

  func contains(text bits: Int64, _ first: Int, _ count: Int) -> Bool {
    for index in first..<first + count where texts[index] == UInt64(bitPattern: bits) { return true }
    return false
  }
}
