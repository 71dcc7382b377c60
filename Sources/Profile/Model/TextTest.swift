import Trace

/// What expressions ask about the text of a value: values themselves are known by a hash only.
extension Program {
  /// Unknown where there is no such value, or its text is not at hand.
  func answer(_ test: TextTest, _ field: Field?, in text: Span<UInt8>) -> Value {
    guard let field, arguments.indices.contains(test.argument), field.text.range.upperBound <= text.count else {
      return .unknown
    }
    let argument = arguments[test.argument]
    let value = text.extracting(field.text.range)
    switch test.question {
    case .begins: return .truth(Self.equals(value, from: 0, argument))
    case .ends: return .truth(Self.equals(value, from: value.count - argument.count, argument))
    case .pieces: return .number(Self.pieces(value, argument.first).count)
    case .longest: return .number(Self.pieces(value, argument.first).longest)
    }
  }

  private static func equals(_ value: Span<UInt8>, from start: Int, _ argument: [UInt8]) -> Bool {
    guard start >= 0, start + argument.count <= value.count else { return false }
    for index in argument.indices where small(value[start + index]) != small(argument[index]) { return false }
    return true
  }

  private static func small(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

  private static func pieces(_ value: Span<UInt8>, _ border: UInt8?) -> (count: Int64, longest: Int64) {
    var count: Int64 = 1
    var longest: Int64 = 0
    var length: Int64 = 0
    for index in value.indices {
      if value[index] == border {
        count += 1
        length = 0
      } else {
        length += 1
        longest = max(longest, length)
      }
    }
    return (count, longest)
  }
}
