import Trace

/// The parameters of a command or the values of a line: what stands where, and what it may be.
public struct Signature: Sendable {
  public let parameters: [Parameter]
  /// Fewer values than this are a mistake.
  public let required: Int
  /// The counts of values at which the signature may stop (brackets close there), beside `parameters.count`.
  public let stops: [Int]
  /// The last `repeats` parameters may come again and again; 0: none.
  public let repeats: Int
  /// The signature as written.
  public let pattern: String

  public init(parameters: [Parameter], required: Int, stops: [Int], repeats: Int, pattern: String) {
    self.parameters = parameters
    self.required = required
    self.stops = stops
    self.repeats = repeats
    self.pattern = pattern
  }

  public static let none = Signature(parameters: [], required: 0, stops: [0], repeats: 0, pattern: "")

  /// The parameter at a position, repeats included.
  public func parameter(at position: Int) -> Parameter? {
    if position < parameters.count { return position >= 0 ? parameters[position] : nil }
    guard repeats > 0 else { return nil }
    return parameters[parameters.count - repeats + (position - parameters.count) % repeats]
  }

  public var endsWithRest: Bool { parameters.last?.base == .rest }

  public func position(of name: String) -> Int? { parameters.firstIndex { $0.name == name } }

  /// Whether this many values may be given.
  public func allows(count: Int) -> Bool {
    if count == parameters.count { return true }
    if count > parameters.count { return repeats > 0 && (count - parameters.count) % repeats == 0 }
    return count >= required && (stops.isEmpty || stops.contains(count))
  }
}

/// One parameter.
public final class Parameter: Sendable {
  public enum Base: Hashable, Sendable {
    /// A literal that stands in the pattern itself.
    case literalNumber(Int64)
    case literalText(String)
    case int
    case string
    case word
    case host
    case ip
    case mailbox
    case ranges
    case limit(of: String)
    case rest
    case any
  }

  /// What the value is hidden as when it is printed.
  public enum Mask: UInt8, Sendable {
    case none, secret, user, phone, identity, body

    /// Up to so many digits are a length, a call for packets (`*99***1#`) or the number of a service: no subscriber's,
    /// and no password has so few.
    private static let plainDigits = 3
    /// T and P say how to dial.
    private static let dialling: [UInt8] = [0x2A, 0x23, 0x2C, 0x3B, 0x2B, 0x54, 0x74, 0x50, 0x70]

    /// Whether a value is hidden where it is printed. `text`: what the field points into.
    public func hides(_ field: Field, in text: Span<UInt8>) -> Bool {
      switch self {
      case .none: return false
      case .secret, .user, .identity, .body: return true
      case .phone:
        let range = field.text.range
        guard range.upperBound <= text.count else { return true }
        var digits = 0
        for at in range {
          if (0x30...0x39).contains(text[at]) { digits += 1 } else if !Self.dialling.contains(text[at]) { return true }
        }
        return digits > Self.plainDigits
      }
    }
  }

  public let name: String
  public let nameHash: UInt64
  public let base: Base
  /// Allowed numbers; empty: all.
  public let ranges: [ClosedRange<Int64>]
  /// Allowed texts, without regard to case; empty: all.
  public let values: [String]
  public let length: ClosedRange<Int>?
  public let traits: Field.Traits
  public let quotes: Quotes
  public let even: Bool
  public let blank: Bool
  public let mask: Mask
  /// The code table that explains it, or -1.
  public let meaning: Int
  public let defaultValue: Value
  /// The type as written.
  public let pattern: String

  public enum Quotes: UInt8, Sendable {
    case required
    case forbidden
    case optional
  }

  public init(
    name: String, base: Base, ranges: [ClosedRange<Int64>] = [], values: [String] = [],
    length: ClosedRange<Int>? = nil, traits: Field.Traits = [], quotes: Quotes, even: Bool = false,
    blank: Bool = false, mask: Mask = .none, meaning: Int = -1, defaultValue: Value = .unknown, pattern: String
  ) {
    self.name = name
    nameHash = TextHash.of(name.utf8)
    self.base = base
    self.ranges = ranges
    self.values = values
    self.length = length
    self.traits = traits
    self.quotes = quotes
    self.even = even
    self.blank = blank
    self.mask = mask
    self.meaning = meaning
    self.defaultValue = defaultValue
    self.pattern = pattern
  }
}
