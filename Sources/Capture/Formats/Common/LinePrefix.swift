/// The time that a terminal program or a filter puts before each line: in brackets or bare, with or without a date,
/// counted from a start, or in seconds since 1970.
enum LinePrefix {
  /// With a fraction before without: the longer one is the right one. `~` takes a dot, a comma or a colon.
  private static let dates = [
    "YYYY-MM-DD hh:mm:ss", "YYYY-MM-DDThh:mm:ss", "YYYY/MM/DD hh:mm:ss", "DD.MM.YYYY hh:mm:ss",
    "www bbb dd hh:mm:ss", "bbb dd hh:mm:ss", "hh:mm:ss",
  ]
  private static let patterns = dates.flatMap { [StampPattern($0 + "~f"), StampPattern($0)] } + [StampPattern("S.f")]
  private static let separators: [[UInt8]] = [" -> ", " - ", ": ", ", ", "> ", " ", "\t", ","].map { [UInt8]($0.utf8) }

  /// How many forms there are; `hint` says which was right last time.
  static func parse(_ line: LineText, hint: inout Int) -> (stamp: LogStamp, rest: LineText)? {
    guard let first = line.first, first == open || Ascii.isDigit(first) || Ascii.isLetter(first) else { return nil }
    let inner = first == open ? line.dropFirst() : line
    if patterns.indices.contains(hint), let found = parse(inner, patterns[hint], bracketed: first == open) {
      return found
    }
    for index in patterns.indices where index != hint {
      guard let found = parse(inner, patterns[index], bracketed: first == open) else { continue }
      hint = index
      return found
    }
    return nil
  }

  private static let open = UInt8(ascii: "[")
  private static let close = UInt8(ascii: "]")

  private static func parse(
    _ text: LineText, _ pattern: StampPattern, bracketed: Bool
  ) -> (stamp: LogStamp, rest: LineText)? {
    guard let (stamp, behind) = pattern.parse(text) else { return nil }
    var rest = behind
    if let zone = zone(rest) { rest = rest.dropFirst(zone) }
    guard bracketed else {
      if rest.isEmpty { return (stamp, rest) }
      for separator in separators where rest.starts(with: separator) {
        return (stamp, rest.dropFirst(separator.count))
      }
      return rest.first == Ascii.carriageReturn ? (stamp, rest) : nil
    }
    // A year behind the time, or how long after the line before it this one came.
    if rest.first == Ascii.blank {
      let more = rest.dropFirst().prefix { Ascii.isDigit($0) || $0 == Ascii.dot }
      rest = rest.dropFirst(1 + more.count)
    }
    guard rest.first == close else { return nil }
    rest = rest.dropFirst()
    return (stamp, rest.first == Ascii.blank || rest.first == Ascii.tab ? rest.dropFirst() : rest)
  }

  /// `Z`, `+01:00`, `-0530`, ` AM`, ` PM`.
  private static func zone(_ text: LineText) -> Int? {
    guard let first = text.first else { return nil }
    if first == UInt8(ascii: "Z") { return 1 }
    if first == Ascii.plus || first == Ascii.minus {
      let digits = text.dropFirst().prefix { Ascii.isDigit($0) || $0 == Ascii.colon }
      return digits.count == 4 || digits.count == 5 ? 1 + digits.count : nil
    }
    return nil
  }
}
