/// Joins the blocks of a capture, so that whoever takes records from it sees each one whole.
///
/// Bytes are copied only around the borders of blocks. Invariant: what is kept is less than one record.
struct PacketBuffer: Sendable {
  private var kept: [UInt8] = []

  /// Hands over all bytes that are there; `take` returns how many it has used.
  mutating func feed(_ block: Span<UInt8>, _ take: (PacketBytes) -> Int) {
    block.withUnsafeBytes { new in
      guard kept.isEmpty else {
        kept.append(contentsOf: new)
        let used = kept.withUnsafeBytes { take(PacketBytes($0)) }
        kept.removeFirst(min(used, kept.count))
        return
      }
      let used = min(take(PacketBytes(new)), new.count)
      kept.append(contentsOf: new[used...])
    }
  }

  /// The rest, when no more comes.
  mutating func finish(_ take: (PacketBytes) -> Int) -> Int {
    let used = kept.withUnsafeBytes { take(PacketBytes($0)) }
    kept.removeFirst(min(used, kept.count))
    return kept.count
  }
}
