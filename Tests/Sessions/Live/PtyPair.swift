import Glibc

/// A pseudo-terminal that stands for a serial port: whoever holds `end` is the modem, `path` is the device.
public final class PtyPair {
  public private(set) var end: Int32 = -1
  public private(set) var path = ""

  /// `link`: a path that leads to the device.
  public init?(link: String? = nil) {
    var slave: Int32 = -1
    var name = [CChar](repeating: 0, count: 256)
    guard openpty(&end, &slave, &name, nil, nil) == 0 else { return nil }
    Self.makeRaw(slave)
    close(slave)
    _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    _ = fcntl(end, F_SETFL, O_NONBLOCK)
    path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    if let link {
      unlink(link)
      symlink(path, link)
      path = link
    }
  }

  deinit { hangUp() }

  /// The device is gone.
  public func hangUp() {
    guard end >= 0 else { return }
    close(end)
    end = -1
  }

  /// Opens a terminal as an application does, or -1.
  public static func open(_ path: String) -> Int32 {
    let opened = Glibc.open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    if opened >= 0 { makeRaw(opened) }
    return opened
  }

  public static func makeRaw(_ descriptor: Int32) {
    var line = termios()
    tcgetattr(descriptor, &line)
    cfmakeraw(&line)
    tcsetattr(descriptor, TCSANOW, &line)
  }
}
