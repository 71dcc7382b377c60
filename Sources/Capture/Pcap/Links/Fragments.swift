import Trace

/// Puts fragments of IP packets together, in any order, each byte as it came first.
///
/// What never becomes whole is dropped: the segment is then missing in its stream, which is told there.
struct Fragments: Sendable {
  /// How many packets are put together at one time; the oldest makes room.
  static let packetLimit = 32
  /// How many pieces one packet may have: more of them are sent by nobody with good intentions.
  static let pieceLimit = 128
  private static let sizeLimit = 65_535

  fileprivate struct Key: Hashable, Sendable {
    var source: (UInt64, UInt64)
    var target: (UInt64, UInt64)
    var number: UInt32

    static func == (a: Key, b: Key) -> Bool {
      a.source == b.source && a.target == b.target && a.number == b.number
    }
    func hash(into hasher: inout Hasher) { hasher.combine(number) }
  }

  private struct Open: Sendable {
    var key: Key
    /// The head of an IP packet that is no fragment, once the first one has come.
    var head: [UInt8] = []
    var body: [UInt8] = []
    /// Which parts of `body` are there: sorted, without touching each other.
    var there: [Range<Int>] = []
    /// How long the body is, once the last one has come.
    var length: Int?
  }

  /// One fragment, looked at in place.
  struct Piece {
    fileprivate var key: Key
    fileprivate var head: [UInt8]
    fileprivate var offset: Int
    fileprivate var isLast: Bool
    fileprivate var body: PacketBytes

    /// `nil` for a packet that is whole, or none of TCP.
    @inline(__always)
    init?(_ bytes: PacketBytes) {
      switch bytes[0] >> 4 {
      case 4:
        guard bytes.number16(6, big: true) & 0x3FFF != 0 else { return nil }
        self.init(version4: bytes)
      case 6:
        // Behind no other header but one of options may it stand; few stacks put any.
        guard bytes[6] == Piece.fragment || bytes[6] == 0 && bytes[40] == Piece.fragment else { return nil }
        self.init(version6: bytes)
      default: return nil
      }
    }

    private static let tcp: UInt8 = 6
    private static let fragment: UInt8 = 44

    private init?(version4 bytes: PacketBytes) {
      let length = Int(bytes[0] & 15) * 4
      let total = bytes.number16(2, big: true)
      guard bytes.count >= 20, length >= 20, bytes[9] == Piece.tcp, total >= length else { return nil }
      let field = bytes.number16(6, big: true)
      key = Key(
        source: (0, UInt64(bytes.number32(12, big: true))), target: (0, UInt64(bytes.number32(16, big: true))),
        number: UInt32(bytes.number16(4, big: true)))
      offset = (field & 0x1FFF) * 8
      isLast = field & 0x2000 == 0
      // Without options, without a fragment's place, the length left open.
      head = [0x45] + Array(bytes.piece(1, 19))
      for index in [2, 3, 6, 7] where index < head.count { head[index] = 0 }
      body = bytes.piece(length, total - length)
      guard body.count == total - length else { return nil }
    }

    private init?(version6 bytes: PacketBytes) {
      let at = bytes[6] == Piece.fragment ? 40 : 48 + Int(bytes[41]) * 8
      let end = 40 + bytes.number16(4, big: true)
      guard bytes.count >= at + 8, bytes[at] == Piece.tcp, end >= at + 8 else { return nil }
      let field = bytes.number16(at + 2, big: true)
      key = Key(
        source: (bytes.number64(8, big: true), bytes.number64(16, big: true)),
        target: (bytes.number64(24, big: true), bytes.number64(32, big: true)),
        number: bytes.number32(at + 4, big: true))
      offset = field & 0xFFF8
      isLast = field & 1 == 0
      head = Array(bytes.piece(0, 40))
      if head.count == 40 { head[6] = Piece.tcp }
      body = bytes.piece(at + 8, end - at - 8)
      guard body.count == end - at - 8 else { return nil }
    }
  }

  private var open: [Open] = []
  private var dropped = 0

  /// How many packets wait for more.
  var held: Int { open.count }

  /// Gives the packet that is whole with this fragment.
  mutating func take(_ piece: Piece) -> [UInt8]? {
    let end = piece.offset + piece.body.count
    guard end <= Self.sizeLimit, !piece.body.isEmpty || piece.isLast else { return nil }
    let index: Int
    if let known = open.firstIndex(where: { $0.key == piece.key }) {
      index = known
    } else {
      if open.count >= Self.packetLimit {
        open.removeFirst()
        dropped &+= 1
      }
      open.append(Open(key: piece.key))
      index = open.count - 1
    }
    if piece.offset == 0 { open[index].head = piece.head }
    if piece.isLast { open[index].length = end }
    Self.put(piece, into: &open[index])
    guard open[index].there.count <= Self.pieceLimit else {
      open.remove(at: index)
      dropped &+= 1
      return nil
    }
    guard let length = open[index].length, !open[index].head.isEmpty, open[index].there.first == 0..<length else {
      return nil
    }
    let whole = open.remove(at: index)
    return Self.joined(whole, length)
  }

  private static func put(_ piece: Piece, into packet: inout Open) {
    let new = piece.offset..<(piece.offset + piece.body.count)
    if packet.body.count < new.upperBound {
      packet.body.append(contentsOf: repeatElement(0, count: new.upperBound - packet.body.count))
    }
    let known = packet.there.filter { $0.overlaps(new) }
    if known.isEmpty {
      packet.body.replaceSubrange(new, with: piece.body.raw)
    } else {
      for index in new where !known.contains(where: { $0.contains(index) }) {
        packet.body[index] = piece.body[index - new.lowerBound]
      }
    }
    var merged = new
    packet.there.removeAll { known in
      guard known.upperBound >= merged.lowerBound, known.lowerBound <= merged.upperBound else { return false }
      merged = min(known.lowerBound, merged.lowerBound)..<max(known.upperBound, merged.upperBound)
      return true
    }
    let place = packet.there.firstIndex { $0.lowerBound > merged.lowerBound } ?? packet.there.count
    packet.there.insert(merged, at: place)
  }

  private static func joined(_ packet: Open, _ length: Int) -> [UInt8] {
    var bytes = packet.head
    let isVersion6 = bytes.count == 40
    let total = isVersion6 ? length : length + bytes.count
    let field = Octets.big16(min(total, 0xFFFF))
    let at = isVersion6 ? 4 : 2
    if bytes.count > at + 1, field.count == 2 {
      bytes[at] = field[0]
      bytes[at + 1] = field[1]
    }
    return bytes + packet.body.prefix(length)
  }

  /// Packets of which a fragment is missing.
  func tell(_ log: inout PacketLog) {
    let missing = open.count &+ dropped
    if missing > 0 { log.facts.warn("of \(missing) IP packets a fragment is missing; they are not read") }
  }
}
