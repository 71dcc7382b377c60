import Glibc
import Trace

/// The loop of a line: reads both ends, passes on what it reads, and only then writes it down.
///
/// Nothing in here waits for anything but the devices: saving and decoding have threads and queues of their own.
final class Relay {
  /// How often modem lines, settings and absent ports are looked at.
  private static let tick: Nanoseconds = 10_000_000
  private static let readSize = 16_384

  private let host: any LineEnd
  private let modem: any LineEnd
  /// Two ports that are only listened to do not get each other's bytes.
  private let forwards: Bool
  private let listener: Listener?
  /// Where the ends may talk telnet.
  private var telnet: TelnetTap?
  private var toModem = Outbox()
  private var toHost = Outbox()
  private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Relay.readSize)
  private var plain: [UInt8] = []
  private var marks: [ParityMarks.Place] = []

  init(host: any LineEnd, modem: any LineEnd, forwards: Bool, listener: Listener? = nil, telnet: TelnetTap? = nil) {
    self.host = host
    self.modem = modem
    self.forwards = forwards
    self.listener = listener
    self.telnet = telnet
  }

  deinit { buffer.deallocate() }

  func run(_ log: LineLog, until stop: StopSignal) {
    var nextTick: Nanoseconds = 0
    var polls = [pollfd](repeating: pollfd(), count: 4)
    while true {
      let now = LiveClock.monotonic()
      if now >= nextTick {
        host.tend(log)
        modem.tend(log)
        nextTick = LiveClock.monotonic() &+ Relay.tick
      }
      polls[0] = pollfd(fd: stop.descriptor, events: Int16(POLLIN), revents: 0)
      polls[1] = interest(of: host, toIt: toHost, fromIt: toModem)
      polls[2] = interest(of: modem, toIt: toModem, fromIt: toHost)
      polls[3] = pollfd(fd: listener?.descriptor ?? -1, events: Int16(POLLIN), revents: 0)
      let patience = max(0, (nextTick &- LiveClock.monotonic() &+ 999_999) / 1_000_000)
      guard poll(&polls, 4, Int32(clamping: patience)) > 0 else { continue }
      if polls[0].revents != 0 { return }
      if polls[3].revents != 0, listener?.accept(host, modem, log) == true { telnet?.restart() }
      serve(polls[1].revents, from: host, to: modem, toIt: &toHost, toOther: &toModem, .hostToModem, log)
      serve(polls[2].revents, from: modem, to: host, toIt: &toModem, toOther: &toHost, .modemToHost, log)
      listener?.settle(host, modem, toHost: &toHost, toModem: &toModem)
    }
  }

  func close() {
    host.close()
    modem.close()
    listener?.close()
  }

  private func interest(of end: any LineEnd, toIt: Outbox, fromIt: Outbox) -> pollfd {
    var events: Int32 = 0
    if end.isReadable, !fromIt.isFull { events |= Int32(POLLIN) }
    if !toIt.isEmpty || end.isConnecting { events |= Int32(POLLOUT) }
    // An end that hung up would be reported over and over: it is asked only when there is something to do.
    return pollfd(fd: events == 0 ? -1 : end.descriptor, events: Int16(events), revents: 0)
  }

  private func serve(
    _ events: Int16, from end: any LineEnd, to other: any LineEnd, toIt: inout Outbox, toOther: inout Outbox,
    _ direction: Direction, _ log: LineLog
  ) {
    guard events != 0, end.descriptor >= 0 else { return }
    if Int32(events) & POLLOUT != 0 {
      if end.isConnecting { end.becameWritable(log) }
      let code = toIt.flush(to: end.descriptor)
      if code != 0 { lose(end, code, &toIt, log) }
    }
    guard Int32(events) & (POLLIN | POLLHUP | POLLERR | POLLNVAL) != 0, end.descriptor >= 0, end.isReadable else {
      return
    }
    let count = read(end.descriptor, buffer.baseAddress, buffer.count)
    if count > 0 {
      pass(UnsafeBufferPointer(rebasing: buffer[..<count]), from: end, to: other, &toOther, direction, log)
    } else if count == 0 || errno != EAGAIN && errno != EINTR {
      lose(end, count == 0 ? 0 : errno, &toIt, log)
    }
  }

  private func lose(_ end: any LineEnd, _ code: Int32, _ toIt: inout Outbox, _ log: LineLog) {
    end.lost(code, log)
    if end.descriptor < 0, !end.keepsBytesWhileAway { toIt.removeAll() }
  }

  private func pass(
    _ bytes: UnsafeBufferPointer<UInt8>, from end: any LineEnd, to other: any LineEnd, _ outbox: inout Outbox,
    _ direction: Direction, _ log: LineLog
  ) {
    let instant = log.clock.now
    plain.removeAll(keepingCapacity: true)
    marks.removeAll(keepingCapacity: true)
    end.decode(bytes, into: &plain, &marks)
    plain.withUnsafeBufferPointer { plain in
      if forwards {
        other.prepare(log)
        end.prepare(log)
        forward(plain, to: other, &outbox, log)
      }
      if telnet != nil {
        telnet?.take(plain, direction, at: instant, into: log.queue)
        return
      }
      var start = 0
      for place in marks where place.offset <= plain.count && place.offset >= start {
        log.data(UnsafeBufferPointer(rebasing: plain[start..<place.offset]), direction, at: instant)
        switch place.mark {
        case .lineBreak: log.control("break")
        case .damaged(let byte): log.control("damaged-byte=\(byte)")
        }
        start = place.offset
      }
      log.data(UnsafeBufferPointer(rebasing: plain[start...]), direction, at: instant)
    }
  }

  private func forward(
    _ bytes: UnsafeBufferPointer<UInt8>, to other: any LineEnd, _ outbox: inout Outbox, _ log: LineLog
  ) {
    guard other.descriptor >= 0 || other.keepsBytesWhileAway else { return }
    let code = outbox.send(bytes, to: other.isConnecting ? -1 : other.descriptor)
    if code != 0 { lose(other, code, &outbox, log) }
  }
}

