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
  enum Stage {
    case read, decode, check
    /// Everything that `attrace check` does but printing.
    case whole
  }

  let name: String
  let mix: Workload.Mix
  let form: Workload.Form
  let stage: Stage

  static let all = [
    Row(name: "trace: mixed session, read", mix: .session, form: .trace, stage: .read),
    Row(name: "trace: mixed session, read, decode", mix: .session, form: .trace, stage: .decode),
    Row(name: "trace: mixed session, read, decode, check", mix: .session, form: .trace, stage: .check),
    Row(name: "trace: mixed session", mix: .session, form: .trace, stage: .whole),
    Row(name: "trace: short commands only", mix: .short, form: .trace, stage: .whole),
    Row(name: "trace: mail payload", mix: .mail, form: .trace, stage: .whole),
    Row(name: "raw: mixed session, read", mix: .session, form: .raw, stage: .read),
    Row(name: "raw: mixed session", mix: .session, form: .raw, stage: .whole),
    Row(name: "dialect: time before lines, read", mix: .session, form: .stamped, stage: .read),
    Row(name: "dialect: time before lines", mix: .session, form: .stamped, stage: .whole),
    Row(name: "dialect: daemon's escapes, read", mix: .mail, form: .daemon, stage: .read),
    Row(name: "dialect: daemon's escapes", mix: .mail, form: .daemon, stage: .whole),
    Row(name: "dialect: system calls, read", mix: .session, form: .calls, stage: .read),
    Row(name: "dialect: system calls", mix: .session, form: .calls, stage: .whole),
    Row(name: "dialect: hexadecimal dump, read", mix: .session, form: .dump, stage: .read),
    Row(name: "dialect: hexadecimal dump", mix: .session, form: .dump, stage: .whole),
    Row(name: "usb: short commands, read (packets/s)", mix: .short, form: .usb, stage: .read),
    Row(name: "usb: short commands (packets/s)", mix: .short, form: .usb, stage: .whole),
    Row(name: "usb: mixed session (packets/s)", mix: .session, form: .usb, stage: .whole),
  ]

  /// Buffers have grown to their size after so many blocks of input: allocations are counted from there.
  private static let warmUp = 64

  /// Runs over a file that holds the workload; `-` is standard input.
  func run(path: String) throws(CaptureError) -> Measured {
    let book = try Self.mailBook()
    var input = try LogInput(InputSource(path: path), format: FormatRegistry.format(named: form.reader))
    var stages = Stages(stage, book, form)
    var batch = ChunkBatch()
    var result = Measured()
    var before: UInt64 = 0
    var eventsBefore = 0
    var blocks = 0
    let start = Self.now()
    while try input.next(into: &batch) {
      stages.take(batch, &result)
      batch.removeAll()
      blocks += 1
      if blocks == Self.warmUp {
        before = attrace_allocations()
        eventsBefore = result.events
      }
    }
    if blocks > Self.warmUp {
      result.allocations = Int(truncatingIfNeeded: attrace_allocations() &- before)
      result.countedEvents = result.events - eventsBefore
    }
    stages.finish(&result)
    result.nanoseconds = Self.now() - start
    result.peakKiB = Self.peak()
    return result
  }

  /// The profile that knows all mail commands of the workload.
  static func mailBook() throws(CaptureError) -> Book {
    do throws(ProfileError) {
      for name in Profiles.builtIn {
        let book = try Profiles.load(name)
        if Workload.mailCommands.allSatisfy({ book.command(named: $0) != nil }) { return book }
      }
      throw ProfileError("no built-in profile knows the workload's \(Workload.mailCommands.joined(separator: ", "))")
    } catch {
      throw CaptureError(error.message)
    }
  }

  private static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  /// The most memory this process has held, in KiB. `getrusage` would tell the peak of the parent too.
  static func peak() -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return 0 }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 512)
    while let found = fgets(&buffer, Int32(buffer.count), file) {
      let words = String(cString: found).split { $0.isWhitespace }
      if words.count > 1, words[0] == "VmHWM:" { return Int(words[1]) ?? 0 }
    }
    return 0
  }
}

/// What a run found and took.
struct Measured {
  var nanoseconds = 0
  /// Bytes of the line, without what the form of the log adds.
  var wireBytes = 0
  /// Events, or chunks where nothing is decoded.
  var events = 0
  var commandLines = 0
  var transfers = 0
  /// Findings that are more than a note, and what else is wrong.
  var findings = 0
  var allocations = 0
  /// Events after the warm-up, to which `allocations` belong.
  var countedEvents = 0
  var peakKiB = 0

  init() {}

  /// As `text` has it.
  init?(_ text: String) {
    let numbers = text.split { $0.isWhitespace }.compactMap { Int($0) }
    guard numbers.count == 9 else { return nil }
    (nanoseconds, wireBytes, events) = (numbers[0], numbers[1], numbers[2])
    (commandLines, transfers, findings) = (numbers[3], numbers[4], numbers[5])
    (allocations, countedEvents, peakKiB) = (numbers[6], numbers[7], numbers[8])
  }

  var text: String {
    "\(nanoseconds) \(wireBytes) \(events) \(commandLines) \(transfers) \(findings) \(allocations) \(countedEvents) "
      + "\(peakKiB)\n"
  }
}

/// The rooms that a row goes through.
private struct Stages: ~Copyable {
  let stage: Row.Stage
  private var decoder: Decoder
  private var checker: Checker
  private var inspector: Inspector
  private var events = EventBatch()
  private let countsPackets: Bool

  init(_ stage: Row.Stage, _ book: Book, _ form: Workload.Form) {
    self.stage = stage
    let resolution: Resolution =
      form == .raw ? .none : form == .trace || form == .usb ? .microsecond : Resolution(step: 1_000_000)
    countsPackets = form == .usb
    decoder = Decoder(book: book)
    checker = Checker(book: book, resolution: resolution)
    // The workloads are denser than a slow line could carry.
    inspector = Inspector(book: book, options: InspectionOptions(resolution: resolution, baud: 12_000_000))
  }

  mutating func take(_ batch: borrowing ChunkBatch, _ result: inout Measured) {
    result.wireBytes += batch.bytes.count
    switch stage {
    case .read:
      result.events = countsPackets ? batch.chunks.last?.place ?? result.events : result.events + batch.chunks.count
      result.findings += batch.chunks.count { $0.kind != .data }
    case .decode, .check:
      decoder.decode(batch, into: &events)
      digest(&result)
    case .whole:
      inspector.take(batch) { result.events += $0.events.count }
      if countsPackets { result.events = batch.chunks.last?.place ?? result.events }
      result.findings += inspector.takeFindings().count { $0.finding.severity > .note }
    }
  }

  mutating func finish(_ result: inout Measured) {
    switch stage {
    case .read: break
    case .decode, .check:
      decoder.finish(into: &events)
      digest(&result)
    case .whole:
      inspector.finish { if !countsPackets { result.events += $0.events.count } }
      result.findings += inspector.takeFindings().count { $0.finding.severity > .note } + inspector.droppedFindings
      result.commandLines = inspector.transactions
      result.transfers = inspector.transfers.count
    }
  }

  private mutating func digest(_ result: inout Measured) {
    result.events += events.events.count
    for index in events.events.indices {
      switch events.events[index].kind {
      case .commandLine: result.commandLines += 1
      case .transferEnd: result.transfers += 1
      case .malformed, .unanswered: result.findings += 1
      default: break
      }
    }
    if stage == .check {
      checker.take(events)
      result.findings += checker.takeFindings().count { $0.severity > .note }
    }
    events.removeAll()
  }
}
