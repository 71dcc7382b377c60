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
    case commandName
    case formName
    case copies
    /// Whether a parameter was given.
    case given(Int)
    case givenField(Int)
    case length(Int)
    case lengthField(Int)
    case trait(Int, Field.Traits)
    case traitField(Int, Field.Traits)
    case known
    case not
    case negate
    case add, subtract, multiply, divide, remainder
    case equal, unequal, less, lessOrEqual, greater, greaterOrEqual
    case and, or, implies
    case minimum, maximum
    /// The first value if it is known, else the second.
    case otherwise
    /// Whether the value on the stack lies in one of these ranges.
    case within([ClosedRange<Int64>])
    /// Whether the value on the stack is one of these texts.
    case oneOf([UInt64])
  }

  public let operations: [Operation]
  public init(_ operations: [Operation]) { self.operations = operations }
  public static let empty = Program([])
  public var isEmpty: Bool { operations.isEmpty }

  /// How many values an expression may keep at once; the loader refuses deeper ones.
  public static let maximumDepth = 32
}
