import Check
import Inspect
import Measure
import Trace

/// Writes what good sessions showed as expectations of the next ones: a file to begin with, for people to edit.
///
/// Secrets are written as `*`, which stands for anything.
public enum ExpectationText {
  /// So many different command lines and transfers are written for an input; so many steps of the order.
  static let lineLimit = 200
  static let stepLimit = 50
  static let transferLimit = 50
  /// More different parameters of a command than this are written as `*`.
  static let variants = 3
  /// Shorter limits of time would fail for no reason.
  private static let leastLatency: Nanoseconds = 100_000_000

  public static func text(_ reports: [InputReport]) -> String {
    var text = "# What good sessions showed, as expectations of the next ones. Edit it: leave out what may differ.\n"
    text += "# * stands for anything; times are in seconds, twice what was measured.\n"
    text += "expect:\n"
    var names: Set<String> = []
    for report in reports {
      var name = kebab(report.path)
      var number = 2
      while !names.insert(name).inserted {
        name = kebab(report.path) + "-\(number)"
        number += 1
      }
      text += expectation(report, name, isOnly: reports.count == 1)
    }
    return text
  }

  private static func expectation(_ report: InputReport, _ name: String, isOnly: Bool) -> String {
    let entries = report.chronicle?.transactions(limit: .max) ?? []
    // A long session is kept in parts: nobody knows how often something came.
    let isWhole = entries.count == report.transactions
    let lines = Lines(entries)
    var text = "  - name: \(name)\n"
    text +=
      isOnly
      ? "    # path: \"**/*.trace\"  # without it, every input is compared\n" : "    path: \(quoted(report.path))\n"
    let rows = lines.groups.prefix(lineLimit)
    if !rows.isEmpty {
      text += "    must-see:\n"
      for group in rows { text += mustSee(group, isWhole: isWhole) }
      let left = lines.groups.count - rows.count
      if left > 0 { text += "      # \(left) more command lines are left out\n" }
      let steps = rows.prefix(stepLimit)
      text += "    in-order:\n"
      for group in steps { text += "      - \(quoted(group.pattern))\n" }
    }
    text += transfers(report)
    // An expectation of nothing is a mistake; a session without commands has none to see.
    return rows.isEmpty && report.transfers.isEmpty ? text + "    must-not-see: ['AT*']\n" : text
  }

  private static func mustSee(_ group: Lines.Group, isWhole: Bool) -> String {
    var text = ""
    for row in group.rows {
      var parts = ["command: \(quoted(group.pattern))"]
      if let result = row.result { parts.append("result: \(quoted(result))") }
      if let late = row.late { parts.append("answer: \(quoted(late))") }
      if isWhole { parts.append("count: \(row.count)") }
      if let limit = latency(row.waits) { parts.append("latency: \(limit)") }
      text += "      - {\(parts.joined(separator: ", "))}\n"
    }
    return text
  }

  /// Twice the time below which 99 of 100 were, but none of them is beyond it.
  private static func latency(_ waits: [Nanoseconds]) -> String? {
    guard let longest = waits.max() else { return nil }
    let rank = max(1, Int((Double(waits.count) * 0.99).rounded(.up)))
    let high = waits.sorted()[min(waits.count, rank) - 1]
    let limit = max(high > .max / 2 ? .max : high * 2, longest, leastLatency)
    // Rounded up to a millisecond.
    let milliseconds = limit / 1_000_000 + (limit % 1_000_000 > 0 ? 1 : 0)
    return Decimal.rounded(Double(milliseconds) / 1000, places: 3)
  }

  private static func transfers(_ report: InputReport) -> String {
    guard !report.transfers.isEmpty else { return "" }
    struct Key: Hashable {
      var kind: TransferKind
      var direction: Direction
      var complete: Bool
      var size: Int
      var sha256: String
    }
    var order: [Key] = []
    var counts: [Key: (number: Int, slowest: Double?)] = [:]
    for one in report.transfers {
      let key = Key(
        kind: one.kind, direction: one.direction, complete: one.complete, size: one.payloadBytes, sha256: one.sha256)
      var known = counts[key] ?? (0, nil)
      if known.number == 0 { order.append(key) }
      known.number += 1
      if let throughput = one.throughput { known.slowest = min(known.slowest ?? throughput, throughput) }
      counts[key] = known
    }
    var text = "    transfers:\n"
    for key in order.prefix(transferLimit) {
      guard let known = counts[key] else { continue }
      var parts = ["kind: \(key.kind.name)"]
      if key.direction != .unknown {
        parts.append("direction: \(key.direction == .hostToModem ? "host-to-modem" : "modem-to-host")")
      }
      parts += ["count: \(known.number)", "complete: \(key.complete)", "size: \(key.size)"]
      if let slowest = known.slowest, slowest >= 2 { parts.append("throughput: \(Int64(min(slowest / 2, 1e12)))") }
      parts.append("sha256: \(key.sha256)")
      text += "      - {\(parts.joined(separator: ", "))}\n"
    }
    let left = order.count - min(order.count, transferLimit)
    return left > 0 ? text + "      # \(left) more transfers are left out\n" : text
  }

