import Inspect
import Profile
import Trace

/// A session as JSON lines while it goes on: each event, each finding when it is made, and at the end what
/// `JSONLinesReport` has but for the findings, which were told.
public struct LiveJSONLines {
  private var events: SessionJSONLines
  private var ports: [String]
  private let isCapture: Bool

  public init(book: Book, redact: Bool, ports: [String], isCapture: Bool = false) {
    events = SessionJSONLines(book: book, redact: redact, ports: ports, isCapture: isCapture)
    self.isCapture = isCapture
    self.ports = ports
  }

  /// The names of the ports, which may grow while a line is read.
  public mutating func name(ports: [String]) {
    self.ports = ports
    events.name(ports: ports)
  }

  public mutating func text(_ batch: borrowing EventBatch) -> String { events.text(batch) }

  public func line(for found: ReportedFinding) -> String {
    var json = JSONText()
    json.object { json in
      json.string("type", "finding")
      JSONMembers.finding(
        found.finding, isCapture: isCapture, port: InputReport.portName(found.finding.position.port, among: ports), 0,
        &json)
      JSONMembers.suppression(of: found, &json)
    }
    return json.text + "\n"
  }

  public static func line(about text: String) -> String {
    var json = JSONText()
    json.object { json in
      json.string("type", "remark")
      json.string("text", text)
    }
    return json.text + "\n"
  }

  public static func summary(_ report: InputReport, version: String) -> String {
    var bare = report
    bare.findings = []
    return JSONLinesReport.text([bare], version: version, counted: [report])
  }
}
