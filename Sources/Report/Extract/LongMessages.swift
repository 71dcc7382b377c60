import Trace

/// Puts the parts of long short messages together.
struct LongMessages {
  private struct Long {
    var key: [Int64]
    var texts: [Int64: [UInt8]] = [:]
  }

  /// So many are awaited at one time; the oldest is given up.
  private static let limit = 64
  private var open: [Long] = []

  /// Adds a message; gives the whole text when its last part has come. `fields` are those of the event.
  mutating func add(_ fields: [Int64], _ text: [UInt8], _ direction: Direction) -> [UInt8]? {
    let (reference, parts, part, address) = (fields[6], fields[7], fields[8], fields[13])
    guard parts > 1 else { return nil }
    let key = [reference, parts, address, direction == .hostToModem ? 1 : 0]
    let at: Int
    if let found = open.firstIndex(where: { $0.key == key }) {
      at = found
    } else {
      if open.count >= Self.limit { open.removeFirst() }
      open.append(Long(key: key))
      at = open.count - 1
    }
    open[at].texts[part] = text
    guard open[at].texts.count >= parts else { return nil }
    let whole = open.remove(at: at)
    return (1...parts).flatMap { whole.texts[$0] ?? [] }
  }
}
