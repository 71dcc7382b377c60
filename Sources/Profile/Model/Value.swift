import Trace

/// What an expression yields: a number, a text (known by its hash), or unknown. Unknown never accuses.
public struct Value: Hashable, Sendable {
  public enum Tag: UInt8, Sendable {
    case unknown
    case number
    case text
  }
  public var tag: Tag
  /// The number, or the bits of the text's hash.
  public var bits: Int64

  public init(tag: Tag, bits: Int64) {
    self.tag = tag
    self.bits = bits
  }

  public static let unknown = Value(tag: .unknown, bits: 0)
  public static func number(_ value: Int64) -> Value { Value(tag: .number, bits: value) }
  public static func text(hash: UInt64) -> Value { Value(tag: .text, bits: Int64(bitPattern: hash)) }
  public static func truth(_ value: Bool) -> Value { .number(value ? 1 : 0) }

  public var isKnown: Bool { tag != .unknown }
  /// Definitely false: the only case in which a rule is broken.
  public var isFalse: Bool { tag == .number && bits == 0 }
  /// Definitely true.
  public var isTrue: Bool { tag == .number && bits != 0 || tag == .text }

  public init(_ field: Field) {
    switch field.kind {
    case .integer: self = .number(field.number)
    case .empty: self = .unknown
    case .quoted, .bare, .list, .unterminated: self = .text(hash: field.hash)
    }
  }
}
