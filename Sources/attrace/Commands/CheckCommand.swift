import Capture
import Dispatch
import Inspect
import Profile
import Report
import Synchronization
import Trace

/// `attrace check`: every input is decoded, checked and measured; then the reports are written.
struct CheckCommand {
  let options: CommonOptions
  let paths: [String]

  init(_ arguments: ParsedArguments) throws(UsageError) {
    options = try CommonOptions(arguments, format: .reportFormat)
    paths = arguments.positionals
    guard !paths.isEmpty else {
      throw UsageError("check needs an input; name a file, a folder, or - for standard input")
    }
  }

  func run() -> Int32 {
    var settings: InputJob.Settings
    let baseline: Baseline?
    do throws(ProfileError) {
      settings = try ProfileSource.settings(options)
      settings.chronicle =
        options.writeExpectations != nil
        || options.outputs.contains { $0.format == "html" || ReportFile.plots($0, options) != .none }
      baseline = try options.baseline.map { path throws(ProfileError) in try BaselineFile.load(path) }
    } catch {
      Console.complain(error.message)
      return ExitCode.failed
    }
    let expansion = InputSource.expand(paths, format: settings.format)
    for error in expansion.errors { Console.complain(error.message) }
    let streamed: StreamedOutputs?
    do throws(CaptureError) {
      streamed = try StreamedOutputs(options, baseline)
    } catch {
      Console.complain(error.message)
      return ExitCode.failed
    }
    let profiles = max(1, [settings.book].compactMap { $0 }.count + settings.others.count)
    let progress = Progress(
      expansion.sources, readings: profiles,
      // A report that is written to the same terminal meanwhile must not be mingled with it.
      quiet: options.quiet || streamed != nil && Console.isTerminal, color: options.color)
    settings.progress = progress
    let outcomes = inspect(expansion.sources, settings, streamed)
    progress?.end()
    for error in outcomes.compactMap(\.error) { Console.complain(error) }
    if let complaint = streamed?.failure {
      Console.complain(complaint)
      return ExitCode.failed
    }
    var reports = outcomes.flatMap(\.reports)
    baseline?.mark(&reports)
    let failed = !expansion.errors.isEmpty || outcomes.contains { $0.error != nil }
    let notices = settings.byPath.notices(reports, expansion.sources.map(\.path), isWhole: !failed)
    for notice in notices { Console.note(notice.text) }
    guard !reports.isEmpty || expansion.sources.isEmpty else { return ExitCode.failed }
    let unread = expansion.errors.count + outcomes.count { $0.reports.isEmpty }
    if !reports.isEmpty, !write(reports, notices, unread: unread) || streamed?.commit() == false {
      return ExitCode.failed
    }
    if let path = options.writeBaseline, !ReportFile.write(Baseline.text(reports), to: path) { return ExitCode.failed }
    if let path = options.writeExpectations, !ReportFile.write(ExpectationText.text(reports), to: path) {
      return ExitCode.failed
    }
    if failed { return ExitCode.failed }
    guard let least = options.failOn else { return ExitCode.clean }
    let isBad = reports.contains { report in report.findings.contains { $0.finding.severity >= least && $0.counts } }
    return isBad || notices.contains { $0.severity >= least } ? ExitCode.findings : ExitCode.clean
  }

  /// Inputs are independent of each other, so they may run side by side; the order of reports stays that of inputs.
  /// But for what is written while they are read: that would mingle them.
  private func inspect(
    _ sources: [InputSource], _ settings: InputJob.Settings, _ streamed: StreamedOutputs?
  ) -> [InputJob.Outcome] {
    if let streamed { return sources.map { InputJob(source: $0, settings: settings).run(streamed) } }
    let jobs = min(options.jobs ?? Console.processors, sources.count)
    guard jobs > 1 else { return sources.map { InputJob(source: $0, settings: settings).run() } }
    let outcomes = Mutex([InputJob.Outcome?](repeating: nil, count: sources.count))
    let next = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: jobs) { _ in
      while true {
        let index = next.withLock { value in
          defer { value += 1 }
          return value
        }
        guard index < sources.count else { return }
        let outcome = InputJob(source: sources[index], settings: settings).run()
        outcomes.withLock { $0[index] = outcome }
      }
    }
    return outcomes.withLock { $0.compactMap { $0 } }
  }

  private func write(_ reports: [InputReport], _ notices: [Notice], unread: Int) -> Bool {
    for output in options.outputs where !StreamedOutputs.formats.contains(output.format) {
      let text = ReportFile.text(reports, output, options, notices: notices, unread: unread)
      guard ReportFile.write(text, to: output.path) else { return false }
    }
    return true
  }
}
