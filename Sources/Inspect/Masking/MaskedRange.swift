import Trace

/// A secret by its place in the stream of its direction, and the number of its value.
struct MaskedRange: Sendable {
  var range: Range<UInt64>
  /// 0: the value has none, or is known in part only.
  var number: Int32

  /// What is printed instead of a byte of it.
  func mark(_ offset: UInt64) -> UInt8 {
    let index = Int(clamping: offset &- range.lowerBound)
    return SecretMark.byte(at: index, of: Int(clamping: range.upperBound &- range.lowerBound), number: number)
  }

  /// Takes another secret in that touches this one; the value is that of the one that holds the other.
  mutating func join(_ other: MaskedRange) {
    let whole = min(range.lowerBound, other.range.lowerBound)..<max(range.upperBound, other.range.upperBound)
    if whole == other.range, whole != range || number == 0 {
      number = other.number
    } else if whole != range {
      number = 0
    }
    range = whole
  }
}
