import CAllocationCount
import Capture
import Check
import Decode
import Glibc
import Inspect
import Profile
import Trace

/// One row of the table: what is measured, on which workload.
struct Row {
  enum Stage: String { case read, decode, whole }

  let name: String
  let mix: Workload.Mix
  let form: Workload.Form
  let stage: Stage

  static let all = [
    Row(name: "trace: read", mix: .session, form: .trace, stage: .read),
    Row(name: "trace: read, decode", mix: .session, form: .trace, stage: .decode),
    Row(name: "trace: read, decode, check, measure", mix: .session, form: .trace, stage: .whole),
    Row(name: "trace: the same, short commands only", mix: .short, form: .trace, stage: .whole),
    Row(name: "trace: the same, mail payload", mix: .mail, form: .trace, stage: .whole),
    Row(name: "raw log: read, decode, check, measure", mix: .session, form: .raw, stage: .whole),
  ]

  /// What a run found and took.
  struct Result {
    var seconds = 0.0
    var bytes = 0
    var events = 0
    var transactions = 0
    var transfers = 0
    var findings = 0
    var allocations: UInt64 = 0
    /// Events after the warm-up, to which `allocations` belong.
    var countedEvents = 0
    var peakKiB = 0
  }

  /// Runs over a file that holds the workload.
  func run(path: String) throws(CaptureError) -> Result {
    var result = Result()
    let book: Book
    do throws(ProfileError) {
      // The workload is a mail session: the profile that knows its commands is found as for any other trace.
      book = try Self.mailBook()
    } catch {
      throw CaptureError(error.message)
    }
    var input = try LogInput(InputSource(path: path), format: form == .trace ? TraceFormat.format : RawFormat.format)
    var batch = ChunkBatch()
    var decoder = Decoder(book: book)
    var events = EventBatch()
    var inspector: Inspector?
    let start = Self.now()
    var warm = false
    var before: UInt64 = 0
    var blocks = 0
    while try input.next(into: &batch) {
      switch stage {
      case .read: break
      case .decode:
        decoder.decode(batch, into: &events)
        result.events += events.events.count
        events.removeAll()
      case .whole:
        if inspector == nil {
          inspector = Inspector(
            book: book, options: InspectionOptions(resolution: input.facts.resolution, baud: 115_200))
        }
        inspector?.take(batch) { result.events += $0.events.count }
        result.findings += inspector?.takeFindings().count { $0.finding.severity > .note } ?? 0
      }
      if stage == .read { result.events += batch.chunks.count }
      result.bytes += batch.bytes.count
      batch.removeAll()
      blocks += 1
      // Buffers have grown to their size by then.
      if blocks == 64 {
        warm = true
        before = attrace_allocations()
        result.countedEvents = result.events
      }
    }
    if warm {
      result.allocations = attrace_allocations() - before
      result.countedEvents = result.events - result.countedEvents
    }
    if stage == .whole {
      inspector?.finish { result.events += $0.events.count }
      result.findings += inspector?.takeFindings().count { $0.finding.severity > .note } ?? 0
      result.transactions = inspector?.transactions ?? 0
      result.transfers = inspector?.transfers.count ?? 0
    }
    result.seconds = Self.now() - start
    result.peakKiB = Self.peak()
    return result
  }

  private static func mailBook() throws(ProfileError) -> Book {
    for name in Profiles.builtIn {
      let book = try Profiles.load(name)
      if book.command(named: "+POP3READ")?.form(.write)?.gives.isEmpty == false { return book }
    }
    throw ProfileError("no built-in profile knows +POP3READ; the workload needs one")
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The most memory this process has held, in KiB.
  private static func peak() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
  }
}
