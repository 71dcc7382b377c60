import Inspect
import Trace

/// Workflow commands that GitHub shows as annotations beside the lines of a change, the gravest first.
public enum GitHubReport {
  /// `notices`: what is to be said about the configuration.
  public static func text(_ inputs: [InputReport], notices: [Notice] = []) -> String {
    var text = ""
    let all = inputs.flatMap { input in input.findings.filter { $0.counts }.map { (input, $0.finding) } }
    for severity in [Severity.error, .warning, .note] {
      for (input, finding) in all where finding.severity == severity {
        text += line(finding, input, severity == .note ? "notice" : severity.name)
      }
    }
    for notice in notices {
      let word = notice.severity == .note ? "notice" : notice.severity.name
      let place = "file=\(property(notice.mark.file)),line=\(notice.mark.line),col=\(notice.mark.column)"
      text += "::\(word) \(place),title=configuration::\(data(notice.message))\n"
    }
    return text
  }

  private static func line(_ finding: Finding, _ input: InputReport, _ word: String) -> String {
    var message = finding.message
    if input.isCapture { message = "packet \(finding.position.place): " + message }
    message += "\n\(finding.citation.text)"
    if !finding.advice.isEmpty { message += " — " + finding.advice }
    let place = input.isCapture ? "" : ",line=\(finding.position.place)"
    return "::\(word) file=\(property(input.path))\(place),title=\(property(finding.rule))::\(data(message))\n"
  }

  /// In a message `%`, CR and LF are written as percent codes.
  private static func data(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Escaped.line(String($0).replacing("%", with: "%25")) }
      .joined(separator: "%0A")
  }

  /// In a property the signs that part properties are, too.
  private static func property(_ text: String) -> String {
    data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}
