/// The beginnings of lines that loggers and other programs write: a file where most lines have one is no raw log.
enum ForeignPrefix {
  /// Whether a line begins with a time stamp, a direction mark, a program's tag or a row of hexadecimal.
  static func leads(_ line: ArraySlice<UInt8>) -> Bool {
    let openers = [UInt8]("[(<*".utf8)
    let inner = line.drop { openers.contains($0) || $0 == Ascii.blank }
    return hasStamp(inner) || hasMark(line) || hasProgramTag(line) || isHexRow(line)
  }

  /// Shapes of stamps: `9` stands for a digit, `#` for one or more, `a` for a letter, `$` for anything that follows.
  private static let stamps: [[UInt8]] = [
    "99:99:99", "9:99:99", "9999-99-99", "9999/99/99", "9999.99.99", "99.99.9999", "99/99/9999", "99-99 99:99",
    "99999999.9999", "99999999T9999", "aaa # 99:99", "aaa  # 99:99", "aaa aaa # 99:99", "aaa 9999/99/99",
    "999999# $", "999999#: $", "#.999 $", "#.9999# $", "#-# aaaa", "#.999: ", "#.99999#: ",
  ].map { [UInt8]($0.utf8) }

  private static func hasStamp(_ line: ArraySlice<UInt8>) -> Bool {
    stamps.contains { matches(line, $0) }
  }

  private static func matches(_ line: ArraySlice<UInt8>, _ shape: [UInt8]) -> Bool {
    var rest = line
    for symbol in shape {
      switch symbol {
      case UInt8(ascii: "9"):
        guard let first = rest.first, Ascii.isDigit(first) else { return false }
        rest.removeFirst()
      case UInt8(ascii: "#"):
        let digits = rest.prefix(while: Ascii.isDigit)
        guard !digits.isEmpty else { return false }
        rest.removeFirst(digits.count)
      case UInt8(ascii: "a"):
        guard let first = rest.first, Ascii.isLetter(first) else { return false }
        rest.removeFirst()
      case UInt8(ascii: "$"):
        guard !rest.isEmpty else { return false }
      default:
        guard rest.first == symbol else { return false }
        rest.removeFirst()
      }
    }
    return true
  }

  private static let marks: [[UInt8]] = [
    ">> ", "<< ", "--> ", "<-- ", "-> ", "<- ", "<!-- ", "TX ", "RX ", "TX:", "RX:", "[TX]", "[RX]", "Tx:", "Rx:",
    "[Send", "[Recv", "Sent ", "Rcvd ", "SENDING frame", "RECEIVED frame", "** (", "** Message",
  ].map { [UInt8]($0.utf8) }

  private static func hasMark(_ line: ArraySlice<UInt8>) -> Bool {
    marks.contains { line.starts(with: $0) }
  }

  /// `name[123]: …` of syslog and daemons, `D/TAG ( 123): …` of logcat.
  private static func hasProgramTag(_ line: ArraySlice<UInt8>) -> Bool {
    if let level = line.first, Ascii.isUpper(level), line.dropFirst().first == UInt8(ascii: "/") {
      let head = line.prefix(48)
      return head.contains(UInt8(ascii: "(")) && head.contains(UInt8(ascii: ")"))
    }
    let name = line.prefix { Ascii.isLetter($0) || $0 == Ascii.minus || $0 == UInt8(ascii: "_") }
    guard !name.isEmpty else { return false }
    return matches(line.dropFirst(name.count), [UInt8]("[#]: ".utf8))
  }

  /// Four or more groups of two hexadecimal digits between blanks, or such cells with `|`.
  private static func isHexRow(_ line: ArraySlice<UInt8>) -> Bool {
    var groups = 0
    for word in line.split(separator: Ascii.blank, omittingEmptySubsequences: true).prefix(4) {
      guard word.count == 2, word.allSatisfy(Ascii.isHexDigit) else { break }
      groups += 1
    }
    if groups >= 4 { return true }
    let cells = line.split(separator: UInt8(ascii: "|")).prefix(3)
    return cells.count == 3
      && cells.dropLast().allSatisfy { $0.count == 3 && $0.prefix(2).allSatisfy(Ascii.isHexDigit) }
  }
}
