import Capture
import Glibc
import Report

/// Standard output and error, and what is known of them.
enum Console {
  /// A failure to write to standard output (a closed pipe) ends the program; nobody reads on.
  static func write(_ text: String) {
    let code = attempt(text)
    guard code != 0 else { return }
    if code != EPIPE { complain("standard output cannot be written; check the disk or the pipe") }
    exit(code == EPIPE ? 0 : ExitCode.failed)
  }

  /// Writes to standard output; 0, or `errno` when it takes no more.
  static func attempt(_ text: String) -> Int32 {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        return errno
      }
      bytes = bytes.dropFirst(written)
    }
    return 0
  }

  static func complain(_ message: String) {
    let line = "attrace: " + Escaped.line(message) + "\n"
    _ = Array(line.utf8).withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// Whether text that goes to standard output is coloured.
  static func usesColor(_ when: String) -> Bool {
    switch when {
    case "always": return true
    case "never": return false
    default:
      if let value = getenv("NO_COLOR"), value.pointee != 0 { return false }
      if let term = getenv("TERM"), strcmp(term, "dumb") == 0 { return false }
      return isatty(STDOUT_FILENO) == 1
    }
  }

  /// Says something beside the output.
  static func note(_ text: String) {
    let lines = text.split(separator: "\n").map { Escaped.line(String($0)) + "\n" }.joined()
    _ = Array(lines.utf8).withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// Whether standard output is a terminal that can draw a line anew.
  static var isTerminal: Bool {
    if let term = getenv("TERM"), strcmp(term, "dumb") == 0 { return false }
    return isatty(STDOUT_FILENO) == 1
  }

  /// Whether the locale says that the terminal shows UTF-8.
  static var isUnicode: Bool {
    for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
      guard let value = getenv(name), value.pointee != 0 else { continue }
      let text = String(cString: value).lowercased()
      return text.contains("utf-8") || text.contains("utf8")
    }
    return false
  }

  /// The columns of the terminal.
  static var width: Int { width(of: STDOUT_FILENO) }
  static var errorWidth: Int { width(of: STDERR_FILENO) }

  private static func width(of file: Int32) -> Int {
    var size = winsize()
    guard ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  static func monotonic() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// The day, in UTC.
  static var today: CalendarDay? {
    var seconds = time(nil)
    var parts = tm()
    guard gmtime_r(&seconds, &parts) != nil else { return nil }
    return CalendarDay(year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday))
  }

  static var processors: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}

enum ExitCode {
  static let clean: Int32 = 0
  static let findings: Int32 = 1
  static let failed: Int32 = 2
}
