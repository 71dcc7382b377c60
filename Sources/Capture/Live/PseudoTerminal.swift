import CSerial
import Glibc
import Trace

/// The port that the application opens in place of the real one.
///
/// A pseudo-terminal passes bytes and tells how the application set the line; a break and the modem lines that an
/// application sets cannot be seen on it. That it opens and closes the port can, and raises and drops DTR.
final class PseudoTerminal: LineEnd {
  private var master: Int32 = -1
  /// The name that the application opens.
  let name: String
  private let link: String?
  private let port: SerialPort
  private var isThere = false
  private var line = attrace_line()

  /// Whether there is an application; nothing is read while there is none.
  var descriptor: Int32 { isThere ? master : -1 }
  /// What comes while nobody has the port open is lost, as on any port.
  var keepsBytesWhileAway: Bool { false }

  /// `link`: a path that shall always lead to it.
  init(for port: SerialPort, link: String?) throws(CaptureError) {
    self.port = port
    self.link = link
    var slave: Int32 = -1
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    guard openpty(&master, &slave, &path, nil, nil) == 0 else {
      throw CaptureError("a pseudo-terminal", doing: "make it", code: errno)
    }
    name = String(decoding: path.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    _ = fcntl(master, F_SETFD, FD_CLOEXEC)
    // An application that sets nothing finds the settings of the real port.
    if attrace_line_get(port.descriptor, &line) == 0 {
      attrace_line_make_raw(&line, 0)
      _ = attrace_line_set(slave, &line)
    }
    Glibc.close(slave)
    _ = attrace_line_get(master, &line)
    if let link { try PseudoTerminal.place(link, to: name) }
  }

  deinit { close() }

  /// Puts a link in its place at once. What stands there is not touched, unless it is a link that leads to a
  /// pseudo-terminal too: one of a tap that was killed.
  private static func place(_ link: String, to name: String) throws(CaptureError) {
    var status = stat()
    if lstat(link, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFLNK, target(of: link).hasPrefix("/dev/pts/") else {
        throw CaptureError(link, "is there and is no link of a tap; name another --link or remove it")
      }
    }
    let beside = "\(link).\(getpid())"
    unlink(beside)
    guard symlink(name, beside) == 0 else { throw CaptureError(link, doing: "make the link", code: errno) }
    guard rename(beside, link) == 0 else {
      let code = errno
      unlink(beside)
      throw CaptureError(link, doing: "make the link", code: code)
    }
  }

  func tend(_ log: LineLog) {
    look(log)
    if isThere { compareSettings(log) }
  }

  /// Whoever sets the line and then writes expects the bytes to go out with the new settings; whoever opens the port
  /// expects what comes from then on.
  func prepare(_ log: LineLog) { tend(log) }

  /// Sees whether an application has opened the port.
  private func look(_ log: LineLog) {
    guard master >= 0, !isThere else { return }
    var state = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&state, 1, 0) >= 0 else { return }
    // One that opened, wrote and closed in between has left bytes.
    guard Int32(state.revents) & POLLHUP == 0 || Int32(state.revents) & POLLIN != 0 else { return }
    isThere = true
    log.remark("the application opened the port")
    port.setDTR(true, log)
  }

  private func compareSettings(_ log: LineLog) {
    var now = attrace_line()
    guard attrace_line_get(master, &now) == 0 else { return }
    let isSame =
      now.input == line.input && now.control == line.control && now.output_rate == line.output_rate
      && now.input_rate == line.input_rate
    guard !isSame else { return }
    line = now
    port.follow(now, log)
  }

  func lost(_ code: Int32, _ log: LineLog) {
    guard isThere else { return }
    isThere = false
    log.remark("the application closed the port")
    if line.control & attrace_hang_up != 0 { port.setDTR(false, log) }
  }

  func close() {
    guard master >= 0 else { return }
    Glibc.close(master)
    master = -1
    isThere = false
    // Only a link that still leads here is ours to remove.
    guard let link else { return }
    if PseudoTerminal.target(of: link) == name { unlink(link) }
  }

  private static func target(of link: String) -> String {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(link, &target, target.count - 1)
    return String(decoding: target.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
