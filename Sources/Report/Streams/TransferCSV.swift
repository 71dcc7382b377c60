import Measure
import Trace

/// Every transfer as a row of comma-separated values.
public enum TransferCSV {
  static let columns =
    [
      "input", "transfer", "line", "port", "kind", "direction", "name", "start_s", "end_s", "payload_bytes",
      "wire_bytes",
      "escape_bytes", "protocol_bytes", "throughput_Bps", "line_utilisation", "retransmissions", "errors",
      "longest_stall_s", "longest_stall_line", "complete", "sha256", "baud",
    ] + JSONMembers.budgetParts.map { "share_" + $0.name }

  public static func text(_ inputs: [InputReport]) -> String {
    var csv = CSVText()
    csv.header(columns)
    for input in inputs {
      for (number, figures) in input.transfers.enumerated() { row(figures, number + 1, input, &csv) }
    }
    return csv.text
  }

  private static func row(_ figures: TransferFigures, _ number: Int, _ input: InputReport, _ csv: inout CSVText) {
    csv.string(input.path)
    csv.number(number)
    csv.number(figures.place)
    csv.string(input.portName(figures.port))
    csv.string(figures.kind.name)
    csv.string(figures.direction == .hostToModem ? "host-to-modem" : "modem-to-host")
    csv.string(figures.name)
    csv.seconds(figures.start.isKnown ? figures.start.nanoseconds : nil)
    csv.seconds(figures.end.isKnown ? figures.end.nanoseconds : nil)
    csv.number(figures.payloadBytes)
    csv.number(figures.wireBytes)
    csv.number(figures.escapeBytes)
    csv.number(figures.protocolBytes)
    csv.real(figures.throughput)
    csv.real(figures.utilisation)
    csv.number(figures.retransmissions)
    csv.number(figures.errors)
    csv.seconds(figures.longestStall)
    csv.number(figures.stall?.place)
    csv.truth(figures.complete)
    csv.string(figures.sha256)
    csv.number(figures.rate?.bitsPerSecond)
    for (_, part) in JSONMembers.budgetParts { csv.real(figures.budget.share(part)) }
    csv.endRow()
  }
}
