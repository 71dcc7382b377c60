import Capture
import Check
import Inspect
import Profile
import Report
import Trace

/// Runs one input through the house: reads, recognises the profile, decodes, checks and measures.
struct InputJob {
  struct Settings: Sendable {
    /// `nil`: recognise it.
    var book: Book?
    var base: Book?
    var candidates: [Book] = []
    var format: LogFormat?
    /// Formats of the user's own, among which the input's is detected too.
    var dialects: [LogFormat] = []
    var capture = CaptureOptions()
    var baud: Int?
    var redact = true
    /// A report with pictures is wanted.
    var chronicle = false
    /// What the configuration file says.
    var user = UserSettings()
    /// What it says counts as a regression.
    var diff = ComparisonLimits()
    /// The names of profiles beside `book` that the input is to be checked against too.
    var others: [Book] = []
    /// Why `book` was taken, where the configuration says so.
    var profileReason = ""
    /// What counts for some inputs only.
    var byPath = PathSettings()
    /// Told how many bytes were read.
    var progress: Progress?
  }

  let source: InputSource
  let settings: Settings

  /// The reports of this input (one a profile), and what went wrong half way.
  struct Outcome: Sendable {
    var reports: [InputReport] = []
    var error: String?
  }

  init(source: InputSource, settings: Settings) {
    self.source = source
    self.settings = settings.fitted(to: source.path)
  }

  /// `outputs`: what is written while the input is read.
  func run(_ outputs: StreamedOutputs? = nil) -> Outcome {
    var outcome = Outcome()
    defer { settings.progress?.finishInput() }
    let books = ([settings.book].compactMap { $0 } + settings.others)
    if books.count > 1, source.isStandardInput {
      outcome.error = "standard input can be read only once; name one profile, or save the input to a file"
      return outcome
    }
    if books.isEmpty {
      inspect(nil, outputs, into: &outcome)
    } else {
      for book in books { inspect(book, outputs, into: &outcome) }
    }
    return outcome
  }

  private func inspect(_ book: Book?, _ outputs: StreamedOutputs?, into outcome: inout Outcome) {
    do throws(CaptureError) {
      var session = try Session(source, settings, book: book)
      if let outputs {
        outputs.begin(source.path, session, settings)
        session.named = { outputs.name(ports: $0) }
      }
      do throws(CaptureError) {
        if let outputs {
          while try session.advance(observe: { outputs.take($0) }) { outputs.emit() }
        } else {
          while try session.advance() {}
        }
      } catch {
        outcome.error = error.message
      }
      if let outputs { session.finish(observe: { outputs.take($0) }) } else { session.finish() }
      var report = session.report(path: source.path)
      settings.byPath.suppressions?.mark(&report)
      outputs?.end(&report)
      outcome.reports.append(report)
    } catch {
      outcome.error = error.message
    }
  }
}

/// An input that is being read and inspected, batch by batch.
struct Session {
  private var input: LogInput
  private var batch = ChunkBatch()
  private(set) var inspector: Inspector
  private var findings: [ReportedFinding] = []
  /// Findings beyond the limit, which are counted only.
  private var dropped = 0
  /// More of them nobody reads; a log that is noise from end to end must not fill the memory.
  static let findingLimit = 100_000
  private let reason: String
  private var pending: [ChunkBatch] = []
  private var failure: CaptureError?
  private let progress: Progress?
  private var bytesTold = 0
  /// Told the names of the ports before each batch.
  var named: (([String]) -> Void)?

  init(_ source: InputSource, _ settings: InputJob.Settings, book: Book?) throws(CaptureError) {
    progress = settings.progress
    input = try LogInput(
      source, format: settings.format, among: FormatRegistry.all + settings.dialects, capture: settings.capture)
    var chosen = book
    var reason = settings.profileReason
    var isAtEnd = false
    if chosen == nil, let base = settings.base {
      var recognition = Recognition(base: base, profiles: settings.candidates)
      var seen = 0
      while !isAtEnd, failure == nil, seen < ProfileSource.recognitionLimit {
        var batch = ChunkBatch()
        do throws(CaptureError) {
          isAtEnd = !(try input.next(into: &batch))
        } catch {
          // What came before the damage is inspected; the error is told behind it.
          failure = error
        }
        seen += batch.bytes.count + batch.chunks.count
        recognition.expect(input.facts.contents)
        recognition.take(batch)
        pending.append(batch)
      }
      let verdict = recognition.best
      chosen = settings.candidates.first { $0.name == verdict.profile } ?? base
      reason = verdict.reason
    } else {
      _ = try input.next(into: &batch)
      pending.append(batch)
      batch.removeAll()
    }
    // An input of which nothing could be read is no half of one.
    if let failure, pending.allSatisfy(\.isEmpty) { throw failure }
    guard let chosen else { throw CaptureError("no profile is built in; name one with --profile") }
    self.reason = reason
    let facts = input.facts
    inspector = Inspector(book: chosen, options: settings.inspection(of: facts))
  }

  /// One batch; false at the end of the input.
  mutating func advance(observe: (borrowing EventBatch) -> Void = { _ in }) throws(CaptureError) -> Bool {
    if !pending.isEmpty {
      let first = pending.removeFirst()
      name()
      inspector.take(first, observe: observe)
      tellProgress()
    } else {
      if let failure { throw failure }
      batch.removeAll()
      guard try input.next(into: &batch) else { return false }
      name()
      inspector.take(batch, observe: observe)
      tellProgress()
    }
    keepFindings()
    return true
  }

  private mutating func tellProgress() {
    guard let progress else { return }
    progress.move(by: input.bytesRead - bytesTold)
    bytesTold = input.bytesRead
  }

  private mutating func name() {
    let facts = input.facts
    inspector.name(ports: facts.ports)
    named?(facts.ports)
    if !facts.contents.isEmpty { inspector.expect(facts.contents) }
  }

  mutating func finish(observe: (borrowing EventBatch) -> Void = { _ in }) {
    inspector.finish(observe: observe)
    keepFindings()
  }

  private mutating func keepFindings() {
    let new = inspector.takeFindings()
    let room = max(0, Self.findingLimit - findings.count)
    findings += new.prefix(room)
    dropped += max(0, new.count - room)
  }

  /// Forgets the findings so far: not every command wants them.
  mutating func dropFindings() { findings.removeAll(keepingCapacity: true) }

  var ports: [String] { input.facts.ports }
  var facts: LogFacts { input.facts }

  func report(path: String) -> InputReport {
    let facts = input.facts
    var report = InputReport(
      path: path, format: facts.format, profile: inspector.book.name, profileReason: reason, start: facts.start,
      resolution: facts.resolution, ports: facts.ports, findings: findings, warnings: facts.warnings,
      inspector: inspector)
    report.droppedFindings += dropped
    return report
  }
}

extension InputJob.Settings {
  /// What the log keeps, and what the user says.
  func inspection(of facts: LogFacts) -> InspectionOptions {
    InspectionOptions(
      resolution: facts.resolution, lossy: facts.lossy.contains(.lineEndings),
      ordered: !facts.lossy.contains(.order), baud: baud ?? facts.baud, baudSource: baud == nil ? .log : .option,
      redact: redact, user: user, chronicle: chronicle)
  }
}
