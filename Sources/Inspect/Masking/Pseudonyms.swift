import Trace

/// Gives values other ones of the same shape: a digit for a digit, a letter for a letter of its case, everything else
/// as it was.
///
/// The same value gets the same pseudonym, another value another one. A pseudonym is made from the order in which
/// values were first seen and from their shape alone, so nothing of the value can be computed from it. No letter is a
/// vowel, so that no result or command comes of it by chance.
struct Pseudonyms {
  /// How often another one is tried where one is taken; short values have few.
  private static let attempts = 400

  /// Each value's number, by the value without its case and without the plus sign of a number.
  private var numbers: [[UInt8]: UInt64] = [:]
  private var given: [[UInt8]: [UInt8]] = [:]
  private var used: Set<[UInt8]> = []
  /// Values of the trace: none of them is a pseudonym.
  private var originals: Set<[UInt8]> = []

  /// Must be told every value before the first is asked for.
  mutating func note(_ value: [UInt8]) { originals.insert(Self.folded(value)) }

  mutating func pseudonym(of value: [UInt8]) -> [UInt8] {
    let key = Self.folded(value)
    if let known = given[key] { return Self.dressed(known, as: value) }
    let number = numbers[key] ?? UInt64(numbers.count) &+ 1
    numbers[key] = number
    let isHex = Self.isHex(key)
    var best: [UInt8]?
    for attempt in 0..<Self.attempts {
      let seed = number &* 0x1_0001 &+ UInt64(attempt) &* 0x9E37_79B9_7F4A_7C15
      let candidate = Self.shaped(key, seed: seed, isHex: isHex)
      if candidate == key, attempt + 1 < Self.attempts { continue }
      if best == nil { best = candidate }
      if used.contains(candidate) || originals.contains(candidate) { continue }
      best = candidate
      break
    }
    let chosen = best ?? key
    used.insert(chosen)
    given[key] = chosen
    return Self.dressed(chosen, as: value)
  }

  /// The pseudonym of a number, or `nil` where it is none of this trace's.
  func known(_ value: [UInt8]) -> [UInt8]? { given[Self.folded(value)].map { Self.dressed($0, as: value) } }

  // MARK: Numbers

  /// The digits before the last ones, by the last ones and their place from the end, as they were first seen.
  private var tails: [[UInt8]: [Int: [UInt8]]] = [:]

  private static func tail(of digits: [UInt8]) -> (zeros: Int, tail: [UInt8]) {
    let zeros = digits.prefix(2).prefix { $0 == 0x30 }.count
    return (zeros, Array(digits.dropFirst(zeros).suffix(SecretNumbers.tailDigits)))
  }

  /// The pseudonym of a number, or `nil` where it is none of this trace's.
  func known(number digits: [UInt8]) -> [UInt8]? {
    let (zeros, tail) = Self.tail(of: digits)
    guard let seen = tails[tail], let end = known(tail) else { return nil }
    var prefix: [UInt8] = []
    for (place, digit) in digits.dropFirst(zeros).dropLast(tail.count).reversed().enumerated() {
      if digit == 0x30 {
        prefix.append(digit)
      } else {
        guard let index = seen[place]?.firstIndex(of: digit) else { return nil }
        prefix.append(prefixDigit(index, tail, place))
      }
    }
    return Array(digits.prefix(zeros)) + Array(prefix.reversed()) + end
  }

  private func prefixDigit(_ index: Int, _ tail: [UInt8], _ place: Int) -> UInt8 {
    let noise = Self.noise(numbers[tail] ?? 0, UInt64(place)) % 9
    return 0x31 + UInt8((noise &+ UInt64(index)) % 9)
  }

  /// A number with or without its prefixes of country and area: their pseudonyms have the same end too.
  mutating func number(_ digits: [UInt8]) -> [UInt8] {
    let (zeros, tail) = Self.tail(of: digits)
    let end = pseudonym(of: tail)
    var seen = tails[tail] ?? [:]
    for (place, digit) in digits.dropFirst(zeros).dropLast(tail.count).reversed().enumerated() where digit != 0x30 {
      if seen[place]?.contains(digit) != true { seen[place, default: []].append(digit) }
    }
    tails[tail] = seen
    return known(number: digits) ?? Array(digits.prefix(digits.count - tail.count)) + end
  }

  // MARK: Shapes

  /// Small letters only, and no plus sign in front.
  private static func folded(_ value: [UInt8]) -> [UInt8] {
    let rest = value.first == UInt8(ascii: "+") ? value.dropFirst() : value[...]
    return rest.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
  }

  /// The folded pseudonym in the cases of the value.
  private static func dressed(_ folded: [UInt8], as value: [UInt8]) -> [UInt8] {
    let sign = value.count - folded.count
    var result = value
    for (index, byte) in folded.enumerated() where result.indices.contains(index + sign) {
      let isCapital = (0x41...0x5A).contains(value[index + sign])
      result[index + sign] = isCapital ? byte & 0xDF : byte
    }
    return result
  }

  static func isHex(_ value: [UInt8]) -> Bool {
    var digits = 0
    for byte in value {
      switch byte {
      case 0x30...0x39: digits += 1
      case 0x41...0x46, 0x61...0x66: break
      case 0x0D, 0x0A, 0x1A, 0x1B: break
      default: return false
      }
    }
    return digits > 0 || value.count >= 4 && value.count % 2 == 0
  }

  static func shaped(_ value: [UInt8], seed: UInt64, isHex: Bool) -> [UInt8] {
    var result = value
    var before: UInt8 = 0
    for (index, byte) in value.enumerated() {
      result[index] = shaped(byte, after: before, noise: noise(seed, UInt64(index)), isHex: isHex)
      before = byte
    }
    return result
  }

  private static let hexLetters = Array("bcdf".utf8)
  private static let letters = Array("bcdfghjklmnpqrsvwxz".utf8)

  /// Another byte of the same class. `after`: the byte before it in the value.
  static func shaped(_ byte: UInt8, after before: UInt8, noise: UInt64, isHex: Bool) -> UInt8 {
    let set = isHex ? hexLetters : letters
    switch byte {
    case 0x30...0x39:
      // A number keeps or lacks its leading zero.
      guard !(0x30...0x39).contains(before) else { return 0x30 + UInt8(noise % 10) }
      return byte == 0x30 ? byte : 0x31 + UInt8(noise % 9)
    case 0x41...0x5A: return set[Int(noise % UInt64(set.count))] & 0xDF
    case 0x61...0x7A: return set[Int(noise % UInt64(set.count))]
    // What follows these first bytes of UTF-8 is bound to a range.
    case 0x80...0xBF: return [0xE0, 0xED, 0xF0, 0xF4].contains(before) ? byte : 0x80 + UInt8(noise % 64)
    default: return byte
    }
  }

  /// SplitMix64's mixing of two numbers.
  static func noise(_ seed: UInt64, _ index: UInt64) -> UInt64 {
    var mixed = seed &+ (index &+ 1) &* 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
