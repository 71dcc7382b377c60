import Inspect
import Measure
import Trace

/// What changed between two sessions, and whether it is a regression: what every format of `diff` prints from.
public struct DiffReport: Sendable {
  /// Why the new session is worse.
  public struct Regression: Sendable {
    public enum Kind: String, Sendable {
      case findings, errors, latency, throughput, changes
    }
    public var kind: Kind
    public var text: String
  }

  public let old: InputReport
  public let new: InputReport
  public let comparison: Comparison
  /// The least severity at which a new finding is a regression; `nil`: none is.
  public let failOn: Severity?
  let oldTexts: Transcript
  let newTexts: Transcript

  public init(
    old: InputReport, _ oldTexts: Transcript, new: InputReport, _ newTexts: Transcript, limits: ComparisonLimits,
    failOn: Severity?
  ) {
    self.old = old
    self.new = new
    self.oldTexts = oldTexts
    self.newTexts = newTexts
    self.failOn = failOn
    comparison = Comparison(old: Self.side(old, oldTexts), new: Self.side(new, newTexts), limits: limits)
  }

  private static func side(_ input: InputReport, _ transcript: Transcript) -> ComparedSession {
    let ports = input.ports
    return ComparedSession(
      transcript: transcript, transfers: input.transfers, findings: Fingerprint.withoutFile(input.findings),
      resolution: input.resolution, portName: { InputReport.portName($0, among: ports) ?? "port \($0.index)" })
  }

  public var regressions: [Regression] {
    var found: [Regression] = []
    let limits = comparison.limits
    if let failOn {
      let heavy = comparison.newFindings.filter { $0.finding.severity >= failOn }
      let parts = Severity.allCases.reversed().compactMap { severity -> String? in
        let count = heavy.count { $0.finding.severity == severity }
        return count > 0 ? HTMLText.plural(count, "new finding") + " of severity \(severity.name)" : nil
      }
      if !parts.isEmpty { found.append(Regression(kind: .findings, text: parts.joined(separator: ", "))) }
    }
    if let allowed = limits.newErrors {
      if comparison.newErrors > allowed {
        let text = HTMLText.plural(comparison.newErrors, "command line") + " failed that did not before"
        found.append(Regression(kind: .errors, text: text + (allowed > 0 ? "; \(allowed) may" : "")))
      }
      let broken = comparison.transfers.filter(\.breaksOff)
      for one in broken where broken.count + comparison.newErrors > allowed {
        let left = one.new.count - one.new.complete
        let text = "\(left) of \(HTMLText.plural(one.new.count, one.kind.name + " transfer")) did not finish"
        found.append(Regression(kind: .errors, text: text))
      }
    }
    for one in comparison.latencies where one.isRegression {
      let subject = "\(one.command) (\(one.form)\(one.measure == .late ? ", late result" : ""))"
      found.append(Regression(kind: .latency, text: "\(subject) takes \(DiffWords.change(one.shift)) longer"))
    }
    for one in comparison.transfers where one.isRegression {
      let text =
        "\(one.kind.name) transfers, \(DiffWords.direction(one.direction)), are \(DiffWords.change(one.shift)) slower"
      found.append(Regression(kind: .throughput, text: text))
    }
    if let allowed = limits.changes, comparison.changes.total > allowed {
      let text = HTMLText.plural(comparison.changes.total, "change") + " in what was said"
      found.append(Regression(kind: .changes, text: text + (allowed > 0 ? "; \(allowed) may be" : "; none may be")))
    }
    return found
  }

  /// Nothing at all differs but values and what is noise.
  public var isSame: Bool {
    comparison.changes.total == 0 && comparison.newFindings.isEmpty && comparison.goneFindings.isEmpty
      && comparison.latencies.allSatisfy { $0.shift.verdict != .better && $0.shift.verdict != .worse }
      && comparison.transfers.allSatisfy {
        $0.shift.verdict != .better && $0.shift.verdict != .worse && $0.old.count == $0.new.count
          && $0.old.complete == $0.new.complete
      }
  }

  /// By how much the new session is longer.
  var longer: Nanoseconds? {
    guard let before = old.duration, let after = new.duration else { return nil }
    let (difference, overflow) = after.subtractingReportingOverflow(before)
    return overflow ? nil : difference
  }

  /// The verdict in a line.
  var headline: String {
    if !regressions.isEmpty { return "Regression" }
    return isSame ? "No difference" : "No regression"
  }

  /// What has to be known to read the comparison rightly.
  public var remarks: [String] {
    var remarks: [String] = []
    if old.profile != new.profile {
      remarks.append(
        "OLD was read with the profile \(old.profile), NEW with \(new.profile): findings and late results are those of different documents; --profile names one for both"
      )
    }
    if comparison.isWindowed {
      remarks.append(
        "the sessions differ in too many places for the best alignment of the whole; they were aligned window by window, and a change may be told as another one"
      )
    }
    for (side, input, texts) in [("OLD", old, oldTexts), ("NEW", new, newTexts)] {
      if texts.dropped > 0 {
        remarks.append(
          "of \(side) the first \(Transcript.limit) command lines were compared; \(texts.dropped) behind them were not")
      }
      if !input.resolution.hasTime { remarks.append("\(side) has no time: nothing was compared by time") }
      if input.droppedFindings > 0 { remarks.append("\(input.droppedFindings) findings of \(side) were not kept") }
      if input.transactions == 0 { remarks.append("no command line was recognised in \(side)") }
    }
    return remarks
  }

  /// How noise was told from a shift.
  static let method =
    "A shift is beyond noise when both sides have \(NoiseLimits.values) values or more, the medians differ by more than \(DiffWords.percent(NoiseLimits.share)) (times also by more than 1 ms and the steps of both clocks), and the rank test of Mann and Whitney gives p < \(Decimal.rounded(NoiseLimits.probability, places: 2)) (two-sided; counted out for up to 40 values, ties and all, else from the normal distribution). Times are those of commands that succeeded alone in their line. With fewer transfers than \(NoiseLimits.values) the paces of 16 parts of each are compared instead: then p says nothing of how transfers differ from day to day."

  /// What counts as a regression here.
  var thresholds: String {
    let limits = comparison.limits
    var parts = ["new findings " + (failOn.map { "from \($0.name) on" } ?? "off")]
    parts.append("latency " + (limits.latency.map { "+" + DiffWords.percent($0) } ?? "off"))
    parts.append("throughput " + (limits.throughput.map { "-" + DiffWords.percent($0) } ?? "off"))
    parts.append("new errors " + (limits.newErrors.map { "above \($0)" } ?? "off"))
    parts.append("changes " + (limits.changes.map { "above \($0)" } ?? "off"))
    return parts.joined(separator: ", ")
  }
}
