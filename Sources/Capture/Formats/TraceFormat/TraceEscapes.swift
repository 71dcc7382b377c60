/// The escapes of a quoted `.trace` text: `\r \n \t \\ \" \xHH`.
enum TraceEscapes {
  /// How reading a text ended.
  enum End {
    /// At a quote that is not escaped; `read` stands on it.
    case quote
    /// At the end of the source, or before an escape that goes on beyond it.
    case source
    /// At something that is no escape; `read` stands on it.
    case malformed
  }

  struct Outcome {
    var end: End
    var read: Int
    var written: Int
  }

  /// How many bytes beyond the source's count `unescape` may write while it works: it stores whole words.
  static let slack = 8
  /// The longest escape, `\xHH`.
  static let longest = 4

  /// Copies `source` to `target` with its escapes resolved. `target` must have room for the count of `source` and
  /// `slack` more bytes.
  static func unescape(
    _ source: UnsafeBufferPointer<UInt8>, to target: UnsafeMutableBufferPointer<UInt8>
  ) -> Outcome {
    guard let from = source.baseAddress, let to = target.baseAddress, target.count >= source.count + slack else {
      return Outcome(end: .source, read: 0, written: 0)
    }
    return hexadecimal.withUnsafeBufferPointer { hex in
      single.withUnsafeBufferPointer { single in
        guard let hex = hex.baseAddress, let single = single.baseAddress else {
          return Outcome(end: .malformed, read: 0, written: 0)
        }
        return unescape(from, source.count, to, hex, single)
      }
    }
  }

  private static func unescape(
    _ source: UnsafePointer<UInt8>, _ count: Int, _ target: UnsafeMutablePointer<UInt8>,
    _ hex: UnsafePointer<UInt8>, _ single: UnsafePointer<UInt8>
  ) -> Outcome {
    // Invariant: `written <= read <= count`, so a word stored at `written` ends within the slack.
    var read = 0
    var written = 0
    while true {
      while read &+ 8 <= count {
        let word = UnsafeRawPointer(source + read).loadUnaligned(as: UInt64.self)
        UnsafeMutableRawPointer(target + written).storeBytes(of: word, as: UInt64.self)
        let marks = zeroBytes(word ^ everyBackslash) | zeroBytes(word ^ everyQuote)
        let plain = marks == 0 ? 8 : UInt64(littleEndian: marks).trailingZeroBitCount &>> 3
        read &+= plain
        written &+= plain
        if plain < 8 { break }
      }
      // Escapes tend to stand close together, and in binary payload no branch can predict what the next token is.
      // So a few tokens are taken without a branch; whether one of them was a quote or wrong is asked afterwards,
      // and then the bytewise reading starts again from before them.
      guard read &+ groupReach <= count else { break }
      let savedRead = read
      let savedWritten = written
      var doubt: UInt8 = 0
      for _ in 0..<groupLength {
        let word = UInt32(littleEndian: UnsafeRawPointer(source + read).loadUnaligned(as: UInt32.self))
        let first = UInt8(truncatingIfNeeded: word)
        let second = Int(UInt8(truncatingIfNeeded: word &>> 8))
        let upper = hex[Int(UInt8(truncatingIfNeeded: word &>> 16))]
        let lower = hex[Int(UInt8(truncatingIfNeeded: word &>> 24))]
        // All bits set where the token is an escape; where it is `\xHH`.
        let escape = allBits(ifZero: (word & 0xFF) ^ UInt32(Ascii.backslash))
        let hexEscape = allBits(ifZero: (word & 0xFFFF) ^ backslashX)
        let quote = allBits(ifZero: (word & 0xFF) ^ UInt32(Ascii.quote))
        doubt |= quote | (escape & single[second &+ 256]) | (hexEscape & (upper | lower) & 0xF0)
        target[written] =
          (first & ~escape) | (single[second] & (escape ^ hexEscape)) | (((upper &<< 4) | lower) & hexEscape)
        written &+= 1
        read &+= Int(1 &+ (escape & 1) &+ (hexEscape & 2))
      }
      if doubt != 0 {
        read = savedRead
        written = savedWritten
        break
      }
    }
    return unescapeTail(source, count, target, hex, single, read, written)
  }

