import Trace

/// The transactions of a trace that a report lists: all, while they are few; else those with findings, the slowest,
/// the first and the last, and the neighbours of each.
///
/// What is chosen is the same for every prefix of the trace, so it does not matter when the list is thinned out.
struct TransactionList {
  /// So many are kept before the list is thinned out, and so many of the latest stay even then: their findings may
  /// still come.
  static let capacity = 8000
  static let recent = 1000
  static let withFindings = 600
  static let slowest = 200
  static let ends = 25
  static let openLimit = 64

  private(set) var entries: [ChronicleEntry] = []
  /// Numbers of the transactions that are not over, in the order in which they began.
  private var open: [UInt32] = []

  mutating func begin(_ entry: ChronicleEntry) {
    if open.count >= Self.openLimit { open.removeFirst() }
    open.append(entry.number)
    entries.append(entry)
  }

  mutating func change(_ number: UInt32, _ body: (inout ChronicleEntry) -> Void) {
    guard number > 0, let at = index(of: number) else { return }
    body(&entries[at])
  }

  mutating func close(_ number: UInt32, _ body: (inout ChronicleEntry) -> Void) {
    open.removeAll { $0 == number }
    change(number, body)
  }

  /// Whether the first line of its answer has not come yet.
  func wantsAnswer(_ number: UInt32) -> Bool { index(of: number).map { entries[$0].answers == 0 } ?? false }

  /// Numbers rise, so the list is sorted by them.
  private func index(of number: UInt32) -> Int? {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].number == number ? low : nil
  }

  /// Counts a finding at the transaction at whose lines it stands.
  mutating func mark(_ position: Position) {
    guard let at = owner(of: position) else { return }
    entries[at].findings += 1
  }

  /// The latest transaction that began at or before a place. Where the list was thinned out, nobody knows.
  private func owner(of position: Position) -> Int? {
    var at = entries.count - 1
    while at >= 0, entries[at].place > position.place || entries[at].port != position.port { at -= 1 }
    guard at >= 0 else { return nil }
    let isFollowed = at + 1 >= entries.count || entries[at + 1].number == entries[at].number &+ 1
    return isFollowed || entries[at].lastPlace >= position.place ? at : nil
  }

  mutating func thinOut() {
    guard entries.count >= Self.capacity else { return }
    let latest = entries.count - Self.recent
    let kept = interesting()
    var result: [ChronicleEntry] = []
    for at in entries.indices where at >= latest || kept[at] || open.contains(entries[at].number) {
      result.append(entries[at])
    }
    entries = result
  }

  /// At most `limit` transactions, by their numbers.
  func selection(_ limit: Int) -> [ChronicleEntry] {
    guard entries.count > limit else { return entries }
    let kept = interesting()
    let chosen = entries.indices.filter { kept[$0] }
    guard chosen.count > limit else { return chosen.map { entries[$0] } }
    // Neighbours go first.
    let core = chosen.filter { entries[$0].findings > 0 }.prefix(limit)
    return core.map { entries[$0] }
  }

  private func interesting() -> [Bool] {
    var isKept = [Bool](repeating: false, count: entries.count)
    func keep(_ at: Int) {
      for near in at - 1...at + 1 where isKept.indices.contains(near) {
        // A neighbour is the one before or behind in the trace, not in what is left of it.
        let gap = Int(entries[near].number) - Int(entries[at].number)
        if gap >= -1, gap <= 1 { isKept[near] = true }
      }
    }
    for at in entries.indices.filter({ entries[$0].findings > 0 }).prefix(Self.withFindings) { keep(at) }
    let slow = entries.indices.filter { entries[$0].wait >= 0 }.sorted {
      (entries[$1].wait, entries[$0].number) < (entries[$0].wait, entries[$1].number)
    }
    for at in slow.prefix(Self.slowest) { keep(at) }
    for at in entries.indices.prefix(Self.ends) { keep(at) }
    for at in entries.indices.suffix(Self.ends) { keep(at) }
    return isKept
  }
}
