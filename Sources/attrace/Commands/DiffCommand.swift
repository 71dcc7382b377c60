import Capture
import Inspect
import Profile
import Report
import Trace

/// `attrace diff`: two sessions are decoded and checked, and what changed from one to the other is told.
struct DiffCommand {
  let options: CommonOptions
  let old: InputSource
  let new: InputSource

  init(_ arguments: ParsedArguments) throws(UsageError) {
    options = try CommonOptions(arguments, format: .diffFormat)
    let paths = arguments.positionals
    guard paths.count == 2 else {
      throw UsageError("diff takes two inputs, OLD and NEW; \(paths.count) \(paths.count == 1 ? "is" : "are") given")
    }
    guard options.profiles.count < 2 else { throw UsageError("diff takes one --profile, for both inputs") }
    old = InputSource(path: paths[0])
    new = InputSource(path: paths[1])
    guard !old.isStandardInput || !new.isStandardInput else {
      throw UsageError("standard input can be read only once; save one of the two to a file")
    }
  }

  func run() -> Int32 {
    do throws(ProfileError) {
      return compare(try ProfileSource.settings(options))
    } catch {
      Console.complain(error.message)
      return ExitCode.failed
    }
  }

  /// Both or nothing: of a session that broke off in the middle everything behind would count as removed.
  private func compare(_ settings: InputJob.Settings) -> Int32 {
    do throws(CaptureError) {
      let before = try read(old, settings)
      let after = try read(new, settings)
      let diff = DiffReport(
        old: before.report, before.transcript, new: after.report, after.transcript, limits: settings.diff,
        failOn: options.failOn)
      for output in options.outputs {
        guard ReportFile.write(text(diff, output), to: output.path) else { return ExitCode.failed }
      }
      return diff.regressions.isEmpty ? ExitCode.clean : ExitCode.findings
    } catch {
      Console.complain(error.message)
      return ExitCode.failed
    }
  }

  private func read(
    _ source: InputSource, _ settings: InputJob.Settings
  ) throws(CaptureError) -> (report: InputReport, transcript: Transcript) {
    let settings = settings.fitted(to: source.path)
    var session = try Session(source, settings, book: settings.book)
    var transcript = Transcript(redact: settings.redact)
    while try session.advance(observe: { transcript.take($0) }) {}
    session.finish(observe: { transcript.take($0) })
    return (session.report(path: source.path), transcript)
  }

  private func text(_ diff: DiffReport, _ output: CommonOptions.Output) -> String {
    switch output.format {
    case "json": return DiffJSON.text(diff, version: CommandLineInterface.version)
    case "html": return DiffHTML.text(diff)
    default:
      let style = TextStyle(color: output.path == nil && Console.usesColor(options.color))
      return DiffText.text(diff, style: style, quiet: options.quiet)
    }
  }
}
