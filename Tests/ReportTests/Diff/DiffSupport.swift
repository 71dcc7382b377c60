import Inspect
import Profile
import Report
import Sessions
import Trace

/// Two sessions of a test, inspected and compared.
enum Diffs {
  static func side(
    _ session: Session, _ book: Book = Books.mail, path: String = "a.trace", redact: Bool = true, together: Bool = true
  ) -> (report: InputReport, transcript: Transcript) {
    let inspector = Inspector(
      book: book,
      options: InspectionOptions(resolution: session.facts.resolution, baud: session.facts.baud, redact: redact))
    inspector.name(ports: session.facts.ports)
    var transcript = Transcript(redact: redact)
    inspector.take(session.batch) { transcript.take($0) }
    inspector.finish { transcript.take($0) }
    let report = InputReport(
      path: path, format: session.facts.format, profile: book.name, profileReason: "", start: session.facts.start,
      resolution: session.facts.resolution, ports: session.facts.ports, findings: inspector.takeFindings(),
      warnings: session.facts.warnings, inspector: inspector)
    return (report, transcript)
  }

  static func diff(
    _ old: Session, _ new: Session, _ book: Book = Books.mail, limits: ComparisonLimits = ComparisonLimits(),
    redact: Bool = true, path: String = "new.trace"
  ) -> DiffReport {
    let before = side(old, book, path: "old.trace", redact: redact)
    let after = side(new, book, path: path, redact: redact)
    return DiffReport(
      old: before.report, before.transcript, new: after.report, after.transcript, limits: limits, failOn: .error)
  }

  /// A command a line, or a command, a bar and what is answered before OK; another result behind a second bar.
  static func session(_ lines: [String]) -> Session {
    var text = ""
    var time: Int64 = 1_000_000_000
    for line in lines {
      let parts = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      text += "\(Decimal.seconds(time)) --> \"\(parts[0])\\r\"\n"
      let answer = parts.count > 1 && !parts[1].isEmpty ? "\\r\\n\(parts[1])\\r\\n" : ""
      let result = parts.count > 2 ? parts[2] : "OK"
      text += "\(Decimal.seconds(time + 20_000_000)) <-- \"\(answer)\\r\\n\(result)\\r\\n\"\n"
      time += 100_000_000
    }
    return Session(text)
  }

  static func diff(_ old: [String], _ new: [String], limits: ComparisonLimits = ComparisonLimits()) -> DiffReport {
    diff(session(old), session(new), limits: limits)
  }

  /// What changed, as `kind: old -> new`.
  static func changes(_ diff: DiffReport) -> [String] {
    diff.comparison.changes.list.map { change in
      let old = change.old.map { "\($0.place)" } ?? ""
      let new = change.new.map { "\($0.place)" } ?? ""
      return "\(change.kind.rawValue)\(change.count > 1 ? " ×\(change.count)" : "") \(old)>\(new)"
    }
  }
}
