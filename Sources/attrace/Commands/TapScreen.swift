import Glibc
import Inspect
import Profile
import Report
import Trace

/// What `tap` writes to standard output while the line goes on; below it, on a terminal, one line that tells how it is.
struct TapScreen {
  private enum Format {
    case text, lines
    /// The report comes at the end.
    case silent
  }

  /// How often the status is drawn, at most.
  private static let interval: Nanoseconds = 250_000_000

  private let format: Format
  private let options: CommonOptions
  private let isCapture: Bool
  private let style: TextStyle
  private let showsStatus: Bool
  private var text: LiveText
  private var lines: LiveJSONLines?
  private var status = LiveStatus()
  private var statusIsShown = false
  private var nextStatus: Nanoseconds = 0
  /// Why nothing can be shown any more: `errno`, or 0.
  private(set) var failure: Int32 = 0
  private let began: Nanoseconds

  /// `isCapture`: places are packets, not lines.
  init(_ options: CommonOptions, isCapture: Bool) {
    self.options = options
    self.isCapture = isCapture
    let output = options.outputs.first { $0.path == nil }
    format =
      switch output?.format {
      case "text": .text
      case "jsonl": .lines
      default: .silent
      }
    style = TextStyle(color: Console.usesColor(options.color))
    text = LiveText(redact: options.redact, style: style, isCapture: isCapture)
    showsStatus = format == .text && !options.quiet && Console.isTerminal
    began = Console.monotonic()
  }

  /// From here on events are those of this profile.
  mutating func begin(book: Book, ports: [String]) {
    if format == .lines {
      lines = LiveJSONLines(book: book, redact: options.redact, ports: ports, isCapture: isCapture)
    }
  }

  mutating func name(ports: [String]) {
    text.name(ports: ports)
    lines?.name(ports: ports)
  }

  mutating func take(_ batch: borrowing EventBatch) {
    status.take(batch)
    switch format {
    case .text: if !options.quiet { put(text.text(batch)) }
    case .lines: if let shown = lines?.text(batch) { put(shown) }
    case .silent: break
    }
  }

  mutating func finding(_ found: ReportedFinding) {
    switch format {
    case .text: if found.suppression == nil { put(text.line(for: found.finding)) }
    case .lines: put(lines?.line(for: found) ?? "")
    case .silent: break
    }
  }

  mutating func remark(_ what: String) {
    switch format {
    case .text: put(text.line(about: what))
    case .lines: put(LiveJSONLines.line(about: what))
    case .silent: Console.note(what)
    }
  }

  mutating func summary(_ report: InputReport) {
    switch format {
    case .text: put(TextReport.tables(report, style: style))
    case .lines: put(LiveJSONLines.summary(report, version: CommandLineInterface.version))
    case .silent: Console.note(TextReport.tables(report, style: TextStyle(color: false)))
    }
  }

  /// Draws the status anew, when it is time.
  mutating func refresh(_ live: borrowing LiveInspector) {
    let now = Console.monotonic()
    guard showsStatus, now >= nextStatus else { return }
    nextStatus = now &+ Self.interval
    status.count(hostBytes: live.inspector.hostBytes, modemBytes: live.inspector.modemBytes, now: now &- began)
    let counts = live.inspector.counts
    let line = status.line(
      now: now &- began, errors: counts[.error] ?? 0, warnings: counts[.warning] ?? 0, width: Console.width)
    write("\r\u{1B}[K" + line)
    statusIsShown = true
  }

  /// The status goes; the report follows.
  mutating func end() { erase() }

  private mutating func put(_ shown: String) {
    guard !shown.isEmpty else { return }
    erase()
    write(shown)
  }

  private mutating func erase() {
    guard statusIsShown else { return }
    write("\r\u{1B}[K")
    statusIsShown = false
    nextStatus = 0
  }

  /// A disk that is full ends what is shown, not the line.
  private mutating func write(_ shown: String) {
    guard failure == 0 else { return }
    failure = Console.attempt(shown)
    if failure != 0, failure != EPIPE {
      Console.complain("standard output cannot be written, and the line goes on; check the disk")
    }
  }
}
