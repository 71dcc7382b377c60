import Measure
import Profile
import Trace

/// One of two sessions that are compared.
public struct ComparedSession: Sendable {
  public var transcript: Transcript
  public var transfers: [TransferFigures]
  /// With fingerprints that do not depend on the file's name.
  public var findings: [ReportedFinding]
  public var resolution: Resolution
  /// The names of the ports, where there are several.
  public var portName: @Sendable (Port) -> String

  public init(
    transcript: Transcript, transfers: [TransferFigures], findings: [ReportedFinding], resolution: Resolution,
    portName: @escaping @Sendable (Port) -> String
  ) {
    self.transcript = transcript
    self.transfers = transfers
    self.findings = findings
    self.resolution = resolution
    self.portName = portName
  }
}

/// What changed from one session to another.
public struct Comparison: Sendable {
  /// A row of the two sessions side by side: the indices of its steps, `nil` where a side has none.
  public struct Row: Sendable {
    public var old: Int?
    public var new: Int?
    /// Empty: both say the same.
    public var changes: [Change.Kind]
    /// Where a line stood that moved elsewhere.
    public var isEnd = false
  }

  /// Where the sessions part: what each does there, `nil` where it is over.
  public struct Divergence: Sendable {
    public var old: Step?
    public var new: Step?
    /// How many transactions they had in common before.
    public var common: Int
  }

  public let changes: ChangeList
  public let rows: [Row]
  /// The steps in the order in which they were compared.
  public let old: [Step]
  public let new: [Step]
  public let divergence: Divergence?
  /// Pairs that succeeded and now fail, and added ones whose commands never failed before.
  public let newErrors: Int
  /// The worst first.
  public let newFindings: [ReportedFinding]
  public let goneFindings: [ReportedFinding]
  public let latencies: [LatencyShift]
  public let transfers: [TransferShift]
  /// The search for the best alignment was too long: see `Alignment.distanceLimit`.
  public let isWindowed: Bool
  public let limits: ComparisonLimits

  public init(old: ComparedSession, new: ComparedSession, limits: ComparisonLimits = ComparisonLimits()) {
    let lanes = Lanes(old, new)
    let pairing = Pairing(lanes.old, lanes.new)
    self.old = lanes.old
    self.new = lanes.new
    let assembly = Assembly(pairing, old: lanes.old, new: lanes.new, old.transcript, new.transcript)
    changes = assembly.changes
    rows = assembly.rows
    divergence = assembly.divergence
    newErrors = assembly.newErrors
    let known = Set(old.findings.map(\.fingerprint))
    newFindings = Self.worstFirst(new.findings.filter { !known.contains($0.fingerprint) })
    let kept = Set(new.findings.map(\.fingerprint))
    goneFindings = Self.worstFirst(old.findings.filter { !kept.contains($0.fingerprint) })
    latencies = LatencyShift.all(old, new, limits)
    transfers = TransferShift.all(old, new, limits)
    isWindowed = pairing.isWindowed
    self.limits = limits
  }

  private static func worstFirst(_ findings: [ReportedFinding]) -> [ReportedFinding] {
    Severity.allCases.sorted(by: >).flatMap { severity in findings.filter { $0.finding.severity == severity } }
  }
}

/// The transactions of sessions with several ports, port by port where both have the same ones: how the ports took
/// turns is chance.
struct Lanes {
  var old: [Step]
  var new: [Step]

  init(_ before: ComparedSession, _ after: ComparedSession) {
    old = before.transcript.steps
    new = after.transcript.steps
    let oldPorts = Set(old.map(\.port))
    guard oldPorts.count > 1 else { return }
    let names = Set(oldPorts.map(before.portName))
    guard names.count == oldPorts.count, names == Set(Set(new.map(\.port)).map(after.portName)) else { return }
    old = Self.sorted(old, before.portName, names.sorted())
    new = Self.sorted(new, after.portName, names.sorted())
  }

  private static func sorted(_ steps: [Step], _ name: (Port) -> String, _ names: [String]) -> [Step] {
    var result: [Step] = []
    for (lane, wanted) in names.enumerated() {
      for var step in steps where name(step.port) == wanted {
        // The same line on another port is another line.
        step.names = TextHash.join(step.names, UInt64(lane))
        step.line.exact = TextHash.join(step.line.exact, UInt64(lane))
        result.append(step)
      }
    }
    return result
  }
}
