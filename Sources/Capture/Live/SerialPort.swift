import CSerial
import Glibc
import Trace

/// A serial port that is listened to or written to. One that disappears (a USB reset) is opened again when it is back.
final class SerialPort: LineEnd {
  /// How often a port that is away is looked for.
  private static let retryInterval: Nanoseconds = 200_000_000

  let path: String
  private let settings: LineSettings
  private let isWritable: Bool
  private(set) var descriptor: Int32 = -1
  /// How the port was before; given back at the end.
  private var original: attrace_line?
  private var current = attrace_line()
  private var marks = ParityMarks()
  private let statesMarks: Bool?
  private var hasMarks = false
  private var lines: Int32?
  private var counts: attrace_line_counts?
  private var nextAttempt: Nanoseconds = 0

  /// Opens and sets the port. `hasMarks`: whether damage is marked among the bytes; by default where the driver
  /// of a real port can tell of it.
  init(
    path: String, settings: LineSettings, isWritable: Bool, hasMarks: Bool? = nil
  ) throws(CaptureError) {
    self.path = path
    self.settings = settings
    self.isWritable = isWritable
    statesMarks = hasMarks
    try open()
  }

  deinit { close() }

  /// The rate of the line; `nil` for a pseudo-terminal, which has none.
  var baud: Int? {
    if let baud = settings.baud { return baud }
    return lines == nil || current.input_rate == 0 ? nil : Int(current.input_rate)
  }

  private func open() throws(CaptureError) {
    let mode = isWritable ? O_RDWR : O_RDONLY
    let opened = Glibc.open(path, mode | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard opened >= 0 else { throw CaptureError(path, doing: "open it", code: errno) }
    var line = attrace_line()
    guard attrace_line_get(opened, &line) == 0 else {
      Glibc.close(opened)
      throw CaptureError(path, "is no serial port; name a device such as /dev/ttyUSB0")
    }
    if original == nil { original = line }
    descriptor = opened
    var state: Int32 = 0
    lines = attrace_modem_lines(opened, &state) == 0 ? state : nil
    hasMarks = statesMarks ?? (lines != nil)
    settings.apply(to: &line)
    guard set(line) else {
      let code = errno
      close()
      throw CaptureError(path, doing: "set the line", code: code)
    }
    // Two programs on one port take each other's bytes.
    if isWritable { _ = attrace_exclusive(opened, 1) }
    marks.reset()
    var counted = attrace_line_counts()
    counts = attrace_line_counts(opened, &counted) == 0 ? counted : nil
  }

  /// Sets the line, which passes every byte as it is in any case.
  @discardableResult
  func set(_ wanted: attrace_line) -> Bool {
    guard descriptor >= 0 else { return false }
    var line = wanted
    attrace_line_make_raw(&line, hasMarks ? 1 : 0)
    guard attrace_line_set(descriptor, &line) == 0 else { return false }
    current = line
    return true
  }

  /// How the application's side set its line: taken over unless the user stated settings.
  func follow(_ line: attrace_line, _ log: LineLog) {
    guard !settings.isStated, descriptor >= 0 else { return }
    var wanted = line
    if wanted.output_rate == 0 {
      // Rate 0 hangs up.
      setDTR(false, log)
      wanted.input_rate = current.input_rate
      wanted.output_rate = current.output_rate
    }
    let before = current.output_rate
    if !set(wanted) {
      log.remark("the port refuses the settings of the application")
    } else if before != wanted.output_rate {
      log.remark("baud \(wanted.output_rate)")
    }
  }

  func setDTR(_ on: Bool, _ log: LineLog) {
    guard descriptor >= 0, lines != nil else { return }
    if attrace_set_dtr(descriptor, on ? 1 : 0) == 0 { compareLines(log) }
  }

  // MARK: LineEnd

  func tend(_ log: LineLog) {
    guard descriptor < 0 else {
      compareLines(log)
      compareCounts(log)
      return
    }
    let now = LiveClock.monotonic()
    guard now >= nextAttempt else { return }
    nextAttempt = now &+ SerialPort.retryInterval
    guard (try? open()) != nil else { return }
    log.remark("\(path) is back")
  }

  func lost(_ code: Int32, _ log: LineLog) {
    guard descriptor >= 0 else { return }
    Glibc.close(descriptor)
    descriptor = -1
    nextAttempt = LiveClock.monotonic() &+ SerialPort.retryInterval
    log.gap("\(path) disappeared")
  }

  func decode(_ source: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8], _ places: inout [ParityMarks.Place]) {
    if hasMarks { marks.undo(source, into: &bytes, &places) } else { bytes.append(contentsOf: source) }
  }

  func close() {
    guard descriptor >= 0 else { return }
    if isWritable { _ = attrace_exclusive(descriptor, 0) }
    if var original { _ = attrace_line_set(descriptor, &original) }
    Glibc.close(descriptor)
    descriptor = -1
  }

  // MARK: What the driver tells beside the bytes

  private static let names: [(bit: Int32, name: String)] = [
    (Int32(TIOCM_DTR), "dtr"), (Int32(TIOCM_RTS), "rts"), (Int32(TIOCM_CTS), "cts"), (Int32(TIOCM_CAR), "dcd"),
    (Int32(TIOCM_RNG), "ri"), (Int32(TIOCM_DSR), "dsr"),
  ]

  private func compareLines(_ log: LineLog) {
    guard let before = lines else { return }
    var now: Int32 = 0
    guard attrace_modem_lines(descriptor, &now) == 0, now != before else { return }
    lines = now
    for (bit, name) in SerialPort.names where (now ^ before) & bit != 0 {
      log.control("\(name)=\(now & bit == 0 ? 0 : 1)")
    }
  }

  private func compareCounts(_ log: LineLog) {
    guard let before = counts else { return }
    var now = attrace_line_counts()
    guard attrace_line_counts(descriptor, &now) == 0 else { return }
    counts = now
    tell("framing-errors", now.frame &- before.frame, log)
    tell("parity-errors", now.parity &- before.parity, log)
    tell("overruns", now.overrun &- before.overrun, log)
    tell("buffer-overruns", now.buffer_overrun &- before.buffer_overrun, log)
  }

  private func tell(_ what: String, _ count: Int32, _ log: LineLog) {
    if count > 0 { log.control("\(what)=\(count)") }
  }
}
