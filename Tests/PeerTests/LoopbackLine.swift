import Glibc
import Testing

/// Both ends of a TCP connection on this machine: `host` is an application, `modem` the serial server that it talks to.
final class LoopbackLine {
  let port: Int
  private(set) var host: Int32 = -1
  private(set) var modem: Int32 = -1
  private var listener: Int32 = -1

  init() throws {
    let opened = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(opened, $0, size) == 0 && getsockname(opened, $0, &size) == 0
      }
    }
    listener = opened
    port = Int(UInt16(bigEndian: address.sin_port))
    try #require(bound && listen(opened, 1) == 0, "no socket on the loopback")
  }

  deinit { hangUp() }

  /// The application connects.
  func connect() throws {
    host = try Self.connect(to: port)
    modem = accept(listener, nil, nil)
    try #require(modem >= 0)
    Self.hurry(modem)
  }

  /// Connects to a port of this machine.
  static func connect(to port: Int) throws -> Int32 {
    let opened = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    address.sin_port = UInt16(port).bigEndian
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(opened, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else {
      close(opened)
      throw NobodyListens()
    }
    hurry(opened)
    return opened
  }

  struct NobodyListens: Error {}

  private static func hurry(_ end: Int32) {
    var on: Int32 = 1
    setsockopt(end, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Closes everything: the port is free.
  func hangUp() {
    for end in [host, modem, listener] where end >= 0 { close(end) }
    (host, modem, listener) = (-1, -1, -1)
  }

  /// A command, and the modem's answer.
  func say(_ command: String, _ answer: String) {
    pass(Array(command.utf8), from: host, to: modem)
    usleep(2_000)
    pass(Array(answer.utf8), from: modem, to: host)
  }

  /// Sends bytes, and waits until the other end has them.
  func pass(_ bytes: [UInt8], from: Int32, to: Int32) {
    guard write(from, bytes, bytes.count) == bytes.count else { return }
    var rest = bytes.count
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while rest > 0 {
      let count = read(to, &buffer, buffer.count)
      guard count > 0 else { return }
      rest -= count
    }
  }
}
