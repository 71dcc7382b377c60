import Trace

/// How much was said when, in a fixed number of slots: when the trace outgrows them, two become one.
public struct Activity: Sendable {
  public static let slots = 512

  /// Where the first slot begins; `nil`: nothing came yet.
  public private(set) var origin: Int64?
  /// How wide a slot is: nanoseconds, or lines where the log has no time.
  public private(set) var width: Int64
  /// Bytes of each slot.
  public private(set) var host = [Int](repeating: 0, count: slots)
  public private(set) var modem = [Int](repeating: 0, count: slots)

  init(width: Int64) { self.width = max(1, width) }

  mutating func add(_ bytes: Int, of direction: Direction, at coordinate: Int64) {
    guard bytes > 0 else { return }
    let origin = origin ?? coordinate
    self.origin = origin
    let (distance, overflow) = coordinate.subtractingReportingOverflow(origin)
    guard !overflow else { return }
    let at = max(0, distance)
    while at / width >= Int64(Self.slots) { double() }
    let slot = Int(at / width)
    if direction == .hostToModem { host[slot] &+= bytes } else { modem[slot] &+= bytes }
  }

  private mutating func double() {
    Halving.halve(&host)
    Halving.halve(&modem)
    let (doubled, overflow) = width.multipliedReportingOverflow(by: 2)
    width = overflow ? .max : doubled
  }

  /// The slots up to the last one with anything in it.
  public var used: Int {
    (host.indices.last { host[$0] > 0 || modem[$0] > 0 } ?? -1) + 1
  }
}

/// Makes half the slots of all, each the sum of two; their number stays.
enum Halving {
  static func halve(_ values: inout [Int]) {
    for at in values.indices {
      let from = at * 2
      values[at] = from + 1 < values.count ? values[from] &+ values[from + 1] : from < values.count ? values[from] : 0
    }
  }
}
