import Check
import Inspect
import Profile
import Trace

/// Findings that fail nothing until a day, and why.
public struct Suppression: Sendable {
  public var rule: StarPattern
  /// `nil`: every input.
  public var path: PathGlob?
  /// The name of a command, as `+CSQ`.
  public var command: String?
  /// A part of the message, or of the line at which the finding stands.
  public var contains: String?
  public var reason: String
  /// The last day.
  public var expires: CalendarDay
  public var mark: FileMark

  public init(
    rule: StarPattern, path: PathGlob? = nil, command: String? = nil, contains: String? = nil, reason: String,
    expires: CalendarDay, mark: FileMark
  ) {
    self.rule = rule
    self.path = path
    self.command = command
    self.contains = contains
    self.reason = reason
    self.expires = expires
    self.mark = mark
  }

  func matches(_ found: ReportedFinding) -> Bool {
    guard rule.matches(found.finding.rule) else { return false }
    if let contains {
      let marked = found.context.filter(\.isMarked).map(\.text)
      guard ([found.finding.message] + marked).contains(where: { $0.contains(contains) }) else { return false }
    }
    if let command {
      // The line of the host at which the finding stands, or the last one before it.
      let place = found.finding.position.place
      let line = found.context.last { $0.direction != .modemToHost && $0.place <= place }?.text ?? ""
      guard Self.names(command, in: found.finding.message) || Self.names(command, in: line) else { return false }
    }
    return true
  }

  /// Whether a command stands in a text: not as a part of a longer name.
  private static func names(_ command: String, in text: String) -> Bool {
    let wanted = Array(command.uppercased().utf8)
    let bytes = Array(text.uppercased().utf8)
    guard !wanted.isEmpty, bytes.count >= wanted.count else { return false }
    for start in 0...(bytes.count - wanted.count) where bytes[start..<start + wanted.count].elementsEqual(wanted) {
      let end = start + wanted.count
      let isLonger = end < bytes.count && ((0x41...0x5A).contains(bytes[end]) || (0x30...0x39).contains(bytes[end]))
      if !isLonger { return true }
    }
    return false
  }
}

/// Something to be said about the configuration, beside what was found in the inputs.
public struct Notice: Sendable {
  public var severity: Severity
  public var message: String
  public var mark: FileMark

  public init(_ severity: Severity, _ message: String, _ mark: FileMark) {
    self.severity = severity
    self.message = message
    self.mark = mark
  }

  /// `.attrace.yaml:12:5: warning: …`
  public var text: String { "\(mark.file):\(mark.line):\(mark.column): \(severity.name): \(message)" }
}

/// All suppressions of a run. Today is told by whoever runs it.
public struct Suppressions: Sendable {
  private let all: [Suppression]
  private let today: CalendarDay

  public init(_ all: [Suppression], today: CalendarDay) {
    self.all = all
    self.today = today
  }

  private func isExpired(_ one: Suppression) -> Bool { today > one.expires }

  /// Marks what is suppressed; the first that fits counts.
  public func mark(_ report: inout InputReport) {
    let meant = meant(for: report.path)
    guard !meant.isEmpty else { return }
    for at in report.findings.indices { mark(&report.findings[at], meant) }
  }

  /// Marks a finding of a line that goes on. `path`: what the report will be of.
  public func mark(_ found: inout ReportedFinding, of path: String) {
    mark(&found, meant(for: path))
  }

  /// Those in force for an input.
  private func meant(for path: String) -> [Int] {
    all.indices.filter { !isExpired(all[$0]) && all[$0].path?.matches(path) ?? true }
  }

  private func mark(_ found: inout ReportedFinding, _ meant: [Int]) {
    guard let index = meant.first(where: { all[$0].matches(found) }) else { return }
    found.suppression = ReportedFinding.Suppressed(
      index: index, reason: all[index].reason, until: all[index].expires.text)
  }

  /// What expired; and what nothing needed, when `isWhole`: all inputs could be read.
  public func notices(_ reports: [InputReport], isWhole: Bool) -> [Notice] {
    var used: Set<Int> = []
    for report in reports {
      for found in report.findings { if let index = found.suppression?.index { used.insert(index) } }
    }
    return all.indices.compactMap { index in
      let one = all[index]
      let name = Escaped.line(one.rule.text)
      if isExpired(one) {
        return Notice(
          .warning,
          "the suppression of \(name) expired on \(one.expires.text) and has no effect; mend the cause, or decide anew (\(Escaped.line(one.reason)))",
          one.mark)
      }
      guard isWhole, !used.contains(index) else { return nil }
      return Notice(
        .note, "the suppression of \(name) matched no finding of this run; remove it if it is not needed", one.mark)
    }
  }
}
