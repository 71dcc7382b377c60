import Trace

/// Overwrites the secrets of a trace by pseudonyms, byte for byte: the trace keeps its shape and gives the same findings.
///
/// `learn` takes the whole trace, then `apply` takes it again.
public struct TraceMask: Sendable {
  /// Data longer than this are overwritten without being remembered.
  static let keptBytes = 4096
  /// Values are remembered up to this many bytes altogether.
  static let memory = 128 << 20

  private let secrets: SecretRanges
  /// By stream, at the index of the entry: its bytes, then its pseudonym.
  private var values: [StreamKey: [[UInt8]]] = [:]
  private var offsets: [StreamKey: UInt64] = [:]
  private var isSettled = false
  private var names = Pseudonyms()

  /// `secrets` must be sealed.
  public init(_ secrets: SecretRanges) {
    self.secrets = secrets
    var room = Self.memory
    for (key, entries) in secrets.entries {
      values[key] = entries.map { entry in
        let size = Int(clamping: entry.range.upperBound &- entry.range.lowerBound)
        guard size <= Self.keptBytes, size <= room else { return [] }
        room -= size
        return [UInt8](repeating: 0, count: size)
      }
    }
  }

  // MARK: The values

  public mutating func learn(_ batch: borrowing ChunkBatch) {
    for chunk in batch.chunks where chunk.kind == .data && chunk.start + chunk.count <= batch.bytes.count {
      let key = StreamKey(port: chunk.port, direction: chunk.direction)
      let bytes = batch.bytes[chunk.start..<chunk.start + chunk.count]
      visit(key, bytes) { place, byte, mask in
        guard mask.values[place.key]?[place.entry].indices.contains(place.position) == true else { return }
        mask.values[place.key]?[place.entry][place.position] = byte
      }
    }
  }

  /// Where a byte stands among the values.
  private struct Place {
    var key: StreamKey
    var entry: Int
    var position: Int
    /// In the bytes at hand.
    var index: Int
  }

  /// Goes through the bytes that are secret, and moves on in their stream.
  private mutating func visit(
    _ key: StreamKey, _ bytes: ArraySlice<UInt8>, _ body: (Place, UInt8, inout TraceMask) -> Void
  ) {
    let begin = offsets[key] ?? 0
    let end = begin &+ UInt64(bytes.count)
    offsets[key] = end
    if let entries = secrets.entries[key] {
      var at = SecretRanges.first(in: entries, behind: begin)
      while at < entries.count, entries[at].range.lowerBound < end {
        let lower = entries[at].range.lowerBound
        for offset in entries[at].range.clamped(to: begin..<end) {
          let index = bytes.startIndex + Int(offset - begin)
          body(Place(key: key, entry: at, position: Int(offset - lower), index: index), bytes[index], &self)
        }
        at += 1
      }
    }
    guard let pieces = secrets.pieces[key] else { return }
    var at = SecretRanges.first(in: pieces, behind: begin)
    while at < pieces.count, pieces[at].range.lowerBound < end {
      let piece = pieces[at]
      for offset in piece.range.clamped(to: begin..<end) {
        let index = bytes.startIndex + Int(offset - begin)
        let carried = piece.offset &+ (offset - piece.range.lowerBound)
        guard let place = self.place(piece.stream, carried, index) else { continue }
        body(place, bytes[index], &self)
      }
      at += 1
    }
  }

  private func place(_ key: StreamKey, _ offset: UInt64, _ index: Int) -> Place? {
    guard let entries = secrets.entries[key] else { return nil }
    let at = SecretRanges.first(in: entries, behind: offset)
    guard at < entries.count, entries[at].range.contains(offset) else { return nil }
    return Place(key: key, entry: at, position: Int(offset - entries[at].range.lowerBound), index: index)
  }

  // MARK: The pseudonyms

  /// All values are known: gives each its pseudonym.
  private mutating func settle() {
    isSettled = true
    offsets.removeAll()
    var names = Pseudonyms()
    // In an order that is the same each time.
    let keys = values.keys.sorted {
      ($0.port.index, $0.direction.rawValue) < ($1.port.index, $1.direction.rawValue)
    }
    for key in keys { for value in values[key] ?? [] { names.note(value) } }
    for key in keys {
      guard let entries = secrets.entries[key], let known = values[key] else { continue }
      let messages = secrets.messages[key] ?? []
      for (index, value) in known.enumerated() where !value.isEmpty && entries.indices.contains(index) {
        values[key]?[index] =
          switch entries[index].kind {
          case .frames: AuthenticationMask.masked(value, UInt64(index))
          case .value: TextMask.value(value, entries[index].mask, &names)
          case .body: Self.body(value, entries[index], messages, &names)
          }
      }
    }
    self.names = names
  }

