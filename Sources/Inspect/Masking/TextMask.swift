import Profile

/// Overwrites text by its parts, so that a number or an address has one pseudonym wherever it stands.
struct TextMask {
  /// Runs of digits up to this length are numbers of services, lengths and counts.
  private static let plainDigits = 5
  /// Words of V.250, which in a line of their own may be taken for results.
  private static let results: Set<[UInt8]> = Set(
    ["OK", "ERROR", "RING", "BUSY", "CONNECT", "NO CARRIER", "NO ANSWER", "NO DIALTONE"].map { Array($0.utf8) })
  /// Beginnings of files, by which rules know them: `#!AMR` in hexadecimal digits.
  private static let magics = [Array("2321414D52".utf8)]
  private static let replies = [Array("+OK".utf8), Array("-ERR".utf8)]

  /// A value in a line.
  static func value(_ value: [UInt8], _ kind: Parameter.Mask, _ names: inout Pseudonyms) -> [UInt8] {
    switch kind {
    case .secret, .none: return names.pseudonym(of: value)
    case .phone: return parts(value, leastDigits: changesPassword(value) ? 4 : plainDigits + 1, &names)
    case .body where value.count <= plainDigits && value.allSatisfy(isDigit): return value
    case .user, .identity, .body:
      if let magic = magics.first(where: { value.starts(with: $0) }) {
        return magic + names.pseudonym(of: Array(value.dropFirst(magic.count)))
      }
      return lines(value, isMailbox: false, &names)
    }
  }

  /// Data: line by line. `isMailbox`: answers of a mail server, with their status and listings.
  static func lines(_ text: [UInt8], isMailbox: Bool, _ names: inout Pseudonyms) -> [UInt8] {
    var result: [UInt8] = []
    var start = 0
    for end in 0...text.count where end == text.count || text[end] < 0x20 || text[end] == 0x7F {
      if end > start {
        let line = Array(text[start..<end])
        // The end of the data may cut such a word.
        let isCutResult = end == text.count && start > 0 && results.contains { $0.starts(with: line) }
        result += isCutResult ? line : self.line(line, isMailbox, &names)
      }
      if end < text.count { result.append(text[end]) }
      start = end + 1
    }
    return result
  }

  private static func line(_ line: [UInt8], _ isMailbox: Bool, _ names: inout Pseudonyms) -> [UInt8] {
    if results.contains(line) { return line }
    // A command that is sent while its receiver takes everything for data.
    if line.count > 2, line[0] & 0xDF == 0x41, line[1] & 0xDF == 0x54, !isLetter(line[2]) {
      return line.prefix(2) + parts(Array(line.dropFirst(2)), leastDigits: 7, &names)
    }
    if isMailbox {
      if let reply = replies.first(where: { line.starts(with: $0) }) {
        return reply + keepingCounts(Array(line.dropFirst(reply.count)), &names)
      }
      // A listing: the number of a message, and its size or its name.
      let words = line.split(separator: 0x20)
      if words.count == 2, words[0].count <= plainDigits, words[0].allSatisfy(isDigit) {
        return keepingCounts(line, &names)
      }
    }
    if Pseudonyms.isHex(line), !line.allSatisfy(isDigit) { return names.pseudonym(of: line) }
    return parts(line, leastDigits: 7, &names)
  }

  /// Words by themselves; short numbers stay.
  private static func keepingCounts(_ line: [UInt8], _ names: inout Pseudonyms) -> [UInt8] {
    var result: [UInt8] = []
    for (index, word) in line.split(separator: 0x20, omittingEmptySubsequences: false).enumerated() {
      if index > 0 { result.append(0x20) }
      let digits = word.count(where: isDigit)
      let isCount = digits > 0 && digits <= 7 && word.allSatisfy { isDigit($0) || !isLetter($0) && $0 < 0x80 }
      result += isCount ? Array(word) : names.pseudonym(of: Array(word))
    }
    return result
  }

  /// Addresses of mail, long numbers, and what is between them.
  static func parts(_ text: [UInt8], leastDigits: Int, _ names: inout Pseudonyms) -> [UInt8] {
    var result: [UInt8] = []
    var rest: [UInt8] = []
    var index = 0
    while index < text.count {
      guard isWord(text[index]) else {
        rest.append(text[index])
        index += 1
        continue
      }
      let end = text[index...].firstIndex { !isWord($0) } ?? text.count
      let word = Array(text[index..<end])
      if word.dropFirst().dropLast().contains(0x40) {
        result += between(rest, leastDigits, &names)
        rest = []
        result += names.pseudonym(of: word)
        index = end
        continue
      }
      // Digits within the word.
      while index < end {
        let stop = text[index..<end].firstIndex { !isDigit($0) } ?? end
        if stop - index >= leastDigits, stop - index <= 13 {
          result += between(rest, leastDigits, &names)
          rest = []
          result += names.number(Array(text[index..<stop]))
        } else {
          rest += text[index..<max(stop, index + 1)]
        }
        index = max(stop, index + 1)
      }
    }
    result += between(rest, leastDigits, &names)
    rest = []
    return result
  }

  private static func between(_ rest: [UInt8], _ leastDigits: Int, _ names: inout Pseudonyms) -> [UInt8] {
    if rest.isEmpty { return [] }
    return leastDigits <= plainDigits + 1 ? keepingShort(rest, &names) : names.pseudonym(of: rest)
  }

  /// Codes of services in what is dialled stay.
  private static func keepingShort(_ text: [UInt8], _ names: inout Pseudonyms) -> [UInt8] {
    if text.contains(where: isLetter) {
      // Signs of dialling and modifiers are no names.
      return text.count > 2 ? names.pseudonym(of: text) : text
    }
    return longest(text) > 13 ? names.pseudonym(of: text) : text
  }

  private static func longest(_ text: [UInt8]) -> Int {
    text.split { !isDigit($0) }.map(\.count).max() ?? 0
  }

  /// Whether what is dialled holds a password (TS 22.030, 6.5.4): those of the SIM and of services.
  private static func changesPassword(_ value: [UInt8]) -> Bool {
    value.starts(with: Array("**0".utf8)) || value.starts(with: Array("*03".utf8))
  }

  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) && byte < 0x80 }
  /// Of an address, a number or a word.
  static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLetter(byte) || byte >= 0x80 || [0x2B, 0x2D, 0x2E, 0x40, 0x5F].contains(byte)
  }
}
