import Trace

/// Overwrites who and what in the PDU of a short message (3GPP TS 23.040, 9.2) and leaves its build as it is: lengths,
/// types, times, headers, alphabets, and faults too.
struct MessageMask {
  private var octets: [UInt8]
  private var at = 0
  /// Of the octets, each in two halves, the upper one first: those that are overwritten.
  private var hidden: Set<Int> = []
  private var addresses: [(halves: [Int], digits: [UInt8])] = []

  /// `text`: hexadecimal digits. They come back in their case; line ends within stay.
  static func masked(_ text: [UInt8], _ names: inout Pseudonyms) -> [UInt8] {
    let places = text.indices.filter { digit(text[$0]) != nil }
    let octets = octets(places.map { text[$0] })
    var mask = MessageMask(octets: octets)
    mask.walk(&names)
    let isSmall = text.contains { (0x61...0x66).contains($0) } && !text.contains { (0x41...0x46).contains($0) }
    var result = text
    for (index, octet) in mask.octets.enumerated() where octet != octets[index] {
      result[places[index * 2]] = letter(octet >> 4, isSmall)
      result[places[index * 2 + 1]] = letter(octet & 15, isSmall)
    }
    return result
  }

  /// A whole PDU as it is printed: who and what under stars, the rest as it is; `nil` where it has not the octets that
  /// were announced.
  static func printed(_ text: ArraySlice<UInt8>, announced: Int64, _ numbers: SecretNumbers) -> [UInt8]? {
    var result = Array(text)
    while let last = result.last, [0x1A, 0x0D, 0x0A].contains(last) { result.removeLast() }
    let end = text.dropFirst(result.count)
    guard result.count % 2 == 0, result.allSatisfy({ digit($0) != nil }) else { return nil }
    let octets = octets(result)
    guard let centre = octets.first, Int64(octets.count - 1 - Int(centre)) == announced else { return nil }
    var mask = MessageMask(octets: octets)
    var names = Pseudonyms()
    mask.walk(&names)
    for half in mask.hidden where result.indices.contains(half) { result[half] = UInt8(ascii: "*") }
    for address in mask.addresses {
      let number = numbers.known(address.digits.span)
      for (index, half) in address.halves.enumerated() where result.indices.contains(half) {
        result[half] = SecretMark.byte(at: index, of: address.halves.count, number: number)
      }
    }
    return result + end
  }

  /// Two digits each; one that is left over is none.
  private static func octets(_ digits: [UInt8]) -> [UInt8] {
    stride(from: 0, to: digits.count - 1, by: 2).map { (digit(digits[$0]) ?? 0) << 4 | (digit(digits[$0 + 1]) ?? 0) }
  }

  private init(octets: [UInt8]) { self.octets = octets }

  private mutating func hideOctets(_ range: Range<Int>) {
    for half in range.lowerBound * 2..<max(range.lowerBound, range.upperBound) * 2 { hidden.insert(half) }
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }

  private static func letter(_ value: UInt8, _ isSmall: Bool) -> UInt8 {
    value < 10 ? 0x30 + value : (isSmall ? 0x57 : 0x37) + value
  }

  // MARK: The way through

  private func octet(_ index: Int) -> Int { octets.indices.contains(index) ? Int(octets[index]) : 0 }

  private mutating func walk(_ names: inout Pseudonyms) {
    let centre = octet(0)
    // Its length counts the type too.
    if centre > 1 { number(from: 2, count: centre - 1, digits: (centre - 1) * 2, &names) }
    at = 1 + centre
    let first = octet(at)
    at += 1
    switch first & 3 {
    case 0:
      address(&names)
      at += 2 + 7
    case 1:
      at += 1
      address(&names)
      at += 2 + [0, 7, 1, 7][first >> 3 & 3]
    case 2:
      at += 1
      return address(&names)
    default: return hide(from: at, &names)
    }
    let coding = octet(at - (first & 3 == 0 ? 8 : 1 + [0, 7, 1, 7][first >> 3 & 3]))
    userData(coding, hasHeader: first & 0x40 != 0, &names)
  }

  /// 9.1.2.5: the number of digits, the type, the digits in pairs.
  private mutating func address(_ names: inout Pseudonyms) {
    let digits = octet(at)
    let type = octet(at + 1)
    let count = (digits + 1) / 2
    if type & 0x70 == 0x50 {
      septets(from: at + 2, count: count, skipped: 0, characters: digits * 4 / 7, &names)
    } else {
      number(from: at + 2, count: count, digits: digits, &names)
    }
    at += 2 + count
  }

