import Glibc
import Trace

/// One end of a connection that is passed on to a serial server.
final class Connection: LineEnd {
  private(set) var descriptor: Int32 = -1
  private(set) var isConnecting = false
  /// The other side has said that it sends no more.
  private(set) var isFinished = false
  private let role: String

  var keepsBytesWhileAway: Bool { false }
  var isReadable: Bool { !isFinished && !isConnecting }

  init(role: String) { self.role = role }
  deinit { close() }

  /// Takes an accepted connection over.
  func open(_ accepted: Int32) { begin(accepted, isConnecting: false) }

  /// Begins to connect; `false` when that fails at once.
  func connect(to address: NetworkAddress) -> Bool {
    let opened = socket(Int32(address.family), Int32(SOCK_STREAM.rawValue) | O_NONBLOCK | O_CLOEXEC, 0)
    guard opened >= 0 else { return false }
    let status = address.withSockaddr { Glibc.connect(opened, $0, $1) }
    guard status == 0 || errno == EINPROGRESS else {
      Glibc.close(opened)
      return false
    }
    begin(opened, isConnecting: status != 0)
    return true
  }

  private func begin(_ opened: Int32, isConnecting: Bool) {
    descriptor = opened
    self.isConnecting = isConnecting
    isFinished = false
    // Small pieces go out at once, as on a serial line.
    var on: Int32 = 1
    setsockopt(opened, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  func becameWritable(_ log: LineLog) {
    guard isConnecting else { return }
    isConnecting = false
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
    if code != 0 { lost(code, log) } else { log.remark("\(role): connected") }
  }

  func lost(_ code: Int32, _ log: LineLog) {
    guard descriptor >= 0 else { return }
    if code == 0 {
      if !isFinished { log.remark("\(role): the connection is at its end") }
      isFinished = true
    } else {
      log.gap("\(role): the connection broke (\(String(cString: strerror(code))))")
      close()
    }
  }

  func finishWriting() {
    if descriptor >= 0 { shutdown(descriptor, Int32(SHUT_WR)) }
  }

  func close() {
    guard descriptor >= 0 else { return }
    Glibc.close(descriptor)
    descriptor = -1
    isConnecting = false
    isFinished = true
  }
}

/// An address of a host and a port, as the system looked it up.
struct NetworkAddress {
  private var bytes: [UInt8]
  let family: Int32

  /// Looks a host up; the first address counts.
  init(host: String, port: String, listens: Bool) throws(CaptureError) {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV | (listens ? AI_PASSIVE : 0)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, port, &hints, &list)
    defer { if list != nil { freeaddrinfo(list) } }
    guard status == 0, let first = list?.pointee, let address = first.ai_addr else {
      throw CaptureError("\(host):\(port)", "no such host or port; check the name")
    }
    family = first.ai_family
    bytes = Array(UnsafeRawBufferPointer(start: address, count: Int(first.ai_addrlen)))
  }

  func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    var storage = sockaddr_storage()
    withUnsafeMutableBytes(of: &storage) { $0.copyBytes(from: bytes.prefix($0.count)) }
    let size = socklen_t(min(bytes.count, MemoryLayout<sockaddr_storage>.size))
    return withUnsafePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
    }
  }
}
