/// What the beginning of a file holds that speaks for, or against, a raw log of a modem's line.
struct RawEvidence {
  private(set) var commands = 0
  private(set) var results = 0
  private(set) var information = 0
  /// Lines that begin with another program's time stamp or tag.
  private(set) var foreign = 0
  /// Those of them that carry an AT command.
  private(set) var foreignCommands = 0
  private(set) var filled = 0
  /// The first lines that say nothing of a modem.
  private(set) var strangers: [Int] = []
  let binaryShare: Double

  private static let prompt: [UInt8] = [UInt8(ascii: ">")]
  /// How many lines an error message shows.
  static let strangerLimit = 3

  init(of beginning: LogBeginning) {
    binaryShare = RawEvidence.binaryShare(of: beginning.bytes)
    var afterCommand = false
    for (index, range) in beginning.lines.enumerated() {
      let line = Ascii.trimmed(beginning.bytes[range])
      // A prompt alone says nothing: terminals of many devices have it.
      guard !line.isEmpty, !line.elementsEqual(RawEvidence.prompt) else { continue }
      filled += 1
      if ForeignPrefix.leads(line) {
        foreign += 1
        if ModemLine.mentionsCommand(line) { foreignCommands += 1 }
        remember(index)
        continue
      }
      switch ModemLine.kind(of: line, afterCommand: afterCommand) {
      case .command:
        commands += 1
        afterCommand = true
      case .result: results += 1
      case .information: information += 1
      case nil: remember(index)
      }
    }
  }

  private mutating func remember(_ index: Int) {
    if strangers.count < RawEvidence.strangerLimit { strangers.append(index) }
  }

  var hits: Int { commands + results + information }

  /// Whether the lines belong to another program's log: commands stand behind its prefix rather than bare.
  var isForeign: Bool {
    guard foreign >= 3 || foreign == filled else { return false }
    return foreignCommands > commands || foreign > hits || (commands == 0 && foreign * 5 > filled)
  }

  /// Random bytes hold a word of AT now and then; real traffic around a binary transfer holds many.
  var isBinary: Bool { binaryShare > 0.3 && hits < 4 }

  var hasEvidence: Bool {
    let answered = (commands > 0 && results + information > 0) || (results > 0 && information > 0)
    if answered { return hits * 50 >= filled }
    // Commands without an answer are what a dead modem leaves.
    return (hits > 0 && hits * 2 >= filled) || (commands >= 3 && commands * 20 >= filled)
  }

  /// At most 0.6: a dialect that knows the file better goes before.
  var confidence: Double {
    guard filled > 0, hasEvidence, !isForeign, !isBinary else { return 0 }
    return 0.25 + 0.35 * Double(hits) / Double(filled)
  }

  /// The share of bytes that no text has. High bytes count half: they may be UTF-8 or a national alphabet.
  private static func binaryShare(of bytes: [UInt8]) -> Double {
    guard !bytes.isEmpty else { return 0 }
    var weight = 0
    for byte in bytes {
      switch byte {
      case 0x08...0x0D, 0x1A, 0x1B, 0x20...0x7E: break
      case 0x80...0xFF: weight += 1
      default: weight += 2
      }
    }
    return Double(weight) / Double(2 * bytes.count)
  }
}

/// The shapes of lines that a modem's line carries, without knowing any command.
enum ModemLine {
  enum Kind { case command, result, information }

  static func kind(of line: ArraySlice<UInt8>, afterCommand: Bool) -> Kind? {
    let text = withoutTag(line)
    if isCommand(text) { return .command }
    if isResult(text) { return .result }
    // ITU-T V.250 6.2.6: with V0 a result is a number and CR.
    if afterCommand, text.count == 1, text.allSatisfy(Ascii.isDigit) { return .result }
    return isInformation(text) ? .information : nil
  }

