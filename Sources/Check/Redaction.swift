import Profile
import Trace

/// Whether secrets are hidden in messages, and which numbers their values have.
struct Redaction {
  var isOn: Bool
  var numbers = SecretNumbers()

  /// What is printed instead of a value, at most `limit` characters.
  func mask(of slice: Slice, in text: Span<UInt8>, limit: Int) -> String {
    let range = slice.range
    let number = range.upperBound <= text.count ? numbers.known(text.extracting(range)) : 0
    return SecretMark.text(of: min(limit, range.count), number: number)
  }

  /// Ten digits and more in a row may be somebody's number, whatever was expected there.
  func hidingNumbers(_ text: String) -> String {
    var result: [UInt8] = []
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      let end = bytes[index...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.count
      if end - index >= SecretNumbers.identityDigits {
        let number = numbers.known(bytes.span.extracting(index..<end))
        result += SecretMark.text(of: end - index, number: number).utf8
      } else {
        result += bytes[index..<end]
      }
      if end < bytes.count { result.append(bytes[end]) }
      index = end + 1
    }
    return String(decoding: result, as: UTF8.self)
  }
}
