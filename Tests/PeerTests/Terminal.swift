import Glibc
import Testing

/// A pseudo-terminal that passes all bytes as they are: `device` is for the program, `line` for the test.
struct Terminal {
  let line: Int32
  let device: Int32
  let name: String

  /// TIOCSPTLCK and TIOCGPTN, which Swift does not see.
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430

  init() throws {
    line = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var locked: Int32 = 0
    var number: Int32 = 0
    try #require(line >= 0 && ioctl(line, Self.setLock, &locked) == 0, "no pseudo-terminal")
    try #require(ioctl(line, Self.getNumber, &number) == 0)
    name = "/dev/pts/\(number)"
    device = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
    var mode = termios()
    try #require(device >= 0 && tcgetattr(device, &mode) == 0, "no terminal at \(name)")
    cfmakeraw(&mode)
    try #require(tcsetattr(device, TCSANOW, &mode) == 0)
  }
}
