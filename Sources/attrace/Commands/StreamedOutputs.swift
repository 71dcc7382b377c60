import Capture
import Glibc
import Inspect
import Report
import Trace

/// The reports that are written while the inputs are read, and their files.
final class StreamedOutputs {
  static let formats: Set = ["csv", "perfetto", "sqlite"]

  private struct Output {
    let report: any StreamedReport
    /// `nil`: standard output, or a database that was there.
    let file: AtomicFile?
    let path: String?
  }

  private var outputs: [Output] = []
  private let baseline: Baseline?
  private var inputs = 0
  /// Why a report cannot be written.
  private(set) var failure: String?

  /// `nil` when none is asked for.
  init?(_ options: CommonOptions, _ baseline: Baseline?) throws(CaptureError) {
    self.baseline = baseline
    for output in options.outputs where Self.formats.contains(output.format) {
      outputs.append(try Self.open(output))
    }
    if outputs.isEmpty { return nil }
  }

  private static func open(_ output: CommonOptions.Output) throws(CaptureError) -> Output {
    if output.format == "sqlite", let path = output.path { return try openDatabase(path) }
    let file = try output.path.map { path throws(CaptureError) in try AtomicFile(path: path) }
    let report: any StreamedReport = output.format == "csv" ? TransactionCSV() : TraceEventReport()
    return Output(report: report, file: file, path: output.path)
  }

  /// A database that is there gets a further run; a new one grows beside its place.
  private static func openDatabase(_ path: String) throws(CaptureError) -> Output {
    var status = stat()
    let isThere = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size > 0
    let file = isThere ? nil : try AtomicFile(path: path)
    guard let place = isThere ? path : file?.pathBeside else {
      throw CaptureError("\(path): a database must be a file; name another one")
    }
    do throws(DatabaseError) {
      let report = try DatabaseReport(path: place, isNew: !isThere, version: CommandLineInterface.version)
      return Output(report: report, file: file, path: path)
    } catch {
      throw CaptureError("\(path): the database cannot be written: \(error.message)")
    }
  }

  // MARK: While an input is read

  func begin(_ path: String, _ session: borrowing Session, _ settings: InputJob.Settings) {
    let facts = session.facts
    let input = StreamedInput(
      index: inputs, path: path, book: session.inspector.book, ports: facts.ports, hasTime: facts.resolution.hasTime,
      redact: settings.redact)
    for output in outputs { output.report.begin(input) }
  }

  func name(ports: [String]) {
    for output in outputs { output.report.name(ports: ports) }
  }

  func take(_ batch: borrowing EventBatch) {
    guard failure == nil else { return }
    for output in outputs { output.report.take(batch) }
  }

  func end(_ report: inout InputReport) {
    var reports = [report]
    baseline?.mark(&reports)
    report = reports[0]
    for output in outputs { output.report.end(report) }
    inputs += 1
    emit()
  }

  /// Writes what has come together.
  func emit() {
    guard failure == nil else { return }
    for output in outputs {
      let text = output.report.takeText()
      if let reason = output.report.failure {
        failure = "\(output.path ?? "standard output"): it cannot be written: \(reason)"
        return
      }
      guard !text.isEmpty else { continue }
      guard let file = output.file else {
        Console.write(text)
        continue
      }
      do throws(CaptureError) {
        try file.write(text)
      } catch {
        failure = error.message
      }
    }
  }

  /// Puts the files in their places; false after a complaint.
  func commit() -> Bool {
    for output in outputs { output.report.finish() }
    emit()
    if failure == nil {
      do throws(CaptureError) {
        for output in outputs { try output.file?.commit() }
      } catch {
        failure = error.message
      }
    }
    if let failure { Console.complain(failure) }
    return failure == nil
  }
}