  /// Whether an AT command stands anywhere in the line after a character that is no part of a word.
  static func mentionsCommand(_ line: ArraySlice<UInt8>) -> Bool {
    var index = line.startIndex
    while index + 1 < line.endIndex {
      let opens = index == line.startIndex || !(Ascii.isLetter(line[index - 1]) || Ascii.isDigit(line[index - 1]))
      if opens, line[index] | 0x20 == 0x61, line[index + 1] | 0x20 == 0x74 {
        let word = line[index...].prefix { $0 > 0x20 && $0 != Ascii.quote && $0 != 0x27 && $0 != 0x5C && $0 != 0x3C }
        if isCommand(word) { return true }
      }
      index += 1
    }
    return false
  }

  /// `AT` alone, with an extended command, or with basic commands (at most three letters without a value, so that
  /// words like "attached" are none).
  static func isCommand(_ line: ArraySlice<UInt8>) -> Bool {
    let text = line.first == UInt8(ascii: ">") ? Ascii.trimmed(line.dropFirst()) : line
    guard text.count >= 2, let a = text.first, let t = text.dropFirst().first, a | 0x20 == 0x61, t | 0x20 == 0x74
    else { return false }
    // `At` is how a sentence begins.
    guard (a & 0x20) <= (t & 0x20), a == 0x61 || t == 0x54 else { return false }
    let rest = text.dropFirst(2)
    guard let first = rest.first else { return true }
    if isExtension(first) {
      guard let next = rest.dropFirst().first else { return false }
      return Ascii.isLetter(next)
    }
    guard Ascii.isLetter(first) else { return first == UInt8(ascii: "?") && rest.count == 1 }
    let letters = rest.prefix(while: Ascii.isLetter)
    guard letters.count <= 3 else { return false }
    guard let value = rest.dropFirst(letters.count).first else { return true }
    return Ascii.isDigit(value) || [UInt8]("=?*#+;&".utf8).contains(value)
  }

  private static func isExtension(_ byte: UInt8) -> Bool { [UInt8]("+#^&%$*\\!@_-".utf8).contains(byte) }

  private static func isResult(_ line: ArraySlice<UInt8>) -> Bool {
    finals.contains { $0.elementsEqual(line) } || leads.contains { line.starts(with: $0) }
  }

  /// `+NAME: …`, and the same with another mark before the name.
  private static func isInformation(_ line: ArraySlice<UInt8>) -> Bool {
    guard let mark = line.first, isExtension(mark) else { return false }
    let name = line.dropFirst().prefix { Ascii.isUpper($0) || Ascii.isDigit($0) }
    guard name.count >= 2, let first = name.first, Ascii.isUpper(first) else { return false }
    return line.dropFirst(1 + name.count).first == Ascii.colon
  }

  /// The line without a leading `[WORD]:` that a logger's firmware put there.
  private static func withoutTag(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard line.first == UInt8(ascii: "[") else { return line }
    let word = line.dropFirst().prefix { Ascii.isLetter($0) || Ascii.isDigit($0) || $0 == Ascii.minus }
    guard word.contains(where: Ascii.isLetter), line.dropFirst(1 + word.count).first == UInt8(ascii: "]") else {
      return line
    }
    let rest = line.dropFirst(2 + word.count)
    return Ascii.trimmed(rest.first == Ascii.colon ? rest.dropFirst() : rest)
  }

  private static let finals: [[UInt8]] = [
    "OK", "ERROR", "RING", "BUSY", "CONNECT", "NO CARRIER", "NO ANSWER", "NO DIALTONE", "NO DIAL TONE", "SEND OK",
    "SEND FAIL", "CLOSE OK", "SHUT OK", "CONNECT OK", "COMMAND NOT SUPPORT", "NORMAL POWER DOWN", "Call Ready",
    "SMS Ready",
  ].map { [UInt8]($0.utf8) }

  private static let leads: [[UInt8]] = ["CONNECT ", "+CME ERROR:", "+CMS ERROR:", "NO CARRIER:"].map {
    [UInt8]($0.utf8)
  }
}