  private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

  /// A name of small letters, digits and hyphens.
  private static func kebab(_ path: String) -> String {
    let file = path.split(separator: "/").last ?? ""
    let stem = file.split(separator: ".").first ?? ""
    var name = ""
    for byte in stem.lowercased().utf8.prefix(48) {
      let isPlain = (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
      if isPlain { name.unicodeScalars.append(Unicode.Scalar(byte)) } else if !name.hasSuffix("-") { name += "-" }
    }
    while name.hasPrefix("-") { name.removeFirst() }
    while name.hasSuffix("-") { name.removeLast() }
    return name.isEmpty ? "session" : name
  }

  // MARK: Command lines

  /// The different command lines of a session, in the order in which they came first.
  private struct Lines {
    struct Row {
      var result: String?
      /// The late result that all of them had: whether a job that goes on after OK went well.
      var late: String?
      var count = 0
      var waits: [Nanoseconds] = []
    }
    struct Group {
      var pattern: String
      var rows: [Row] = []
    }

    private(set) var groups: [Group] = []

    init(_ entries: [ChronicleEntry]) {
      var seen: [String: Set<String>] = [:]
      let patterns = entries.map { Self.pattern($0.text) }
      for pattern in patterns {
        if let name = Self.name(pattern) { seen[name, default: []].insert(pattern.uppercased()) }
      }
      var known: Set<String> = []
      for pattern in patterns {
        var shown = pattern
        if let name = Self.name(pattern), seen[name]?.count ?? 0 > ExpectationText.variants { shown = name + "*" }
        guard !shown.isEmpty, known.insert(shown.uppercased()).inserted else { continue }
        groups.append(Group(pattern: shown))
      }
      // A pattern may fit more lines than those it was made of.
      let lines = entries.map { Self.plain($0.text) }
      for at in groups.indices {
        let pattern = StarPattern(groups[at].pattern)
        let meant = entries.indices.filter { pattern.matches(lines[$0]) }
        groups[at].rows = Self.rows(meant.map { entries[$0] })
      }
      groups.removeAll { $0.rows.isEmpty }
    }

    private static func rows(_ entries: [ChronicleEntry]) -> [Row] {
      let isSettled = entries.allSatisfy { $0.outcome == .succeeded || $0.outcome == .failed }
      let results = Set(entries.map(result))
      let names: [String?] = isSettled && results.count <= ExpectationText.variants ? results.sorted() : [nil]
      return names.compactMap { name in
        let meant = name == nil ? entries : entries.filter { result($0) == name }
        guard !meant.isEmpty else { return nil }
        return Row(result: name, late: late(meant), count: meant.count, waits: meant.map(\.wait).filter { $0 >= 0 })
      }
    }

    private static func late(_ entries: [ChronicleEntry]) -> String? {
      guard entries.allSatisfy({ $0.lateAnswers == 1 && $0.answers == 1 }) else { return nil }
      let texts = Set(entries.map { pattern($0.answer) })
      return texts.count == 1 ? texts.first : nil
    }

    private static func result(_ entry: ChronicleEntry) -> String {
      entry.result.isEmpty ? (entry.outcome == .succeeded ? "success" : "failure") : entry.result
    }

    /// `AT+CMGR=` of `AT+CMGR=1`; `nil` where a line sets nothing, or holds several commands.
    private static func name(_ pattern: String) -> String? {
      guard let equals = pattern.firstIndex(of: "="), !pattern.contains(";"), !pattern.hasSuffix("=?") else {
        return nil
      }
      return pattern[...equals].uppercased()
    }

    /// What a line looks like in a report, as a pattern: hidden, escaped and cut parts are stars.
    static func pattern(_ shown: String) -> String { read(shown, star: "*", backslash: "\\\\") }

    /// The line itself, as far as it is shown.
    static func plain(_ shown: String) -> String { read(shown, star: "*", backslash: "\\") }

    private static func read(_ shown: String, star: Character, backslash: String) -> String {
      var text = ""
      var rest = Substring(SecretMark.withoutNumbers(shown))
      func add(_ character: Character, _ text: inout String) {
        if character != star || text.last != star { text.append(character) }
      }
      while let first = rest.popFirst() {
        guard first == "\\" else {
          add(first == "…" ? star : first, &text)
          continue
        }
        switch rest.popFirst() {
        case "\"": text.append("\"")
        case "\\": text += backslash
        case "x":
          rest = rest.dropFirst(2)
          add(star, &text)
        case "r", "n", nil: break
        default: add(star, &text)
        }
      }
      while text.last == " " { text.removeLast() }
      while text.utf8.count > StarPattern.limit - 1 { text.removeLast() }
      return text.trimmingPrefix(" ").description
    }
  }
}
