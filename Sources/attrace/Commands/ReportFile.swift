import Capture
import Report

/// What a report is written as, and where it goes.
enum ReportFile {
  /// The reports in the form that was asked for. `unread`: inputs that have none.
  static func text(
    _ reports: [InputReport], _ output: CommonOptions.Output, _ options: CommonOptions, notices: [Notice] = [],
    unread: Int = 0
  ) -> String {
    switch output.format {
    case "json": return JSONReport.text(reports, version: CommandLineInterface.version, notices: notices)
    case "jsonl": return JSONLinesReport.text(reports, version: CommandLineInterface.version, notices: notices)
    case "junit": return JUnitReport.text(reports, failOn: options.failOn)
    case "sarif": return SARIFReport.text(reports, version: CommandLineInterface.version, notices: notices)
    case "github": return GitHubReport.text(reports, notices: notices)
    case "csv-transfers": return TransferCSV.text(reports)
    case "html": return HTMLReport.text(reports)
    default:
      let style = TextStyle(
        color: output.path == nil && Console.usesColor(options.color), plots: plots(output, options))
      return TextReport.text(reports, style: style, quiet: options.quiet, unread: unread)
    }
  }

  /// Small plots are for the terminal that shows the report; what goes to a file or pipe stays plain text.
  static func plots(_ output: CommonOptions.Output, _ options: CommonOptions) -> TextPlots {
    guard output.path == nil, output.format == "text", !options.quiet, Console.isTerminal else { return .none }
    return Console.isUnicode && options.color != "never" ? .blocks : .ascii
  }

  /// Writes to a file (which appears only when it is complete) or to standard output; false after a complaint.
  static func write(_ text: String, to path: String?) -> Bool {
    guard let path else {
      Console.write(text)
      return true
    }
    do throws(CaptureError) {
      let file = try AtomicFile(path: path)
      try file.write(text)
      try file.commit()
      return true
    } catch {
      Console.complain(error.message)
      return false
    }
  }
}
