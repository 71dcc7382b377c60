import Check
import Inspect
import Measure
import Trace

/// The JSON report, schema `attrace.report/1`.
public enum JSONReport {
  /// `notices`: what is to be said about the configuration.
  public static func text(_ inputs: [InputReport], version: String, notices: [Notice] = []) -> String {
    var json = JSONText(pretty: true)
    json.object { json in
      json.string("schema", "attrace.report/1")
      json.object("tool") { json in
        json.string("name", "attrace")
        json.string("version", version)
      }
      json.array("inputs") { json in
        for input in inputs { json.object { JSONMembers.input(input, &$0) } }
      }
      json.object("summary") { json in
        json.number("errors", inputs.count(.error))
        json.number("warnings", inputs.count(.warning))
        json.number("notes", inputs.count(.note))
        json.number("transactions", inputs.reduce(0) { $0 + $1.transactions })
        JSONMembers.suppressed(inputs, &json)
      }
      if !notices.isEmpty {
        json.array("notices") { json in for notice in notices { json.object { JSONMembers.notice(notice, &$0) } } }
      }
      json.array("findings") { json in
        for (index, input) in inputs.enumerated() {
          for found in input.findings {
            json.object { JSONMembers.finding(found, of: input, index, &$0) }
          }
        }
      }
      json.array("commands") { json in
        for input in inputs { for figures in input.commands { json.object { JSONMembers.command(figures, &$0) } } }
      }
      json.array("transfers") { json in
        for input in inputs {
          for figures in input.transfers { json.object { JSONMembers.transfer(figures, input, &$0) } }
        }
      }
      json.array("coverage") { json in
        for row in JSONMembers.merged(inputs.map(\.coverage)) { json.object { JSONMembers.coverage(row, &$0) } }
      }
    }
    return json.text + "\n"
  }
}

/// The members of the objects that the JSON formats share.
enum JSONMembers {
  static func input(_ input: InputReport, _ json: inout JSONText) {
    json.string("path", input.path)
    json.string("format", input.format)
    json.string("profile", input.profile)
    json.string("profile_reason", input.profileReason)
    json.number("host_bytes", input.hostBytes)
    json.number("modem_bytes", input.modemBytes)
    json.string("start", input.start)
    json.seconds("duration_s", input.duration)
    json.seconds("time_resolution_s", input.resolution.hasTime ? input.resolution.step : nil)
    json.number("baud", input.rate?.bitsPerSecond)
    rateSource(input.rate, &json)
    json.number("findings_not_kept", input.droppedFindings)
    json.array("remarks") { json in for warning in input.warnings { json.string(nil, warning) } }
  }

  /// How the rate is known, and the line of the command that set it.
  private static func rateSource(_ rate: LineRate?, _ json: inout JSONText) {
    switch rate?.source {
    case nil: json.string("baud_source", nil)
    case .option: json.string("baud_source", "option")
    case .log: json.string("baud_source", "log")
    case .command(let place):
      json.string("baud_source", "command")
      json.number("baud_line", place)
    }
  }

  static func finding(_ found: ReportedFinding, of input: InputReport, _ index: Int, _ json: inout JSONText) {
    let port = input.portName(found.finding.position.port)
    finding(found.finding, isCapture: input.isCapture, port: port, index, &json)
    json.string("fingerprint", found.fingerprint)
    if found.hasBaseline { json.truth("known", found.isKnown) }
    suppression(of: found, &json)
  }

  static func suppression(of found: ReportedFinding, _ json: inout JSONText) {
    guard let suppression = found.suppression else { return }
    json.object("suppressed") { json in
      json.string("reason", suppression.reason)
      json.string("until", suppression.until)
    }
  }

  static func finding(
    _ finding: Finding, isCapture: Bool, port: String?, _ index: Int, _ json: inout JSONText
  ) {
    json.string("rule", finding.rule)
    json.string("severity", finding.severity.name)
    json.string("message", finding.message)
    json.string("advice", finding.advice)
    json.number("input", index)
    json.number("line", isCapture ? nil : finding.position.place)
    json.number("packet", isCapture ? finding.position.place : nil)
    json.number("offset", finding.position.offset)
    json.seconds("time_s", finding.position.instant.isKnown ? finding.position.instant.nanoseconds : nil)
    json.string("port", port)
    json.object("cites") { json in
      json.string("document", finding.citation.document)
      json.string("section", finding.citation.section)
    }
    json.array("related") { json in
      for related in finding.related {
        json.object { json in
          json.number("line", related.place)
          json.string("message", related.message)
        }
      }
    }
  }

