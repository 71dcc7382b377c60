/// One value of a command or response line, between commas: what it is, without owning its text.
public struct Field: Hashable, Sendable {
  public enum Kind: UInt8, Sendable {
    /// Nothing stands between the commas.
    case empty
    /// An unquoted whole decimal number; `number` holds it.
    case integer
    /// A string in double quotes; the text is what stands between them.
    case quoted
    /// Anything else without quotes.
    case bare
    /// A list in parentheses, as test commands report: `(0-2)`, `("GSM","UCS2")`.
    case list
    /// A string whose closing quote is missing.
    case unterminated
  }

  /// What the text consists of; each bit holds for every byte of it (all hold for an empty text).
  public struct Traits: OptionSet, Hashable, Sendable {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let digits = Traits(rawValue: 1)
    public static let hex = Traits(rawValue: 2)
    public static let ascii = Traits(rawValue: 4)
    /// 0x20...0x7E
    public static let printable = Traits(rawValue: 8)
    /// 0x21...0x7E
    public static let graphic = Traits(rawValue: 16)
    public static let alphanumeric = Traits(rawValue: 32)
    public static let all: Traits = [.digits, .hex, .ascii, .printable, .graphic, .alphanumeric]
  }

  public var kind: Kind
  public var traits: Traits
  /// The value of an integer.
  public var number: Int64
  /// A hash of the text (FNV-1a over its bytes), equal for equal texts: what rules compare and remember.
  public var hash: UInt64
  /// The text, without quotes, in the arena of the batch.
  public var text: Slice

  public init(kind: Kind, traits: Traits = .all, number: Int64 = 0, hash: UInt64 = 0, text: Slice = .none) {
    self.kind = kind
    self.traits = traits
    self.number = number
    self.hash = hash
    self.text = text
  }
}

/// A range in one of a batch's arenas.
public struct Slice: Hashable, Sendable {
  public var start: Int32
  public var count: Int32
  public init(start: Int, count: Int) {
    self.start = Int32(truncatingIfNeeded: start)
    self.count = Int32(truncatingIfNeeded: count)
  }
  public static let none = Slice(start: 0, count: 0)
  public var range: Range<Int> { Int(start)..<(Int(start) + Int(count)) }
  public var isEmpty: Bool { count == 0 }
}
