import Inspect
import Trace

/// Many inputs at a glance: how many are sound, what is found most, and where most is found.
struct RunSummary {
  static let ruleLimit = 15
  static let inputLimit = 10

  private struct Row {
    var name: String
    var severity: [Severity: Int] = [:]
    var inputs = 0

    func number(_ one: Severity) -> Int { severity[one] ?? 0 }
    var weight: (Int, Int, Int) { (number(.error), number(.warning), number(.note)) }

    static func isWorse(_ a: Row, _ b: Row) -> Bool { a.weight == b.weight ? a.name < b.name : a.weight > b.weight }
  }

  private let inputs: Int
  private let unread: Int
  private var broken = 0
  private var doubtful = 0
  private var rules: [Row] = []
  private var worst: [Row] = []

  init(_ reports: [InputReport], unread: Int) {
    self.unread = unread
    inputs = reports.count
    let paths = Set(reports.map(\.path))
    var byRule: [String: Row] = [:]
    for report in reports {
      // An input that is checked against several profiles has a report for each.
      let name = paths.count < reports.count ? "\(report.path) (\(report.profile))" : report.path
      var own = Row(name: name)
      var seen: Set<String> = []
      for found in report.findings where found.counts {
        own.severity[found.finding.severity, default: 0] += 1
        var row = byRule[found.finding.rule] ?? Row(name: found.finding.rule)
        row.severity[found.finding.severity, default: 0] += 1
        if seen.insert(found.finding.rule).inserted { row.inputs += 1 }
        byRule[found.finding.rule] = row
      }
      if own.number(.error) > 0 { broken += 1 } else if own.number(.warning) > 0 { doubtful += 1 }
      if own.number(.error) + own.number(.warning) > 0 { worst.append(own) }
    }
    rules = byRule.values.sorted(by: Row.isWorse)
    worst.sort(by: Row.isWorse)
  }

  func text(_ style: TextStyle) -> String {
    var line =
      "\(inputs) inputs: \(broken) with errors, \(doubtful) with warnings, \(inputs - broken - doubtful) with neither"
    if unread > 0 { line += "; \(unread) more could not be read" }
    var text = style.strong(line) + "\n"
    if inputs > TextReport.tablesLimit {
      text +=
        style.faint("  (tables of commands and transfers are left out: check single inputs, or use --format json)")
        + "\n"
    }
    if !rules.isEmpty {
      text += "\n" + heading("findings by rule", ["errors", "warnings", "notes", "inputs"], style)
      for row in rules.prefix(Self.ruleLimit) {
        text += self.row(row.name, Severity.worstFirst.map(row.number) + [row.inputs])
      }
      text += rest(rules.count - Self.ruleLimit, "rules")
    }
    if !worst.isEmpty {
      text += "\n" + heading("worst inputs", ["errors", "warnings", "notes"], style)
      for row in worst.prefix(Self.inputLimit) { text += self.row(row.name, Severity.worstFirst.map(row.number)) }
      text += rest(worst.count - Self.inputLimit, "inputs with errors or warnings")
    }
    return text + "\n"
  }

  private static let nameWidth = 52

  private func heading(_ title: String, _ columns: [String], _ style: TextStyle) -> String {
    let numbers = columns.map { TextLayout.pad($0, 10, right: true) }.joined()
    return style.strong(TextLayout.pad(title, Self.nameWidth) + numbers) + "\n"
  }

  /// Of a long path the end tells more.
  private func row(_ name: String, _ numbers: [Int]) -> String {
    var shown = Escaped.line(name)
    if shown.count > Self.nameWidth - 3 { shown = "…" + shown.suffix(Self.nameWidth - 4) }
    return "  " + TextLayout.pad(shown, Self.nameWidth - 2)
      + numbers.map { TextLayout.pad(String($0), 10, right: true) }.joined() + "\n"
  }

  private func rest(_ number: Int, _ what: String) -> String { number > 0 ? "  … and \(number) more \(what)\n" : "" }
}

extension Severity {
  fileprivate static let worstFirst: [Severity] = [.error, .warning, .note]
}
