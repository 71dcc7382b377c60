import Inspect
import Measure
import Trace

/// The session as trace events (the JSON of chrome://tracing, which ui.perfetto.dev reads too): a process for each
/// input, and in it lanes for host, modem, data phases, transfers and findings of each port.
///
/// Where the log keeps no time, a line counts as a millisecond.
public final class TraceEventReport: StreamedReport {
  private var output =
    "{\"displayTimeUnit\":\"ms\",\"otherData\":{\"format\":\"attrace.trace-events/1\"},\"traceEvents\":["
  private var isFirst = true
  private var input: StreamedInput?
  private var flow: TransactionFlow?
  private var lanes = TraceLanes()
  /// The data phases that are not over, by their port.
  private var phases: [Port: Event] = [:]
  public var failure: String? { nil }

  public init() {}

  public func begin(_ input: StreamedInput) {
    self.input = input
    flow = TransactionFlow(book: input.book, redact: input.redact)
    lanes = TraceLanes()
    phases = [:]
    add { json in
      json.string("name", "process_name")
      json.string("ph", "M")
      json.number("pid", input.index + 1)
      json.object("args") { $0.string("name", Escaped.line(input.path)) }
    }
  }

  public func name(ports: [String]) { input?.ports = ports }

  public func take(_ batch: borrowing EventBatch) {
    flow?.take(batch) { transaction($0) }
    for at in batch.events.indices { take(batch.events[at]) }
  }

  public func end(_ report: InputReport) {
    flow?.finish { transaction($0) }
    flow = nil
    for phase in phases.values.sorted(by: { ($0.place, $0.port.index) < ($1.place, $1.port.index) }) {
      write(phase, until: phase.end, "not ended")
    }
    for (number, figures) in report.transfers.enumerated() { transfer(figures, number + 1) }
    for found in report.findings { finding(found.finding) }
  }

  public func finish() { output += "\n]}\n" }

  public func takeText() -> String {
    defer { output = "" }
    return output
  }

  // MARK: What stands in the lanes

  private func transaction(_ record: TransactionRecord) {
    let from = coordinate(record.sent, record.place)
    let sent = coordinate(record.commandEnd, record.place)
    func arguments(_ json: inout JSONText) {
      json.number("transaction", record.number)
      json.number("line", record.place)
      json.string("command", record.command)
      json.string("text", record.text)
      json.string("answer", record.answer)
      json.string("outcome", record.outcome.name)
      json.string("result", record.result)
      json.seconds("latency_s", record.wait >= 0 ? record.wait : nil)
    }
    slice(record.text, .host, record.port, from, sent, arguments)
    let result = record.result.isEmpty ? record.outcome.name : record.result
    if record.wait >= 0, hasTime {
      let (until, overflow) = sent.addingReportingOverflow(record.wait)
      slice("\(record.command) \(result)", .modem, record.port, sent, overflow ? sent : until, arguments)
    } else {
      let until = hasTime ? sent : max(sent, coordinate(.unknown, record.lastPlace))
      slice("\(record.command) \(result)", .modem, record.port, sent, until, arguments)
    }
    if record.late >= 0, hasTime {
      let (until, overflow) = sent.addingReportingOverflow(record.late)
      if !overflow { mark("\(record.command) late result", .modem, record.port, until, arguments) }
    }
  }

  private func take(_ event: Event) {
    switch event.kind {
    case .unsolicited:
      mark(name(of: event), .modem, event.port, coordinate(event.start, event.place)) { $0.number("line", event.place) }
    case .reset:
      mark("reset", .modem, event.port, coordinate(event.start, event.place)) { $0.number("line", event.place) }
    case .dataBegin: phases[event.port] = event
    case .dataEnd:
      guard let began = phases.removeValue(forKey: event.port) else { return }
      write(began, until: event.end, lines: event.place, EventWords.dataEnd(event.code), bytes: Int(event.length))
    case .clockStep: lanes.restart()
    default: break
    }
  }

  /// What the profile knows a line by.
  private func name(of event: Event) -> String {
    guard let lines = input?.book.lines, event.subject >= 0, Int(event.subject) < lines.count else {
      return "unsolicited"
    }
    let prefix = lines[Int(event.subject)].prefix
    return prefix.isEmpty ? "unsolicited" : String(decoding: prefix, as: UTF8.self)
  }

