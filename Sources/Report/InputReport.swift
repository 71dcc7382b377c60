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
  /// ISO 8601, where the log states it.
  public var start: String?
  public var duration: Nanoseconds?
  public var resolution: Resolution
  public var baud: Int?
  public var ports: [String]
  public var findings: [ReportedFinding]
  public var droppedFindings: Int
  public var transactions: Int
  public var commands: [CommandFigures]
  public var transfers: [TransferFigures]
  public var coverage: [RuleCoverage]
  /// What the reader remarks on the log.
  public var warnings: [String]

  public init(
    path: String, format: String, profile: String, profileReason: String, start: String?, resolution: Resolution,
    baud: Int?, ports: [String], findings: [ReportedFinding], warnings: [String], inspector: borrowing Inspector
  ) {
    self.path = path
    self.format = format
    self.profile = profile
    self.profileReason = profileReason
    self.start = start
    self.resolution = resolution
    self.baud = baud
    self.ports = ports
    self.findings = findings.sorted {
      ($0.finding.position.place, $0.finding.rule) < ($1.finding.position.place, $1.finding.rule)
    }
    self.warnings = warnings
    hostBytes = inspector.hostBytes
    modemBytes = inspector.modemBytes
    duration = inspector.end.since(inspector.start)
    droppedFindings = inspector.droppedFindings
    transactions = inspector.transactions
    commands = inspector.commands.sorted { ($0.command, $0.form) < ($1.command, $1.form) }
    transfers = inspector.transfers
    coverage = inspector.coverage
  }

  public func count(_ severity: Severity) -> Int { findings.count { $0.finding.severity == severity } }

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
