import Glibc
import Synchronization
import Trace

/// A live line: two ends and the loop between them.
public final class LineSource: LiveSource, @unchecked Sendable {
  /// How a report calls the format of what no log was written of.
  public static let format = "tap"

  public let name: String
  public let canWait = false
  public let numbersItsLines = false
  public let announcements: [String]
  public let facts: LogFacts
  private let clock: LiveClock
  /// Touched by the thread that runs the source only, once it is made.
  private let relay: Relay

  private init(
    name: String, baud: Int?, clock: LiveClock, relay: Relay, announcements: [String]
  ) {
    self.name = name
    self.clock = clock
    self.relay = relay
    self.announcements = announcements
    var facts = LogFacts(format: LineSource.format)
    facts.resolution = .microsecond
    facts.baud = baud
    facts.start = clock.start
    self.facts = facts
  }

  /// A port, and a pseudo-terminal for the application in its place.
  public static func proxy(
    _ path: String, link: String?, settings: LineSettings, clock: LiveClock
  ) throws(CaptureError) -> LineSource {
    let port = try SerialPort(path: path, settings: settings, isWritable: true)
    let terminal = try PseudoTerminal(for: port, link: link)
    let shown = link.map { "\(terminal.name) (\($0))" } ?? terminal.name
    return LineSource(
      name: path, baud: port.baud, clock: clock, relay: Relay(host: terminal, modem: port, forwards: true),
      announcements: ["let the application open \(shown) in place of \(path)"])
  }

  /// Two ports, each wired to one direction of the line.
  public static func listen(
    modem: String, host: String, settings: LineSettings, clock: LiveClock
  ) throws(CaptureError) -> LineSource {
    let modemPort = try SerialPort(path: modem, settings: settings, isWritable: false)
    let hostPort = try SerialPort(path: host, settings: settings, isWritable: false)
    return LineSource(
      name: "\(modem)+\(host)", baud: modemPort.baud, clock: clock,
      relay: Relay(host: hostPort, modem: modemPort, forwards: false),
      announcements: ["listening: the modem on \(modem), the host on \(host)"])
  }

  /// A serial server in the network.
  public static func network(_ route: NetworkRoute, clock: LiveClock) throws(CaptureError) -> LineSource {
    let server = try NetworkAddress(host: route.host, port: String(route.port), listens: false)
    let own = try NetworkAddress(host: route.address, port: String(route.listen), listens: true)
    let listener = try Listener(on: own, named: "\(route.address):\(route.listen)", for: server)
    return LineSource(
      name: "\(route.host):\(route.port)", baud: nil, clock: clock,
      relay: Relay(
        host: Connection(role: "application"), modem: Connection(role: "serial server"), forwards: true,
        listener: listener, telnet: TelnetTap(server: "\(route.host):\(route.port)")),
      announcements: [
        "let the application connect to \(route.address):\(listener.port) in place of \(route.host):\(route.port)"
      ])
  }

  /// A chunk has its time from before it is passed on; it is in the queue within this span.
  private static let passage: Nanoseconds = 250_000_000

  public var settled: Instant { clock.now.advanced(by: -LineSource.passage) }

  public func run(into queue: LiveQueue, until stop: StopSignal) {
    relay.run(LineLog(queue: queue, clock: clock), until: stop)
    relay.close()
  }
}

/// `LISTEN:HOST:PORT`, or `ADDRESS:LISTEN:HOST:PORT`; a host or address with colons stands in brackets.
public struct NetworkRoute: Hashable, Sendable {
  /// Without an address only programs of this machine may connect.
  public var address = "127.0.0.1"
  public var listen: Int
  public var host: String
  public var port: Int

  public init?(_ text: String) {
    guard var parts = NetworkRoute.split(text), parts.count == 3 || parts.count == 4 else { return nil }
    if parts.count == 4 { address = parts.removeFirst() }
    guard let listen = Int(parts[0]), let port = Int(parts[2]), (0...65_535).contains(listen),
      (1...65_535).contains(port), !parts[1].isEmpty, !address.isEmpty
    else { return nil }
    self.listen = listen
    self.port = port
    host = parts[1]
  }

  private static func split(_ text: String) -> [String]? {
    var parts = [""]
    var isBracketed = false
    for character in text {
      switch character {
      case "[" where !isBracketed: isBracketed = true
      case "]" where isBracketed: isBracketed = false
      case ":" where !isBracketed: parts.append("")
      default: parts[parts.count - 1].append(character)
      }
    }
    return isBracketed ? nil : parts
  }
}