  private func write(_ phase: Event, until end: Instant, lines place: Int? = nil, _ outcome: String, bytes: Int? = nil)
  {
    let from = coordinate(phase.start, phase.place)
    slice("data: \(outcome)", .data, phase.port, from, coordinate(end, place ?? phase.place)) { json in
      json.number("line", phase.place)
      json.number("transaction", phase.transaction)
      json.number("announced", phase.a >= 0 ? phase.a : nil)
      json.number("bytes", bytes)
    }
  }

  private func transfer(_ figures: TransferFigures, _ number: Int) {
    let from = coordinate(figures.start, figures.place)
    let until = max(from, coordinate(figures.end, figures.place))
    let lane = lanes.transferLane(figures.port, from: from, to: until)
    slice(figures.kind.name, .transfers(lane), figures.port, from, until) { json in
      json.number("transfer", number)
      json.number("line", figures.place)
      json.string("direction", figures.direction == .hostToModem ? "host-to-modem" : "modem-to-host")
      json.string("name", figures.name.map(Escaped.line))
      json.number("payload_bytes", figures.payloadBytes)
      json.number("wire_bytes", figures.wireBytes)
      json.real("throughput_Bps", figures.throughput)
      json.number("retransmissions", figures.retransmissions)
      json.truth("complete", figures.complete)
    }
  }

  private func finding(_ finding: Finding) {
    let position = finding.position
    mark(finding.rule, .findings, position.port, coordinate(position.instant, position.place)) { json in
      json.string("severity", finding.severity.name)
      json.string("message", Escaped.line(finding.message))
      json.string("advice", Escaped.line(finding.advice))
      json.number("line", position.place)
      json.string("document", finding.citation.document)
      json.string("section", finding.citation.section)
    }
  }

  // MARK: Events

  private var hasTime: Bool { input?.hasTime ?? false }

  /// Nanoseconds; what has no time stands where the latest thing before it stood.
  private func coordinate(_ instant: Instant, _ place: Int) -> Int64 {
    if hasTime { return instant.isKnown ? instant.nanoseconds : lanes.latest }
    return Int64(clamping: place).multipliedReportingOverflow(by: 1_000_000).partialValue
  }

  private func slice(
    _ name: String, _ lane: TraceLanes.Lane, _ port: Port, _ from: Int64, _ to: Int64, _ more: (inout JSONText) -> Void
  ) {
    let thread = thread(lane, port)
    // Slices of a lane must not overlap, and a host that does not wait makes them do so.
    let (start, end) = lanes.place(from, max(from, to), thread)
    add { json in
      json.string("name", Escaped.line(name))
      json.string("ph", "X")
      json.number("pid", pid)
      json.number("tid", thread)
      json.microseconds("ts", start)
      json.microseconds("dur", end.subtractingReportingOverflow(start).overflow ? 0 : end - start)
      json.object("args", more)
    }
  }

  private func mark(
    _ name: String, _ lane: TraceLanes.Lane, _ port: Port, _ at: Int64, _ more: (inout JSONText) -> Void
  ) {
    let thread = thread(lane, port)
    add { json in
      json.string("name", Escaped.line(name))
      json.string("ph", "i")
      json.string("s", "t")
      json.number("pid", pid)
      json.number("tid", thread)
      json.microseconds("ts", at)
      json.object("args", more)
    }
  }

  private var pid: Int { (input?.index ?? 0) + 1 }

  /// The number of a lane; where it is new, its name is told.
  private func thread(_ lane: TraceLanes.Lane, _ port: Port) -> Int {
    let (number, isNew) = lanes.number(lane, port)
    guard isNew else { return number }
    let portName = InputReport.portName(port, among: input?.ports ?? [])
    let name = (portName.map { Escaped.line($0) + ": " } ?? "") + lane.name
    for (kind, member) in [("thread_name", true), ("thread_sort_index", false)] {
      add { json in
        json.string("name", kind)
        json.string("ph", "M")
        json.number("pid", pid)
        json.number("tid", number)
        json.object("args") { json in
          if member { json.string("name", name) } else { json.number("sort_index", number) }
        }
      }
    }
    return number
  }

  private func add(_ members: (inout JSONText) -> Void) {
    var json = JSONText()
    json.object(nil, members)
    output += isFirst ? "\n" : ",\n"
    output += json.text
    isFirst = false
  }
}
