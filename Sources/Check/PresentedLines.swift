import Profile
import Trace

/// The unsolicited lines that came last, to know a report that a modem presents at several of its ports.
struct PresentedLines {
  private struct Line {
    var hash: UInt64 = 0
    var time = Instant.unknown
    /// The ports at which it came, a bit for each; 0: nothing is kept here.
    var ports: UInt64 = 0
  }

  private var lines = InlineArray<16, Line>(repeating: Line())
  private var next = 0

  /// So far apart the ports present one report at most, in nanoseconds.
  private static let window: Int64 = 5_000_000_000

  /// Whether this line came at another port just before, and not yet at this one.
  mutating func isRepeated(_ text: Span<UInt8>, at port: Port, _ time: Instant) -> Bool {
    guard port.index < 64 else { return false }
    let bit: UInt64 = 1 << UInt64(port.index)
    var hash = TextHash.seed
    for index in 0..<text.count { hash = TextHash.step(hash, text[index]) }
    for index in 0..<16 where lines[index].ports != 0 && lines[index].hash == hash {
      let isNear = time.since(lines[index].time).map { $0 >= 0 && $0 <= Self.window } ?? !time.isKnown
      if isNear, lines[index].ports & bit == 0 {
        lines[index].ports |= bit
        return true
      }
      lines[index] = Line(hash: hash, time: time, ports: bit)
      return false
    }
    lines[next] = Line(hash: hash, time: time, ports: bit)
    next = (next + 1) % 16
    return false
  }
}