  /// Messages in PDU form by their build, what is beside them as text.
  private static func body(
    _ value: [UInt8], _ entry: SecretRanges.Entry, _ messages: Set<UInt64>, _ names: inout Pseudonyms
  ) -> [UInt8] {
    let offset = entry.range.lowerBound
    var starts = messages.isEmpty ? [] : value.indices.filter { messages.contains(offset &+ UInt64($0)) }
    guard !starts.isEmpty else { return TextMask.lines(value, isMailbox: entry.isMailbox, &names) }
    starts.append(value.count)
    var result: [UInt8] = starts[0] > 0 ? names.pseudonym(of: Array(value[..<starts[0]])) : []
    for (from, to) in zip(starts, starts.dropFirst()) {
      result += MessageMask.masked(Array(value[from..<to]), &names)
    }
    return result
  }

  // MARK: Writing

  public mutating func apply(to batch: inout ChunkBatch) {
    if !isSettled { settle() }
    var open: [StreamKey: [Int]] = [:]
    for chunk in batch.chunks where chunk.start + chunk.count <= batch.bytes.count {
      let range = chunk.start..<chunk.start + chunk.count
      switch chunk.kind {
      case .data:
        let key = StreamKey(port: chunk.port, direction: chunk.direction)
        var changes: [(Int, UInt8)] = []
        visit(key, batch.bytes[range]) { place, byte, mask in
          changes.append((place.index, mask.masked(byte, place)))
        }
        for (index, byte) in changes { batch.bytes[index] = byte }
        // Frames and blocks have sums over their bytes.
        let isText = batch.bytes[range].allSatisfy { (0x08...0x7E).contains($0) || $0 == 0x1A }
        let done = Set(changes.map(\.0))
        open[key, default: []] += range.map { isText && !done.contains($0) ? $0 : -1 }
      // No decoder has seen these, so nothing tells what in them is secret.
      case .remark, .malformed:
        for index in range where Self.isAlphanumeric(batch.bytes[index]) { batch.bytes[index] = UInt8(ascii: "*") }
      case .control, .gap, .clockStep: break
      }
    }
    for places in open.values { replaceElsewhere(&batch.bytes, places) }
  }

  /// A secret may stand once more where no grammar expects it. `places`: of a stream's bytes, -1 where one is no text.
  private func replaceElsewhere(_ bytes: inout [UInt8], _ places: [Int]) {
    var word: [Int] = []
    for place in places + [-1] {
      if place >= 0, TextMask.isWord(bytes[place]) {
        word.append(place)
        continue
      }
      if word.count >= Self.leastElsewhere, let other = pseudonym(elsewhere: word.map { bytes[$0] }) {
        for (at, byte) in zip(word, other) { bytes[at] = byte }
      }
      word.removeAll(keepingCapacity: true)
    }
  }

  /// Shorter words come about by chance.
  private static let leastElsewhere = 6

  private func pseudonym(elsewhere word: [UInt8]) -> [UInt8]? {
    // Words of letters alone may be anybody's.
    guard word.contains(where: TextMask.isDigit) || word.contains(0x40) else { return nil }
    let digits = word.first == 0x2B ? Array(word.dropFirst()) : word
    if digits.allSatisfy(TextMask.isDigit), digits.count >= 7, digits.count <= 13 {
      guard let other = names.known(number: digits) else { return nil }
      return Array(word.prefix(word.count - digits.count)) + other
    }
    return names.known(word)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      || byte >= 0x80
  }

  private func masked(_ byte: UInt8, _ place: Place) -> UInt8 {
    if let value = values[place.key]?[place.entry], value.indices.contains(place.position) {
      return value[place.position]
    }
    let noise = Pseudonyms.noise(UInt64(place.entry), UInt64(place.position))
    // What came before is not at hand: any digit but zero may stand first.
    return Pseudonyms.shaped(byte, after: byte == 0x30 ? 0x30 : 0, noise: noise, isHex: false)
  }
}
