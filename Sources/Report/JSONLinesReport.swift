import Inspect
import Trace

/// One JSON object a line, `"type"` first: the inputs, then each finding, command, transfer and rule of coverage.
public enum JSONLinesReport {
  /// `notices`: what is to be said about the configuration.
  public static func text(_ inputs: [InputReport], version: String, notices: [Notice] = []) -> String {
    text(inputs, version: version, counted: inputs, notices: notices)
  }

  /// `counted`: what the summary counts, where findings have been told before.
  static func text(_ inputs: [InputReport], version: String, counted: [InputReport], notices: [Notice] = []) -> String {
    var lines = ""
    for (index, input) in inputs.enumerated() {
      add("input", &lines) { JSONMembers.input(input, &$0) }
      for found in input.findings { lines += line(for: found, of: input, index) }
      for figures in input.commands { add("command", &lines) { JSONMembers.command(figures, &$0) } }
      for figures in input.transfers { add("transfer", &lines) { JSONMembers.transfer(figures, input, &$0) } }
      for row in JSONMembers.merged([input.coverage]) { add("coverage", &lines) { JSONMembers.coverage(row, &$0) } }
    }
    for notice in notices { add("notice", &lines) { JSONMembers.notice(notice, &$0) } }
    add("summary", &lines) { json in
      json.string("schema", "attrace.report/1")
      json.string("version", version)
      json.number("errors", counted.count(.error))
      json.number("warnings", counted.count(.warning))
      json.number("notes", counted.count(.note))
      json.number("transactions", inputs.reduce(0) { $0 + $1.transactions })
      JSONMembers.suppressed(counted, &json)
    }
    return lines
  }

  static func line(for finding: ReportedFinding, of input: InputReport, _ index: Int) -> String {
    var line = ""
    add("finding", &line) { JSONMembers.finding(finding, of: input, index, &$0) }
    return line
  }

  private static func add(_ type: String, _ lines: inout String, _ members: (inout JSONText) -> Void) {
    var json = JSONText()
    json.object { json in
      json.string("type", type)
      members(&json)
    }
    lines += json.text + "\n"
  }
}
