/// Looks up names given as bytes, without regard to case, without making a String.
///
/// Open addressing over a power of two; names with the same text form a chain in the order of insertion.
struct NameIndex: Sendable {
  private var keys: [[UInt8]] = []
  private var values: [Int] = []
  private var chain: [Int: Int] = [:]
  private var slots: [Int32] = Array(repeating: -1, count: 64)

  mutating func insert(_ key: [UInt8], _ value: Int) {
    let folded = key.map(Self.fold)
    if let slot = slot(of: folded.span), slots[slot] >= 0 {
      var last = values[Int(slots[slot])]
      while let next = chain[last] { last = next }
      if last != value { chain[last] = value }
      return
    }
    if (keys.count + 1) * 2 > slots.count { grow() }
    keys.append(folded)
    values.append(value)
    if let slot = slot(of: folded.span) { slots[slot] = Int32(keys.count - 1) }
  }

  func find(_ name: Span<UInt8>) -> Int {
    guard let slot = slot(of: name), slots[slot] >= 0 else { return -1 }
    return values[Int(slots[slot])]
  }

  func next(after value: Int) -> Int { chain.isEmpty ? -1 : (chain[value] ?? -1) }

  /// The slot that holds `name`, or the free one where it would go.
  private func slot(of name: Span<UInt8>) -> Int? {
    let mask = slots.count - 1
    var hash: UInt32 = 2_166_136_261
    for index in name.indices { hash = (hash ^ UInt32(Self.fold(name[index]))) &* 16_777_619 }
    var at = Int(hash) & mask
    for _ in 0...mask {
      let key = slots[at]
      if key < 0 || matches(Int(key), name) { return at }
      at = (at + 1) & mask
    }
    return nil
  }

  private func matches(_ key: Int, _ name: Span<UInt8>) -> Bool {
    let stored = keys[key]
    guard stored.count == name.count else { return false }
    for index in name.indices where stored[index] != Self.fold(name[index]) { return false }
    return true
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for (index, key) in keys.enumerated() {
      if let slot = slot(of: key.span) { slots[slot] = Int32(index) }
    }
  }

  static func fold(_ byte: UInt8) -> UInt8 { byte >= 0x61 && byte <= 0x7A ? byte & 0xDF : byte }
}
