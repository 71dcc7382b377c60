import Trace

/// How one transfer went over its time, and how its blocks fared, in constant memory.
public struct TransferSeries: Sendable {
  public static let slots = 128

  public let id: UInt32
  public let direction: Direction
  public private(set) var start = Instant.unknown
  /// How wide a slot is, in nanoseconds.
  public private(set) var width: Nanoseconds = 1_000_000
  /// Payload bytes of each slot, and how many blocks were sent again in it.
  public private(set) var bytes = [Int](repeating: 0, count: slots)
  public private(set) var repeats = [Int](repeating: 0, count: slots)
  public private(set) var blocks = BlockMap()
  /// How many pieces the payload came in.
  public private(set) var pieces = 0
  private(set) var total = 0
  private var lastPiece = Instant.unknown
  var isOver = false

  init(id: UInt32, direction: Direction) {
    self.id = id
    self.direction = direction
  }

  mutating func add(_ count: Int, from first: Instant, to last: Instant) {
    total &+= count
    // However bytes are cut, what comes at one instant is one piece.
    if !last.isKnown || last != lastPiece { pieces &+= 1 }
    lastPiece = last
    if let slot = slot(of: last, from: first) { bytes[slot] &+= count }
  }

  mutating func addBlock(status: Int64, tries: Int64, from first: Instant, to last: Instant) {
    if status != 0 || tries > 1, let slot = slot(of: last, from: first) { repeats[slot] &+= 1 }
    blocks.add(status: status, tries: tries)
  }

  private mutating func slot(of instant: Instant, from first: Instant) -> Int? {
    if !start.isKnown { start = first }
    guard let distance = instant.since(start) else { return nil }
    let at = max(0, distance)
    while at / width >= Int64(Self.slots) {
      Halving.halve(&bytes)
      Halving.halve(&repeats)
      let (doubled, overflow) = width.multipliedReportingOverflow(by: 2)
      width = overflow ? .max : doubled
    }
    return Int(at / width)
  }

  public var used: Int { (bytes.indices.last { bytes[$0] > 0 || repeats[$0] > 0 } ?? -1) + 1 }
}

/// The blocks of an XMODEM transfer in a fixed number of cells; when there are more, two cells become one, as bad as
/// the worse of them.
public struct BlockMap: Sendable {
  public static let cells = 1024

  public enum State: UInt8, Sendable, Comparable {
    case clean, repeated, refused
    public static func < (a: State, b: State) -> Bool { a.rawValue < b.rawValue }
  }

  private var full: [State] = []
  private var filling = State.clean
  private var inFilling = 0
  private var pending = false
  /// How many blocks one cell stands for.
  public private(set) var perCell = 1
  public private(set) var count = 0

  mutating func add(status: Int64, tries: Int64) {
    switch status {
    case 0:
      pending = false
      append(tries > 1 ? .repeated : .clean)
    case 2: if !full.isEmpty { full[full.count - 1] = max(full[full.count - 1], .repeated) }
    default: pending = true
    }
  }

  private mutating func append(_ state: State) {
    count &+= 1
    filling = max(filling, state)
    inFilling += 1
    guard inFilling >= perCell else { return }
    full.append(filling)
    filling = .clean
    inFilling = 0
    guard full.count >= Self.cells else { return }
    full = stride(from: 0, to: full.count, by: 2).map { max(full[$0], $0 + 1 < full.count ? full[$0 + 1] : .clean) }
    perCell = min(perCell * 2, 1 << 40)
  }

  /// All cells; the last one is the block that was refused to the end, if there is one.
  public var states: [State] {
    full + (inFilling > 0 ? [filling] : []) + (pending ? [.refused] : [])
  }
}
