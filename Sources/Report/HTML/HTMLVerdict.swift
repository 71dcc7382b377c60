import Check
import Inspect
import Trace

/// What somebody wants to know in ten seconds: is it broken, where, since when, whose fault, what to do.
struct HTMLVerdict {
  enum State: String {
    case broken, doubtful, sound
  }

  var state: State
  var headline: String
  /// The finding to begin with: the first of the worst.
  var lead: ReportedFinding?
  /// How many of its severity point at whom, the most first.
  var suspects: [(party: Party, count: Int)] = []
  var sameSeverity = 0
  /// The last finding of that severity.
  var last: ReportedFinding?

  init(_ input: InputReport) {
    let errors = input.count(.error)
    let warnings = input.count(.warning)
    if errors > 0 {
      state = .broken
      headline = "Broken: " + HTMLText.plural(errors, "error")
    } else if warnings > 0 {
      state = .doubtful
      headline = "Works, with " + HTMLText.plural(warnings, "warning")
    } else if input.transactions == 0, input.transfers.isEmpty {
      state = .doubtful
      headline = "No command line was recognised"
    } else if input.unsidedBytes > 0, input.count(.note) > 0 {
      // What would be an error is a note, where the log does not say who sent it.
      state = .doubtful
      headline = "No certain fault" + (HTMLVerdict.failures(input).map { ", but \($0)" } ?? "; see the notes")
    } else if let failures = HTMLVerdict.failures(input) {
      state = .doubtful
      headline = "No fault found, but \(failures)"
    } else {
      state = .sound
      headline = "No fault found"
    }
    guard errors + warnings > 0 else { return }
    let severity = errors > 0 ? Severity.error : .warning
    let worst = input.findings.filter { $0.finding.severity == severity && $0.counts }
    lead = worst.first
    last = worst.last
    sameSeverity = worst.count
    var counts: [Party: Int] = [:]
    for found in worst { if let first = found.finding.suspects.first { counts[first, default: 0] += 1 } }
    let first = lead?.finding.suspects.first
    func weight(_ party: Party) -> Int { counts[party, default: 0] * 2 + (party == first ? 1 : 0) }
    suspects = counts.sorted { (weight($1.key), $0.key.rawValue) < (weight($0.key), $1.key.rawValue) }
      .map { (party: $0.key, count: $0.value) }
  }

  /// "2 commands failed, 1 was not answered": allowed by the manual, and often what somebody is looking for.
  private static func failures(_ input: InputReport) -> String? {
    let failed = input.commands.reduce(0) { $0 &+ $1.error }
    let unanswered = input.commands.reduce(0) { $0 &+ $1.unanswered }
    var parts: [String] = []
    if failed > 0 { parts.append(HTMLText.plural(failed, "command") + " failed") }
    if unanswered > 0 {
      parts.append((parts.isEmpty ? HTMLText.plural(unanswered, "command") : "\(unanswered)") + " got no answer")
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// "most likely the host (2 of 3 errors), the modem (1)".
  var whose: String {
    guard let first = suspects.first, let lead else { return "" }
    let word = lead.finding.severity.name
    if suspects.count == 1 {
      let also = Set(lead.finding.suspects.dropFirst().map(\.name)).sorted()
      return "most likely the \(first.party.name)"
        + (also.isEmpty ? "" : ", or the " + also.joined(separator: " or the "))
        + (sameSeverity > 1 ? " (all \(sameSeverity) \(word)s)" : "")
    }
    let parts = suspects.enumerated().map { index, one in
      "the \(one.party.name) (\(one.count)" + (index == 0 ? " of \(sameSeverity) \(word)s)" : ")")
    }
    return (first.count * 2 > sameSeverity ? "most likely " : "") + parts.joined(separator: ", ")
  }
}
