import Trace

/// Bluetooth between host and controller (link types 187, 201): serial ports over RFCOMM, each channel a port.
///
/// Channels of L2CAP need not be known from their opening: a frame of RFCOMM proves itself by its check sequence.
struct BluetoothLink: PacketLink {
  /// The longest packet of L2CAP that is put together, and how many are under way.
  static let packetLimit = 65_540
  static let partialLimit = 32

  private struct Partial: Sendable {
    var handle: Int
    var isSent: Bool
    var wanted: Int
    var bytes: [UInt8]
  }

  private static let data: UInt8 = 2
  /// Channels below carry signals of L2CAP itself.
  private static let firstDynamic = 0x40

  /// The first four bytes tell the direction: 0 sent.
  let hasDirection: Bool
  private var partials: [Partial] = []
  private var channels = RFCOMMChannels()

  init(hasDirection: Bool) { self.hasDirection = hasDirection }

  mutating func take(_ packet: Packet, _ bytes: PacketBytes, into log: inout PacketLog) {
    var packet = packet
    var rest = bytes
    if hasDirection {
      guard bytes.count >= 4 else { return log.malformed("a packet without a direction", packet) }
      packet.direction = bytes.number32(0, big: true) & 1 == 0 ? .hostToModem : .modemToHost
      rest = bytes.from(4)
    }
    guard rest[0] == Self.data, rest.count >= 5 else { return }
    let handle = rest.number16(1, big: false)
    let length = rest.number16(3, big: false)
    let content = rest.piece(5, length)
    fragment(handle & 0xFFF, isContinuation: handle >> 12 & 3 == 1, content, packet, &log)
    if content.count < length {
      log.gapEverywhere("the capture kept \(content.count) of \(length) bytes of this packet", packet)
      log.facts.warn("packets are cut; capture with a larger snap length (-s 0)")
    }
  }

  private mutating func fragment(
    _ handle: Int, isContinuation: Bool, _ content: PacketBytes, _ packet: Packet, _ log: inout PacketLog
  ) {
    let isSent = packet.direction == .hostToModem
    let index = partials.firstIndex { $0.handle == handle && $0.isSent == isSent }
    if !isContinuation {
      if let index { partials.remove(at: index) }
      guard content.count >= 4 else { return }
      let wanted = 4 + content.number16(0, big: false)
      guard content.count < wanted else { return take(handle, content.piece(0, wanted), packet, &log) }
      if partials.count >= Self.partialLimit { partials.removeFirst() }
      partials.append(Partial(handle: handle, isSent: isSent, wanted: wanted, bytes: Array(content)))
      return
    }
    guard let index else { return }
    partials[index].bytes.append(contentsOf: content.raw)
    guard partials[index].bytes.count >= partials[index].wanted || partials[index].bytes.count > Self.packetLimit else {
      return
    }
    let whole = partials.remove(at: index)
    whole.bytes.withUnsafeBytes { take(handle, PacketBytes($0).piece(0, whole.wanted), packet, &log) }
  }

  /// A packet of L2CAP: length, channel, content.
  private mutating func take(_ handle: Int, _ bytes: PacketBytes, _ packet: Packet, _ log: inout PacketLog) {
    guard bytes.number16(2, big: false) >= Self.firstDynamic, let frame = RFCOMMFrame(bytes.from(4)) else { return }
    channels.take(frame, handle, packet, &log)
  }
}