/// Waits for the application that wants to reach the serial server.
final class Listener {
  private(set) var descriptor: Int32 = -1
  private let server: NetworkAddress
  /// The port that it listens on: the one that was asked for, or the one that the system chose for 0.
  private(set) var port = 0

  init(on address: NetworkAddress, named name: String, for server: NetworkAddress) throws(CaptureError) {
    self.server = server
    descriptor = socket(Int32(address.family), Int32(SOCK_STREAM.rawValue) | O_NONBLOCK | O_CLOEXEC, 0)
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    guard descriptor >= 0, address.withSockaddr({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, 4) == 0 else {
      throw CaptureError(name, doing: "listen there", code: errno)
    }
    var storage = sockaddr_in6()
    var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
    withUnsafeMutablePointer(to: &storage) { pointer in
      _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    // The port stands at the same place in both kinds of addresses.
    port = Int(UInt16(bigEndian: storage.sin6_port))
  }

  deinit { close() }

  /// A serial server has one line: a second application is turned away.
  /// Whether a connection begins.
  func accept(_ host: any LineEnd, _ modem: any LineEnd, _ log: LineLog) -> Bool {
    let accepted = Glibc.accept(descriptor, nil, nil)
    guard accepted >= 0 else { return false }
    _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
    _ = fcntl(accepted, F_SETFL, O_NONBLOCK)
    guard let host = host as? Connection, let modem = modem as? Connection, host.descriptor < 0, modem.descriptor < 0
    else {
      Glibc.close(accepted)
      log.remark("a second application was turned away")
      return false
    }
    guard modem.connect(to: server) else {
      Glibc.close(accepted)
      log.remark("the serial server cannot be reached")
      return false
    }
    host.open(accepted)
    log.remark("an application connected")
    return true
  }

  /// Hands the end of one connection on to the other, and closes both when nothing is left to say.
  func settle(_ host: any LineEnd, _ modem: any LineEnd, toHost: inout Outbox, toModem: inout Outbox) {
    guard let host = host as? Connection, let modem = modem as? Connection else { return }
    if host.descriptor >= 0, host.isFinished, toModem.isEmpty { modem.finishWriting() }
    if modem.descriptor >= 0, modem.isFinished, toHost.isEmpty { host.finishWriting() }
    let hostIsDone = host.descriptor < 0 || host.isFinished && toModem.isEmpty
    let modemIsDone = modem.descriptor < 0 || modem.isFinished && toHost.isEmpty
    // One that broke takes the other with it.
    guard hostIsDone && modemIsDone || (host.descriptor < 0) != (modem.descriptor < 0) && toHost.isEmpty else { return }
    host.close()
    modem.close()
    toHost.removeAll()
    toModem.removeAll()
  }

  func close() {
    guard descriptor >= 0 else { return }
    Glibc.close(descriptor)
    descriptor = -1
  }
}
