import Glibc

/// Sends known bytes both ways over a line at once, and compares what arrives bit for bit.
public struct LinePump {
  public struct Way {
    public var sent = 0
    public var received = 0
    /// Where the first byte stood that was not the one sent, or -1.
    public var wrongAt = -1
    let salt: UInt64
  }

  public private(set) var toModem = Way(salt: 7)
  public private(set) var toHost = Way(salt: 1_000_003)
  private let host: Int32
  private let modem: Int32
  private var buffer = [UInt8](repeating: 0, count: 65_536)
  private let began = LinePump.now()

  /// `host`: the application's end; `modem`: the other one.
  public init(host: Int32, modem: Int32) {
    self.host = host
    self.modem = modem
  }

  /// The byte at a place of a way. Every value occurs, and no short period hides a loss.
  public static func byte(_ place: Int, salt: UInt64) -> UInt8 {
    var mixed = (UInt64(truncatingIfNeeded: place) &+ salt) &* 0x9E37_79B9_7F4A_7C15
    mixed ^= mixed >> 29
    return UInt8(truncatingIfNeeded: mixed >> 13)
  }

  /// The byte that is at a place of the saved capture.
  public func isRight(_ bytes: [UInt8], fromHost: Bool) -> Bool {
    let salt = fromHost ? toModem.salt : toHost.salt
    return bytes.indices.allSatisfy { bytes[$0] == Self.byte($0, salt: salt) }
  }

  public var isRight: Bool { toModem.wrongAt < 0 && toHost.wrongAt < 0 }

  /// Sends until `total` bytes have gone each way and arrived, at most `rate` bytes a second (`nil`: as fast as it
  /// goes); `false` when nothing moves any more. `watch` is called now and then, and ends the pumping by `false`.
  public mutating func run(total: Int, rate: Int? = nil, watch: (LinePump) -> Bool = { _ in true }) -> Bool {
    var lastMove = Self.now()
    while toModem.received < total || toHost.received < total {
      let before = toModem.received &+ toHost.received
      let now = Self.now()
      let allowed = rate.map { min(total, Int(Double($0) * Double(now - began) / 1e9)) } ?? total
      var polls = [
        pollfd(fd: host, events: Int16(POLLIN | (toModem.sent < allowed ? POLLOUT : 0)), revents: 0),
        pollfd(fd: modem, events: Int16(POLLIN | (toHost.sent < allowed ? POLLOUT : 0)), revents: 0),
      ]
      poll(&polls, 2, rate == nil ? 100 : 1)
      if Int32(polls[0].revents) & POLLOUT != 0 { Self.send(&toModem, &buffer, to: host, upTo: allowed) }
      if Int32(polls[1].revents) & POLLOUT != 0 { Self.send(&toHost, &buffer, to: modem, upTo: allowed) }
      if Int32(polls[0].revents) & POLLIN != 0 { Self.receive(&toHost, &buffer, from: host) }
      if Int32(polls[1].revents) & POLLIN != 0 { Self.receive(&toModem, &buffer, from: modem) }
      guard watch(self) else { return true }
      if toModem.received &+ toHost.received > before { lastMove = now }
      if now - lastMove > 10_000_000_000 { return false }
    }
    return true
  }

  private static func send(_ way: inout Way, _ buffer: inout [UInt8], to descriptor: Int32, upTo allowed: Int) {
    let count = min(4096, allowed - way.sent)
    guard count > 0 else { return }
    for index in 0..<count { buffer[index] = byte(way.sent + index, salt: way.salt) }
    let written = write(descriptor, buffer, count)
    if written > 0 { way.sent += written }
  }

  private static func receive(_ way: inout Way, _ buffer: inout [UInt8], from descriptor: Int32) {
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return }
    for index in 0..<count where way.wrongAt < 0 && buffer[index] != byte(way.received + index, salt: way.salt) {
      way.wrongAt = way.received + index
    }
    way.received += count
  }

  public static func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}

/// How long a question and its answer take over a line.
public enum LineLatency {
  /// Sends `count` short messages from one end, each when the one before has arrived at the other; the times in
  /// nanoseconds, in order of their length. Empty when a message was lost.
  public static func measure(from host: Int32, to modem: Int32, count: Int) -> [Int] {
    var times: [Int] = []
    let message = Array("AT+CSQ\r".utf8)
    var buffer = [UInt8](repeating: 0, count: 64)
    for _ in 0..<count {
      usleep(500)
      let start = LinePump.now()
      guard write(host, message, message.count) == message.count else { return [] }
      var received = 0
      while received < message.count {
        var state = pollfd(fd: modem, events: Int16(POLLIN), revents: 0)
        guard poll(&state, 1, 2_000) > 0 else { return [] }
        received += max(0, read(modem, &buffer, buffer.count))
      }
      times.append(LinePump.now() - start)
    }
    return times.sorted()
  }
}