  /// How many findings are suppressed, where any are.
  static func suppressed(_ inputs: [InputReport], _ json: inout JSONText) {
    let number = inputs.reduce(0) { $0 + $1.suppressed }
    if number > 0 { json.number("suppressed", number) }
  }

  static func notice(_ notice: Notice, _ json: inout JSONText) {
    json.string("severity", notice.severity.name)
    json.string("message", notice.message)
    json.string("file", notice.mark.file)
    json.number("line", notice.mark.line)
    json.number("column", notice.mark.column)
  }

  static func command(_ figures: CommandFigures, _ json: inout JSONText) {
    json.string("command", figures.command)
    json.string("form", figures.form)
    json.number("count", figures.count)
    json.number("ok", figures.ok)
    json.number("error", figures.error)
    json.number("unanswered", figures.unanswered)
    times("latency_s", figures.latency, &json)
    times("first_byte_s", figures.firstByte, &json)
    times("late_s", figures.late, &json)
    json.object("results") { json in for (name, count) in figures.results.named { json.number(name, count) } }
  }

  private static func times(_ key: String, _ times: Quantiles, _ json: inout JSONText) {
    json.object(key) { json in
      json.seconds("p50", times.value(at: 0.5))
      json.seconds("p90", times.value(at: 0.9))
      json.seconds("p99", times.value(at: 0.99))
      json.seconds("max", times.count > 0 ? times.maximum : nil)
    }
  }

  static func transfer(_ figures: TransferFigures, _ input: InputReport, _ json: inout JSONText) {
    json.string("kind", figures.kind.name)
    json.string("direction", figures.direction == .hostToModem ? "host-to-modem" : "modem-to-host")
    json.string("name", figures.name)
    json.seconds("start_s", figures.start.isKnown ? figures.start.nanoseconds : nil)
    json.seconds("end_s", figures.end.isKnown ? figures.end.nanoseconds : nil)
    json.number("payload_bytes", figures.payloadBytes)
    json.number("wire_bytes", figures.wireBytes)
    json.real("throughput_Bps", figures.throughput)
    json.real("line_utilisation", figures.utilisation)
    json.number("retransmissions", figures.retransmissions)
    json.number("errors", figures.errors)
    json.seconds("longest_stall_s", figures.longestStall)
    json.truth("complete", figures.complete)
    json.string("sha256", figures.sha256)
    json.number("line", figures.place)
    json.number("escape_bytes", figures.escapeBytes)
    json.number("protocol_bytes", figures.protocolBytes)
    json.number("longest_stall_line", figures.stall?.place)
    json.number("longest_stall_offset", figures.stall?.offset)
    json.seconds("longest_stall_time_s", figures.stall.flatMap { $0.start.isKnown ? $0.start.nanoseconds : nil })
    json.number("baud", figures.rate?.bitsPerSecond)
    rateSource(figures.rate, &json)
    json.object("budget") { json in
      for (name, part) in budgetParts { json.real(name, figures.budget.share(part)) }
    }
  }

  /// The shares of a transfer's time, which add up to 1.
  static let budgetParts: [(name: String, part: KeyPath<TimeBudget, Nanoseconds> & Sendable)] = [
    ("line", \.line), ("modem", \.modem), ("host", \.host), ("retransmitting", \.retransmitting),
    ("unknown", \.unknown),
  ]

  static func coverage(_ row: RuleCoverage, _ json: inout JSONText) {
    json.string("rule", row.rule)
    json.number("evaluated", row.evaluated)
    json.number("skipped", row.skipped)
    json.string("why", row.skipped > 0 ? row.reason.text : "")
  }

  /// One row a rule over all inputs, in the order of their names.
  static func merged(_ tables: [[RuleCoverage]]) -> [RuleCoverage] {
    var rows: [String: RuleCoverage] = [:]
    for row in tables.joined() {
      var sum = rows[row.rule] ?? RuleCoverage(rule: row.rule)
      sum.evaluated += row.evaluated
      sum.skipped += row.skipped
      if row.skipped > 0 { sum.reason = row.reason }
      rows[row.rule] = sum
    }
    return rows.values.sorted { $0.rule < $1.rule }
  }
}