  /// The last bytes, where a whole escape may not fit any more.
  private static func unescapeTail(
    _ source: UnsafePointer<UInt8>, _ count: Int, _ target: UnsafeMutablePointer<UInt8>,
    _ hex: UnsafePointer<UInt8>, _ single: UnsafePointer<UInt8>, _ startRead: Int, _ startWritten: Int
  ) -> Outcome {
    var read = startRead
    var written = startWritten
    while read < count {
      let first = source[read]
      if first == Ascii.quote { return Outcome(end: .quote, read: read, written: written) }
      guard first == Ascii.backslash else {
        target[written] = first
        written &+= 1
        read &+= 1
        continue
      }
      guard read &+ 1 < count else { break }
      let second = source[read &+ 1]
      if second == UInt8(ascii: "x") {
        let upper = read &+ 2 < count ? hex[Int(source[read &+ 2])] : 0
        let lower = read &+ 3 < count ? hex[Int(source[read &+ 3])] : 0
        guard upper | lower <= 0x0F else { return Outcome(end: .malformed, read: read, written: written) }
        guard read &+ 3 < count else { break }
        target[written] = upper &<< 4 | lower
        read &+= 4
      } else {
        let value = single[Int(second)]
        guard value != 0 else { return Outcome(end: .malformed, read: read, written: written) }
        target[written] = value
        read &+= 2
      }
      written &+= 1
    }
    return Outcome(end: .source, read: read, written: written)
  }

  /// How many tokens are taken without a branch, and how far they reach at most.
  private static let groupLength = 8
  private static let groupReach = groupLength * longest

  private static let everyBackslash: UInt64 = 0x5C5C_5C5C_5C5C_5C5C
  private static let everyQuote: UInt64 = 0x2222_2222_2222_2222
  /// `\x` as the low half of a little-endian word.
  private static let backslashX: UInt32 = 0x785C

  /// 0xFF for 0, and 0 for every other number up to 0xFFFF. A comparison would become a branch.
  @inline(__always)
  private static func allBits(ifZero number: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: (number &- 1) &>> 24) }

  /// Marks the top bit of each byte that is zero; exact up to the first one, which is all that is asked for.
  @inline(__always)
  private static func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
  }

  /// The value of each hexadecimal digit, and 0xFF for every other byte.
  private static let hexadecimal: [UInt8] = (0...255).map { byte in
    guard let byte = UInt8(exactly: byte), Ascii.isHexDigit(byte) else { return 0xFF }
    return Ascii.isDigit(byte) ? byte - 0x30 : (byte | 0x20) - 0x61 + 10
  }

  /// What the letter after a backslash stands for; in the second half, 0xFF for the letters that are no escape.
  private static let single: [UInt8] = {
    var table = [UInt8](repeating: 0, count: 256) + [UInt8](repeating: 0xFF, count: 256)
    for (letter, value) in pairs {
      table[Int(letter)] = value
      table[Int(letter) + 256] = 0
    }
    table[Int(UInt8(ascii: "x")) + 256] = 0
    return table
  }()

  private static let pairs: [(letter: UInt8, value: UInt8)] = [
    (UInt8(ascii: "r"), 0x0D), (UInt8(ascii: "n"), 0x0A), (UInt8(ascii: "t"), 0x09),
    (UInt8(ascii: "\\"), 0x5C), (UInt8(ascii: "\""), 0x22),
  ]

  /// For each byte: 0 when it stands for itself, the letter of its escape, or `x`.
  private static let escapeLetter: [UInt8] = {
    var table = [UInt8](repeating: UInt8(ascii: "x"), count: 256)
    for byte in 0x20...0x7E { table[byte] = 0 }
    for (letter, value) in pairs { table[Int(value)] = letter }
    return table
  }()

  private static let digits = [UInt8]("0123456789ABCDEF".utf8)

  /// Appends `source` to `text` with everything but printable ASCII escaped.
  static func escape(_ source: some Collection<UInt8>, into text: inout [UInt8]) {
    for byte in source {
      let letter = escapeLetter[Int(byte)]
      if letter == 0 {
        text.append(byte)
        continue
      }
      text.append(Ascii.backslash)
      text.append(letter)
      if letter == UInt8(ascii: "x") {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 0x0F)])
      }
    }
  }
}
