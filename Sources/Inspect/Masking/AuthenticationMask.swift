/// Overwrites names and passwords in the frames of an authentication in PPP (RFC 1334, RFC 1994), and mends their
/// check sequence: frames keep their lengths on the line.
enum AuthenticationMask {
  private static let attempts = 4096

  /// `wire`: frames as they stand on the line, with their flags and escapes.
  static func masked(_ wire: [UInt8], _ number: UInt64) -> [UInt8] {
    var result = wire
    var start = 0
    for end in 0...wire.count where end == wire.count || wire[end] == 0x7E {
      if end > start { mask(&result, start..<end, number) }
      start = end + 1
    }
    return result
  }

  private static func mask(_ wire: inout [UInt8], _ range: Range<Int>, _ number: UInt64) {
    // The places of the octets on the line, and the octets.
    var places: [(at: Int, isEscaped: Bool)] = []
    var octets: [UInt8] = []
    var isEscaped = false
    for index in range {
      if wire[index] == 0x7D, !isEscaped {
        isEscaped = true
        continue
      }
      places.append((index, isEscaped))
      octets.append(isEscaped ? wire[index] ^ 0x20 : wire[index])
      isEscaped = false
    }
    let head = octets.starts(with: [0xFF, 0x03]) ? 2 : 0
    // Protocol, code, identifier, length; then the values, before the check sequence.
    let first = head + 6
    let last = octets.count - 2
    guard first < last, check(octets[...]) == 0xF0B8 else { return hide(&wire, places, from: first) }
    let secret = secrets(octets[..<last], head)
    for attempt in 0..<attempts {
      var candidate = octets
      for index in secret where !places[index].isEscaped {
        candidate[index] = substitute(
          octets[index], Pseudonyms.noise(number &* 0x1_0001 &+ UInt64(attempt), UInt64(index)))
      }
      let sum = ~check(candidate[..<last])
      candidate[last] = UInt8(truncatingIfNeeded: sum)
      candidate[last + 1] = UInt8(truncatingIfNeeded: sum >> 8)
      // The check sequence must need the escapes that the old one needed.
      guard (last...last + 1).allSatisfy({ fits(candidate[$0], places[$0].isEscaped) }) else { continue }
      for (place, octet) in zip(places, candidate) { wire[place.at] = place.isEscaped ? octet ^ 0x20 : octet }
      return
    }
    hide(&wire, places, from: first)
  }

  /// A frame that cannot be mended keeps its head only.
  private static func hide(_ wire: inout [UInt8], _ places: [(at: Int, isEscaped: Bool)], from first: Int) {
    for place in places.dropFirst(first) where !place.isEscaped { wire[place.at] = UInt8(ascii: "*") }
  }

  /// The octets of values, not those that tell their lengths.
  private static func secrets(_ octets: ArraySlice<UInt8>, _ head: Int) -> [Int] {
    let number = Int(octets[head]) << 8 | Int(octets[head + 1])
    var result: [Int] = []
    var at = head + 6
    // Requests and answers of PAP and CHAP have a length before each value; CHAP's name runs to the end.
    let code = octets[head + 2]
    let lengths = number == 0xC023 ? (code == 1 ? 2 : 1) : (code <= 2 ? 1 : 0)
    for _ in 0..<lengths where at < octets.endIndex {
      let end = min(octets.endIndex, at + 1 + Int(octets[at]))
      result += Array((at + 1)..<max(at + 1, end))
      at = max(at + 1, end)
    }
    return at < octets.endIndex ? result + Array(at..<octets.endIndex) : result
  }

  private static func substitute(_ octet: UInt8, _ noise: UInt64) -> UInt8 {
    switch octet {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: Pseudonyms.shaped(octet, after: 0x30, noise: noise, isHex: false)
    case 0x80...0xFF: 0x80 | UInt8(truncatingIfNeeded: noise)
    case 0x20...0x7C: 0x21 + UInt8(noise % 15)
    default: octet
    }
  }

  private static func fits(_ octet: UInt8, _ isEscaped: Bool) -> Bool {
    let needs = octet < 0x20 || octet == 0x7D || octet == 0x7E
    return needs == isEscaped
  }

  /// RFC 1662, C.2.
  private static func check(_ octets: ArraySlice<UInt8>) -> UInt16 {
    var sum: UInt16 = 0xFFFF
    for octet in octets {
      sum ^= UInt16(octet)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0x8408 : sum >> 1 }
    }
    return sum
  }
}
