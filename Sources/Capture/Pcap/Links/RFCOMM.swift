import Trace

/// A frame of RFCOMM: the multiplexer of 27.010 in a packet of its own, so without flags.
struct RFCOMMFrame {
  enum Control {
    static let open: UInt8 = 0x2F
    static let data: UInt8 = 0xEF
    static let poll: UInt8 = 0x10
  }

  private static let table: [UInt8] = (0..<256).map { byte in
    var value = UInt8(byte)
    for _ in 0..<8 { value = value & 1 != 0 ? value >> 1 ^ 0xE0 : value >> 1 }
    return value
  }

  let channel: UInt8
  let kind: UInt8
  let info: PacketBytes

  /// `nil` where the check sequence does not fit: then it is no such frame.
  init?(_ bytes: PacketBytes) {
    guard bytes.count >= 4, bytes[0] & 1 == 1 else { return nil }
    let isLong = bytes[2] & 1 == 0
    let length = isLong ? Int(bytes[2] >> 1) | Int(bytes[3]) << 7 : Int(bytes[2] >> 1)
    kind = bytes[1] & ~Control.poll
    // A data frame with the poll bit has a byte of credits, which the length does not count.
    let credits = kind == Control.data && bytes[1] & Control.poll != 0 ? 1 : 0
    let head = (isLong ? 4 : 3) + credits
    guard bytes.count == head + length + 1 else { return nil }
    var check: UInt8 = 0xFF
    for at in 0..<(kind == Control.data ? 2 : isLong ? 4 : 3) { check = Self.table[Int(check ^ bytes[at])] }
    guard Self.table[Int(check ^ bytes[bytes.count - 1])] == 0xCF else { return nil }
    channel = bytes[0] >> 2
    info = bytes.piece(head, length)
  }
}

/// The channels of RFCOMM: whoever opens one is the host of the serial port behind it.
struct RFCOMMChannels: Sendable {
  private struct Channel: Sendable {
    var handle: Int
    var number: UInt8
    /// The capturing machine opened it, or nobody knows.
    var isLocalHost = true
    var port: Port?
    /// Modem status that each side reported, by direction on the air.
    var sent: UInt8?
    var received: UInt8?
  }

  private static let limit = 64
  /// Type of the message that tells the status of control lines (27.010, 5.4.6.3.7), without the C/R bit.
  private static let modemStatus: UInt8 = 0xE1

  private var channels: [Channel] = []

  mutating func take(_ frame: RFCOMMFrame, _ handle: Int, _ packet: Packet, _ log: inout PacketLog) {
    if frame.channel == 0 {
      guard frame.kind == RFCOMMFrame.Control.data, frame.info.count >= 4, frame.info[0] & ~2 == Self.modemStatus,
        frame.info[0] & 2 != 0, let index = index(of: frame.info[2] >> 2, handle)
      else { return }
      return status(frame.info[3], index, packet, &log)
    }
    guard let index = index(of: frame.channel, handle) else { return }
    switch frame.kind {
    case RFCOMMFrame.Control.open: channels[index].isLocalHost = packet.direction != .modemToHost
    case RFCOMMFrame.Control.data:
      guard !frame.info.isEmpty, let port = port(index, frame.info, packet, &log) else { return }
      log.data(direction(packet, index), port, packet, frame.info)
    default: break
    }
  }

  private mutating func index(of number: UInt8, _ handle: Int) -> Int? {
    if let found = channels.firstIndex(where: { $0.number == number && $0.handle == handle }) { return found }
    guard channels.count < Self.limit else { return nil }
    channels.append(Channel(handle: handle, number: number))
    return channels.count - 1
  }

  private func direction(_ packet: Packet, _ index: Int) -> Direction {
    switch packet.direction {
    case .unknown: .unknown
    case .hostToModem: channels[index].isLocalHost ? .hostToModem : .modemToHost
    case .modemToHost: channels[index].isLocalHost ? .modemToHost : .hostToModem
    }
  }

  private mutating func port(_ index: Int, _ info: PacketBytes, _ packet: Packet, _ log: inout PacketLog) -> Port? {
    if let port = channels[index].port { return port }
    guard let carried = Carried.judge(info, packet.direction), carried == .commands || carried == .frames else {
      log.unread &+= 1
      return nil
    }
    if packet.direction == .unknown { log.facts.lossy.insert(.direction) }
    let name = "rfcomm\(channels[index].handle).\(channels[index].number >> 1)"
    channels[index].port = log.port(named: name, carrying: carried.content)
    return channels[index].port
  }

  /// RTC stands for DTR or DSR, RTR for RTS or CTS, as seen by who sends it; IC and DV only the modem tells.
  private mutating func status(_ signals: UInt8, _ index: Int, _ packet: Packet, _ log: inout PacketLog) {
    let isSent = packet.direction == .hostToModem
    let before = isSent ? channels[index].sent : channels[index].received
    if isSent { channels[index].sent = signals } else { channels[index].received = signals }
    guard let port = channels[index].port, let before else { return }
    let isHost = direction(packet, index) == .hostToModem
    let names: [(String, UInt8)] =
      isHost ? [("dtr", 4), ("rts", 8)] : [("dsr", 4), ("cts", 8), ("ri", 0x40), ("dcd", 0x80)]
    for (name, bit) in names where (before ^ signals) & bit != 0 {
      log.control("\(name)=\(signals & bit == 0 ? 0 : 1)", port, packet)
    }
  }
}
