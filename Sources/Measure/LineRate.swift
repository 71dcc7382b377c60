import Trace

/// How fast the line is, and how that is known.
public struct LineRate: Hashable, Sendable {
  public enum Source: Hashable, Sendable {
    /// The user said so.
    case option
    /// The log says so.
    case log
    /// A command that set it succeeded at this place (V.250 6.2.10).
    case command(place: Int)
  }

  public var bitsPerSecond: Int
  public var source: Source

  /// Start bit, eight bits, stop bit (8N1).
  static let bitsPerCharacter: Int64 = 10
  private static let limit: Nanoseconds = 1 << 58

  public init(bitsPerSecond: Int, source: Source = .log) {
    self.bitsPerSecond = bitsPerSecond
    self.source = source
  }

  /// How long so many bytes are on the line.
  func time(of bytes: Int64) -> Nanoseconds {
    guard bitsPerSecond > 0, bytes > 0 else { return 0 }
    let time = Double(bytes) * Double(Self.bitsPerCharacter) * 1e9 / Double(bitsPerSecond)
    return time < Double(Self.limit) ? Nanoseconds(time) : Self.limit
  }
}

/// The rate of each port: the one that was told, until a command sets another.
struct LineRates {
  private static let portLimit = 64
  private let told: LineRate?
  private var set: [(port: Port, rate: LineRate)] = []
  /// The first that a command set.
  private(set) var first: LineRate?

  init(told: LineRate?) { self.told = told }

  func rate(of port: Port) -> LineRate? { set.last { $0.port == port }?.rate ?? told }

  /// A command set the rate of a port; `false`: that changes nothing.
  mutating func change(_ port: Port, to bitsPerSecond: Int64, place: Int) -> Bool {
    // 0: the modem finds it by itself, so it stays what it was.
    guard bitsPerSecond > 0, bitsPerSecond <= 1_000_000_000 else { return false }
    let rate = LineRate(bitsPerSecond: Int(bitsPerSecond), source: .command(place: place))
    if first == nil { first = rate }
    if let known = set.firstIndex(where: { $0.port == port }) {
      set[known].rate = rate
    } else if set.count < Self.portLimit {
      set.append((port, rate))
    }
    return true
  }
}
