import Capture
import Check
import Glibc
import Inspect
import Profile
import Report
import Trace

/// `attrace tap`: a live line, decoded and checked while it goes on.
struct TapCommand {
  let options: CommonOptions
  let tap: TapOptions

  /// How long the loop waits for bytes before it looks after everything else.
  private static let patience: Nanoseconds = 100_000_000

  init(_ arguments: ParsedArguments) throws(UsageError) {
    options = try CommonOptions(arguments, format: .liveFormat)
    tap = try TapOptions(arguments)
    guard options.profiles.count < 2 else { throw UsageError("tap takes one --profile") }
  }

  func run() -> Int32 {
    do throws(ProfileError) {
      var settings = try ProfileSource.settings(options)
      settings.chronicle = options.outputs.contains { $0.format == "html" }
      do throws(CaptureError) {
        return try run(settings)
      } catch {
        Console.complain(error.message)
      }
    } catch {
      Console.complain(error.message)
    }
    return ExitCode.failed
  }

  private func run(_ settings: InputJob.Settings) throws(CaptureError) -> Int32 {
    let stop = try StopSignal()
    let signals = try SignalWatch(stop)
    let source = try makeSource(settings)
    let capture = try LiveCapture(source, spool: tap.spool, stop: stop)
    let settings = settings.fitted(to: path(of: capture))
    guard let base = settings.book ?? settings.base else {
      throw CaptureError("no profile is built in; name one with --profile")
    }
    var screen = TapScreen(options, isCapture: numbersPackets)
    for line in source.announcements { screen.remark(line) }

    var batch = ChunkBatch()
    var live: LiveInspector?
    loop: while true {
      let settled = capture.settled
      let outcome = capture.next(into: &batch, within: Self.patience)
      // What the log keeps is known when its first lines are.
      if live == nil, outcome != .idle {
        live = LiveInspector(
          base: base, candidates: settings.candidates, options: settings.inspection(of: capture.facts))
        screen.begin(book: base, ports: capture.facts.ports)
      }
      switch outcome {
      case .batch:
        let facts = capture.facts
        live?.name(ports: facts.ports)
        live?.expect(facts.contents)
        screen.name(ports: facts.ports)
        if let changed = live?.take(batch, observe: { screen.take($0) }), changed, let live {
          screen.begin(book: live.inspector.book, ports: capture.facts.ports)
          screen.remark("profile \(live.inspector.book.name): \(live.reason); what came before is judged by it too")
        }
      case .idle:
        live?.settle()
        live?.advance(to: settled)
      case .closed: break loop
      }
      noteSaving(capture, batch, &live)
      if tell(&live, &screen, settings, capture) { capture.syncNow() }
      if let live {
        if signals.takeSummaryRequest() { screen.summary(report(live, capture, settings)) }
        screen.refresh(live)
      }
      // Nobody reads on.
      if screen.failure == EPIPE { stop.request() }
    }
    live?.finish { screen.take($0) }
    noteSaving(capture, batch, &live)
    _ = tell(&live, &screen, settings, capture)
    screen.end()
    var failed = screen.failure != 0 && screen.failure != EPIPE
    do throws(CaptureError) {
      try capture.finish()
    } catch {
      Console.complain(error.message)
      failed = true
    }
    guard let live, !failed || live.inspector.transactions > 0 else { return ExitCode.failed }
    return finish(report(live, capture, settings), settings, failed: failed)
  }

  private func makeSource(_ settings: InputJob.Settings) throws(CaptureError) -> any LiveSource {
    let clock = LiveClock()
    return switch tap.mode {
    case .proxy(let path, let link): try LineSource.proxy(path, link: link, settings: tap.settings, clock: clock)
    case .listen(let modem, let host):
      try LineSource.listen(modem: modem, host: host, settings: tap.settings, clock: clock)
    case .network(let route): try LineSource.network(route, clock: clock)
    case .interface(let name):
      try InterfaceSource(name, options: settings.capture, baud: tap.settings.baud, clock: clock)
    case .follow(let path): LogSource(path: path, format: settings.format)
    }
  }

  /// Places are packets of the saved capture.
  private var numbersPackets: Bool {
    if case .follow = tap.mode { return false }
    return tap.spool?.form.isCapture ?? false
  }

  /// A capture that is not saved any more is a finding, at the place that was reached.
  private func noteSaving(_ capture: LiveCapture, _ batch: ChunkBatch, _ live: inout LiveInspector?) {
    guard let failure = capture.takeSavingFailure() else { return }
    let last = batch.chunks.last
    live?.add(LiveRules.savingStopped(failure.message, place: last?.place ?? 0, at: last?.instant ?? .unknown))
  }

  /// Shows the findings that were made; whether there were any.
  private func tell(
    _ live: inout LiveInspector?, _ screen: inout TapScreen, _ settings: InputJob.Settings, _ capture: LiveCapture
  ) -> Bool {
    guard let findings = live?.takeFindings(), !findings.isEmpty else { return false }
    for var reported in findings {
      settings.byPath.suppressions?.mark(&reported, of: path(of: capture))
      screen.finding(reported)
    }
    return true
  }

  /// What the report is of, and what the paths of the configuration are compared with: places are lines of the saved
  /// capture, or of the log that is followed.
  private func path(of capture: LiveCapture) -> String {
    if case .follow = tap.mode { return capture.name }
    return tap.spool?.path ?? capture.name
  }

  private func report(_ live: LiveInspector, _ capture: LiveCapture, _ settings: InputJob.Settings) -> InputReport {
    let facts = capture.facts
    var format = facts.format
    if let spool = tap.spool, format == LineSource.format, spool.form.isCapture { format = spool.form.rawValue }
    var report = InputReport(
      path: path(of: capture), format: format, profile: live.inspector.book.name,
      profileReason: live.reason, start: facts.start, resolution: facts.resolution,
      ports: facts.ports, findings: live.findings, warnings: facts.warnings, inspector: live.inspector)
    report.droppedFindings += live.dropped
    settings.byPath.suppressions?.mark(&report)
    return report
  }

  private func finish(_ report: InputReport, _ settings: InputJob.Settings, failed: Bool) -> Int32 {
    let notices = settings.byPath.notices([report], [report.path], isWhole: !failed)
    for notice in notices { Console.note(notice.text) }
    for output in options.outputs {
      // What streamed to standard output as lines ends with the summary only.
      let text =
        output.format == "jsonl" && output.path == nil
        ? LiveJSONLines.summary(report, version: CommandLineInterface.version)
        : ReportFile.text([report], output, options, notices: notices)
      guard ReportFile.write(text, to: output.path) else { return ExitCode.failed }
    }
    if failed { return ExitCode.failed }
    guard let least = options.failOn else { return ExitCode.clean }
    let isBad = report.findings.contains { $0.counts && $0.finding.severity >= least }
    return isBad || notices.contains { $0.severity >= least } ? ExitCode.findings : ExitCode.clean
  }
}
