import Inspect
import Trace

/// Every transaction as a row of comma-separated values.
public final class TransactionCSV: StreamedReport {
  static let columns = [
    "input", "transaction", "line", "last_line", "port", "time_s", "command", "form", "commands", "text", "answer",
    "answers", "outcome", "result", "first_byte_s", "latency_s", "late_s",
  ]

  private var csv = CSVText()
  private var flow: TransactionFlow?
  private var input: StreamedInput?
  public var failure: String? { nil }

  public init() { csv.header(Self.columns) }

  public func begin(_ input: StreamedInput) {
    self.input = input
    flow = TransactionFlow(book: input.book, redact: input.redact)
  }

  public func name(ports: [String]) { input?.ports = ports }

  public func take(_ batch: borrowing EventBatch) { flow?.take(batch) { row($0) } }

  public func end(_ report: InputReport) {
    flow?.finish { row($0) }
    flow = nil
  }

  public func finish() {}

  public func takeText() -> String { csv.take() }

  private func row(_ record: TransactionRecord) {
    csv.string(input?.path)
    csv.number(record.number)
    csv.number(record.place)
    csv.number(record.lastPlace)
    csv.string(InputReport.portName(record.port, among: input?.ports ?? []))
    csv.seconds(record.sent.isKnown ? record.sent.nanoseconds : nil)
    csv.string(record.command)
    csv.string(record.form.name)
    csv.number(record.commands)
    csv.string(record.text)
    csv.string(record.answer)
    csv.number(record.answers)
    csv.string(record.outcome.name)
    csv.string(record.result)
    for time in [record.firstByte, record.wait, record.late] { csv.seconds(time >= 0 ? time : nil) }
    csv.endRow()
  }
}

extension ChronicleEntry.Outcome {
  /// The word for it in tables.
  var name: String {
    switch self {
    case .open: "open"
    case .succeeded: "ok"
    case .failed: "failed"
    case .unanswered: "unanswered"
    }
  }
}
