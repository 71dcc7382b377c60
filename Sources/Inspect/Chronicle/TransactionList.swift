import Trace

/// The transactions of a trace that a report lists: all, while they are few; else those with findings, those that
/// failed, the slowest, the first and the last, and the neighbours of each.
///
/// What is thinned out of a prefix of the trace is not chosen of the whole either, so it does not matter when that is
/// done.
struct TransactionList {
  /// So many are kept before the list is thinned out, and so many of the latest stay even then: their findings may
  /// still come.
  static let capacity = 8000
  static let recent = 1000
  /// Of a list of `full`, so many at most have findings, failed, were slow, or stand at either end.
  static let full = 2000
  static let withFindings = 600
  static let failed = 300
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
    var isKept = chosen(Self.full)
    for at in neighbours(of: isKept) { isKept[at] = true }
    var result: [ChronicleEntry] = []
    for at in entries.indices where at >= latest || isKept[at] || open.contains(entries[at].number) {
      result.append(entries[at])
    }
    entries = result
  }

  /// At most `limit` transactions, by their numbers.
  func selection(_ limit: Int) -> [ChronicleEntry] {
    guard entries.count > limit else { return entries }
    var isKept = chosen(min(limit, Self.full))
    let room = max(0, limit - isKept.count(where: \.self))
    for at in neighbours(of: isKept).prefix(room) { isKept[at] = true }
    return entries.indices.filter { isKept[$0] }.map { entries[$0] }
  }

  /// What is kept for its own sake, of a list of `limit`.
  private func chosen(_ limit: Int) -> [Bool] {
    func share(_ number: Int) -> Int { number * limit / Self.full }
    var isKept = [Bool](repeating: false, count: entries.count)
    for at in entries.indices.filter({ entries[$0].findings > 0 }).prefix(share(Self.withFindings)) {
      isKept[at] = true
    }
    let failed = entries.indices.filter { entries[$0].outcome == .failed || entries[$0].outcome == .unanswered }
    for at in failed.prefix(share(Self.failed)) { isKept[at] = true }
    let slow = entries.indices.filter { entries[$0].wait >= 0 }.sorted {
      (entries[$1].wait, entries[$0].number) < (entries[$0].wait, entries[$1].number)
    }
    for at in slow.prefix(share(Self.slowest)) { isKept[at] = true }
    for at in entries.indices.prefix(share(Self.ends)) { isKept[at] = true }
    for at in entries.indices.suffix(share(Self.ends)) { isKept[at] = true }
    return isKept
  }

  /// Those before and behind in the trace, not in what is left of it.
  private func neighbours(of isKept: [Bool]) -> [Int] {
    entries.indices.filter { at in
      guard !isKept[at] else { return false }
      let isBefore = at + 1 < entries.count && isKept[at + 1] && entries[at + 1].number == entries[at].number &+ 1
      let isBehind = at > 0 && isKept[at - 1] && entries[at].number == entries[at - 1].number &+ 1
      return isBefore || isBehind
    }
  }
}