  /// Half octets, the lower one first: the same digits as in text get the same pseudonym.
  private mutating func number(from start: Int, count: Int, digits: Int, _ names: inout Pseudonyms) {
    var text: [UInt8] = []
    var places: [Int] = []
    for index in 0..<min(digits, count * 2) where octets.indices.contains(start + index / 2) {
      let half = octets[start + index / 2] >> (index & 1 == 0 ? 0 : 4) & 15
      guard half < 10 else { continue }
      text.append(0x30 + half)
      places.append(index)
    }
    guard !text.isEmpty else { return }
    // In the order in which they are printed: the mark of a number is to be read.
    let halves = places.map { (start + $0 / 2) * 2 + ($0 & 1 == 0 ? 1 : 0) }
    hidden.formUnion(halves)
    addresses.append((halves.sorted(), text))
    // As in text: short ones are those of services.
    let masked = TextMask.value(text, .phone, &names)
    for (digit, index) in zip(masked, places) {
      let shift: UInt8 = index & 1 == 0 ? 0 : 4
      octets[start + index / 2] = octets[start + index / 2] & ~(15 << shift) | (digit &- 0x30) << shift
    }
  }

  // MARK: User data

  private mutating func userData(_ coding: Int, hasHeader: Bool, _ names: inout Pseudonyms) {
    let length = octet(at)
    at += 1
    guard at < octets.count else { return }
    var alphabet = 0
    switch coding >> 4 {
    case 0...7: alphabet = coding & 0x20 != 0 ? 1 : coding >> 2 & 3
    case 0xE: alphabet = 2
    case 0xF: alphabet = coding & 4 != 0 ? 1 : 0
    default: break
    }
    let header = hasHeader ? min(octet(at) + 1, octets.count - at) : 0
    switch alphabet {
    case 1: hide(from: at + header, &names)
    case 2: units(from: at + header, &names)
    default:
      septets(
        from: at, count: octets.count - at, skipped: (header * 8 + 6) / 7,
        characters: max(length, (octets.count - at) * 8 / 7), &names)
    }
  }

  /// Septets of the default alphabet, whose letters and digits are those of ASCII.
  private mutating func septets(
    from start: Int, count: Int, skipped: Int, characters: Int, _ names: inout Pseudonyms
  ) {
    let bits = max(0, min(count, octets.count - start)) * 8
    hideOctets(start + skipped * 7 / 8..<max(start + skipped * 7 / 8, min(octets.count, start + count)))
    var text: [UInt8] = []
    for index in skipped..<max(skipped, min(characters, bits / 7)) {
      var value: UInt8 = 0
      for bit in 0..<7 where octets[start + (index * 7 + bit) / 8] >> UInt8((index * 7 + bit) % 8) & 1 == 1 {
        value |= 1 << UInt8(bit)
      }
      text.append(value)
    }
    var masked = names.pseudonym(of: text)
    // What follows an escape is a sign of the other table.
    for index in text.indices.dropFirst() where text[index - 1] == 0x1B { masked[index] = text[index] }
    for (offset, value) in masked.enumerated() {
      for bit in 0..<7 {
        let place = (skipped + offset) * 7 + bit
        let one: UInt8 = 1 << UInt8(place % 8)
        if value >> UInt8(bit) & 1 == 1 { octets[start + place / 8] |= one } else { octets[start + place / 8] &= ~one }
      }
    }
  }

  /// UCS2: letters and digits of ASCII as such, other signs by one of their neighbourhood.
  private mutating func units(from start: Int, _ names: inout Pseudonyms) {
    guard start < octets.count else { return }
    hideOctets(start..<octets.count)
    let masked = names.pseudonym(of: octets[start...].map { $0 })
    var index = start
    while index + 1 < octets.count {
      let low = masked[index + 1 - start]
      if octets[index] == 0 {
        octets[index + 1] = low
      } else {
        let noise = Pseudonyms.noise(UInt64(low), UInt64(index))
        octets[index + 1] = UInt8(truncatingIfNeeded: noise) & 0x7F | octets[index + 1] & 0x80
      }
      index += 2
    }
  }

  private mutating func hide(from start: Int, _ names: inout Pseudonyms) {
    guard start < octets.count else { return }
    hideOctets(start..<octets.count)
    let text = octets[start...].map { $0 }
    octets.replaceSubrange(start..., with: names.pseudonym(of: text))
  }
}
