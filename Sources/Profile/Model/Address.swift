import Trace

/// The forms of addresses that manuals ask for.
public enum Address {
  /// `xxx.xxx.xxx.xxx`, each 0...255.
  public static func isIPv4(_ slice: Slice, of text: Span<UInt8>) -> Bool {
    let range = slice.range
    guard range.upperBound <= text.count else { return false }
    var groups = 0
    var digits = 0
    var value = 0
    for index in range {
      let byte = text[index]
      if byte >= 0x30 && byte <= 0x39 {
        digits += 1
        value = value * 10 + Int(byte - 0x30)
        if digits > 3 || value > 255 { return false }
      } else if byte == 0x2E, digits > 0 {
        groups += 1
        digits = 0
        value = 0
      } else {
        return false
      }
    }
    return groups == 3 && digits > 0
  }

  /// An IPv4 address or a DNS host name (RFC 1123: labels of letters, digits and hyphens, 1...63 each, 253 in all;
  /// the underscore is let pass, for real networks use it).
  public static func isHost(_ slice: Slice, of text: Span<UInt8>) -> Bool {
    let range = slice.range
    guard range.upperBound <= text.count, range.count >= 1, range.count <= 253 else { return false }
    var label = 0
    var numeric = true
    var dots = 0
    for index in range {
      let byte = text[index]
      switch byte {
      case 0x30...0x39: label += 1
      case 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F:
        if byte == 0x2D && label == 0 { return false }
        numeric = false
        label += 1
      case 0x2E:
        if label == 0 { return false }
        dots += 1
        label = 0
      default: return false
      }
      if label > 63 { return false }
    }
    if label == 0 && dots == 0 { return false }
    return numeric && dots > 0 ? isIPv4(slice, of: text) : true
  }

  /// What a document that gives a length of its own takes: an IPv4 address, or any name or URL without blanks.
  public static func isLocation(_ slice: Slice, of text: Span<UInt8>) -> Bool {
    let range = slice.range
    guard range.upperBound <= text.count else { return false }
    var numeric = true
    var dots = 0
    for index in range {
      let byte = text[index]
      if byte <= 0x20 || byte >= 0x7F { return false }
      if byte == 0x2E { dots += 1 } else if byte < 0x30 || byte > 0x39 { numeric = false }
    }
    return numeric && dots > 0 ? isIPv4(slice, of: text) : true
  }

  /// `user@host`.
  public static func isMailbox(_ slice: Slice, of text: Span<UInt8>) -> Bool {
    let range = slice.range
    guard range.upperBound <= text.count, let at = range.first(where: { text[$0] == 0x40 }) else { return false }
    guard at > range.lowerBound else { return false }
    for index in range.lowerBound..<at where text[index] <= 0x20 || text[index] >= 0x7F { return false }
    return isHost(Slice(start: at + 1, count: range.upperBound - at - 1), of: text)
  }
}
