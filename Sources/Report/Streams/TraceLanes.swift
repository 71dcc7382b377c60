import Trace

/// The lanes of a timeline in trace events: their numbers, and what each holds up to now.
struct TraceLanes {
  enum Lane: Hashable {
    case host, modem, data
    /// Transfers that go on at the same time stand beside each other.
    case transfers(Int)
    case findings

    var name: String {
      switch self {
      case .host: "host"
      case .modem: "modem"
      case .data: "data phases"
      case .transfers(let number): number == 0 ? "transfers" : "transfers \(number + 1)"
      case .findings: "findings"
      }
    }

    var order: Int {
      switch self {
      case .host: 1
      case .modem: 2
      case .data: 3
      case .transfers(let number): 4 + number
      case .findings: 4 + TraceLanes.transferLanes
      }
    }
  }

  static let transferLanes = 8

  private var ports: [Port: Int] = [:]
  private var known: Set<Int> = []
  /// Where the last slice of each lane began and ended.
  private var slices: [Int: (from: Int64, to: Int64)] = [:]
  private var transfers: [Port: [Int64]] = [:]
  private(set) var latest: Int64 = 0

  /// The number of a lane, and whether it is asked for the first time.
  mutating func number(_ lane: Lane, _ port: Port) -> (number: Int, isNew: Bool) {
    let at: Int
    if let found = ports[port] {
      at = found
    } else {
      at = ports.count
      ports[port] = at
    }
    let number = at * 16 + lane.order
    return (number, known.insert(number).inserted)
  }

  /// Where a slice is drawn, so that it overlaps none before it. Where time went backwards, it begins anew.
  mutating func place(_ from: Int64, _ to: Int64, _ lane: Int) -> (from: Int64, to: Int64) {
    latest = to
    guard let last = slices[lane], from >= last.from else {
      slices[lane] = (from, to)
      return (from, to)
    }
    let start = max(from, last.to)
    let end = max(start, to)
    slices[lane] = (from, end)
    return (start, end)
  }

  /// The log's clock went backwards.
  mutating func restart() { slices.removeAll() }

  /// The first lane of a port that is free at that time; when none is, the last.
  mutating func transferLane(_ port: Port, from: Int64, to: Int64) -> Int {
    var ends = transfers[port, default: []]
    let free = ends.firstIndex { $0 <= from } ?? min(ends.count, Self.transferLanes - 1)
    if free == ends.count { ends.append(to) } else { ends[free] = max(ends[free], to) }
    transfers[port] = ends
    return free
  }
}
