import Check
import Inspect
import Measure
import Trace

/// What was found in one input: what every format prints from.
public struct InputReport: Sendable {
  public var path: String
  public var format: String
  public var profile: String
  /// Why this profile was taken, when it was recognised.
  public var profileReason: String
  public var hostBytes: UInt64
  public var modemBytes: UInt64
  /// Of `modemBytes`, those of which the log does not say whose they are.
  public var unsidedBytes: UInt64
  /// ISO 8601, where the log states it.
  public var start: String?
  public var duration: Nanoseconds?
  public var resolution: Resolution
  /// How fast the line is, and how that is known.
  public var rate: LineRate?
  public var ports: [String]
  public var findings: [ReportedFinding]
  /// The rules of the findings, by name.
  public var rules: [String: RuleSummary]
  public var droppedFindings: Int
  public var transactions: Int
  public var commands: [CommandFigures]
  public var transfers: [TransferFigures]
  public var coverage: [RuleCoverage]
  /// What the reader remarks on the log.
  public var warnings: [String]
  /// What pictures are made from; `nil` unless it was asked for.
  public var chronicle: Chronicle?

  public init(
    path: String, format: String, profile: String, profileReason: String, start: String?, resolution: Resolution,
    ports: [String], findings: [ReportedFinding], warnings: [String], inspector: borrowing Inspector
  ) {
    self.path = path
    self.format = format
    self.profile = profile
    self.profileReason = profileReason
    self.start = start
    self.resolution = resolution
    rate = inspector.rate
    self.ports = ports
    self.findings = findings.sorted {
      ($0.finding.position.place, $0.finding.rule) < ($1.finding.position.place, $1.finding.rule)
    }
    Fingerprint.add(to: &self.findings, of: path)
    rules = RuleSummary.rules(Set(findings.map(\.finding.rule)), inspector.book)
    self.warnings = warnings
    hostBytes = inspector.hostBytes
    modemBytes = inspector.modemBytes
    unsidedBytes = inspector.unsidedBytes
    duration = inspector.end.since(inspector.start)
    droppedFindings = inspector.droppedFindings
    transactions = inspector.transactions
    commands = inspector.commands.sorted { ($0.command, $0.form) < ($1.command, $1.form) }
    transfers = inspector.transfers
    coverage = inspector.coverage
    chronicle = inspector.chronicle
  }

  /// Findings that are neither known already nor suppressed.
  public func count(_ severity: Severity) -> Int {
    findings.count { $0.finding.severity == severity && $0.counts }
  }

  public var known: Int { findings.count(where: \.isKnown) }
  public var suppressed: Int { findings.count { $0.suppression != nil } }
  /// "48 bytes of the host, 89 of the modem", and those of which the log does not say whose they are.
  var sides: String {
    guard unsidedBytes > 0 else { return "\(hostBytes) bytes of the host, \(modemBytes) of the modem" }
    let modem = modemBytes &- unsidedBytes
    let sided = hostBytes > 0 || modem > 0 ? "\(hostBytes) bytes of the host, \(modem) of the modem, " : ""
    return sided + "\(unsidedBytes) bytes of host and modem"
  }

  /// What people should know about the log before they read what was found in it.
  var remarks: [String] {
    var remarks: [String] = []
    if transactions == 0, transfers.isEmpty, hostBytes > 0 || modemBytes > 0 {
      remarks.append("no command line was recognised; if the log has some, the format is another (--input-format)")
    }
    if unsidedBytes > 0, transactions > 0 {
      remarks.append(
        "the log does not say who sent what; a finding that depends on it is a warning or a note, not an error")
    }
    return remarks + warnings
  }

  /// Places are packets, not lines.
  public var isCapture: Bool { format.hasPrefix("pcap") }

  public func portName(_ port: Port) -> String? { InputReport.portName(port, among: ports) }

  static func portName(_ port: Port, among ports: [String]) -> String? {
    // Above the line's own number stands that of a channel of the multiplexer.
    let index = Int(port.index & 0xFF)
    let channel = Int(port.index >> 8)
    let name = ports.indices.contains(index) && !ports[index].isEmpty ? ports[index] : nil
    guard channel > 0 else { return name }
    return (name.map { $0 + "/" } ?? "") + "channel \(channel)"
  }
}

extension Sequence where Element == InputReport {
  public func count(_ severity: Severity) -> Int { reduce(0) { $0 + $1.count(severity) } }
}
