import Trace

@testable import Capture

/// Numbers in the orders of bytes that captures and packets have.
enum Number {
  static func little(_ value: UInt64, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
  }
  static func big(_ value: UInt64, _ size: Int) -> [UInt8] { little(value, size).reversed() }
  static func of(_ value: UInt64, _ size: Int, big isBig: Bool) -> [UInt8] {
    isBig ? big(value, size) : little(value, size)
  }
}

/// A capture in the format of libpcap, made by hand: nothing is shared with what is tested.
struct PcapFile {
  var bytes: [UInt8]
  let isBig: Bool
  let isFine: Bool

  init(linkType: Int, big: Bool = false, fine: Bool = false) {
    isBig = big
    isFine = fine
    bytes =
      Number.of(fine ? 0xA1B2_3C4D : 0xA1B2_C3D4, 4, big: big) + Number.of(2, 2, big: big) + Number.of(4, 2, big: big)
    bytes += [UInt8](repeating: 0, count: 8) + Number.of(65_535, 4, big: big)
    bytes += Number.of(UInt64(linkType), 4, big: big)
  }

  /// `at`: microseconds from 1970.
  mutating func add(_ packet: [UInt8], at time: UInt64, original: Int? = nil, nanoseconds: UInt64 = 0) {
    bytes += Number.of(time / 1_000_000, 4, big: isBig)
    bytes += Number.of(isFine ? time % 1_000_000 * 1000 + nanoseconds : time % 1_000_000, 4, big: isBig)
    bytes += Number.of(UInt64(packet.count), 4, big: isBig)
    bytes += Number.of(UInt64(original ?? packet.count), 4, big: isBig) + packet
  }

  var result: ReadResult { read(bytes, with: PcapReader()) }
  func result(_ options: CaptureOptions) -> ReadResult { read(bytes, with: PcapReader(options)) }
}

/// A capture in the format of Wireshark, block by block.
struct PcapngFile {
  var bytes: [UInt8] = []
  var isBig: Bool

  init(big: Bool = false) {
    isBig = big
    section()
  }

  mutating func section() {
    block(0x0A0D_0D0A, number(0x1A2B_3C4D, 4) + number(1, 2) + number(0, 2) + [UInt8](repeating: 0xFF, count: 8))
  }

  func number(_ value: UInt64, _ size: Int) -> [UInt8] { Number.of(value, size, big: isBig) }

  func option(_ code: Int, _ value: [UInt8]) -> [UInt8] {
    number(UInt64(code), 2) + number(UInt64(value.count), 2) + padded(value)
  }

  private func padded(_ value: [UInt8]) -> [UInt8] {
    value + [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
  }

  mutating func block(_ kind: UInt64, _ body: [UInt8]) {
    let length = number(UInt64(body.count + 12), 4)
    bytes += number(kind, 4) + length + body + length
  }

  mutating func interface(_ linkType: Int, name: String? = nil, resolution: UInt8? = nil) {
    var body = number(UInt64(linkType), 2) + number(0, 2) + number(0, 4)
    if let name { body += option(2, Array(name.utf8)) }
    if let resolution { body += option(9, [resolution]) }
    block(1, body + option(0, []))
  }

  /// `clock` in units of the interface.
  mutating func packet(
    _ interface: Int, _ packet: [UInt8], clock: UInt64, flags: UInt64? = nil, comment: String? = nil,
    dropped: UInt64? = nil, original: Int? = nil
  ) {
    var body = number(UInt64(interface), 4) + number(clock >> 32, 4) + number(clock & 0xFFFF_FFFF, 4)
    body += number(UInt64(packet.count), 4) + number(UInt64(original ?? packet.count), 4) + padded(packet)
    var options: [UInt8] = []
    if let comment { options += option(1, Array(comment.utf8)) }
    if let flags { options += option(2, number(flags, 4)) }
    if let dropped { options += option(4, number(dropped, 8)) }
    if !options.isEmpty { body += options + option(0, []) }
    block(6, body)
  }

  var result: ReadResult { read(bytes, with: PcapngReader()) }
  func result(_ options: CaptureOptions) -> ReadResult { read(bytes, with: PcapngReader(options)) }
}

/// Packets as each link type has them.
enum Packets {
  static func rtac(_ event: UInt8, _ text: String = "", lines: UInt8 = 0x1D) -> [UInt8] {
    [UInt8](repeating: 0, count: 8) + [event, lines, 0, 0] + Array(text.utf8)
  }

  struct USB {
    var id: UInt64 = 1
    var isSubmit = true
    var transfer: UInt8 = 3
    var endpoint: UInt8
    var device: UInt8 = 7
    var status: Int32 = 0
    var setup: [UInt8]?
    var data: [UInt8] = []
    /// Bytes that were to be transferred, where the capture kept fewer.
    var length: Int?

    func linux(head: Int = 64, big: Bool = false) -> [UInt8] {
      var bytes = Number.of(id, 8, big: big) + [isSubmit ? 0x53 : 0x43, transfer, endpoint, device]
      bytes += Number.of(2, 2, big: big) + [setup == nil ? 0x2D : 0, data.isEmpty ? 0x3C : 0]
      bytes += Number.of(0, 8, big: big) + Number.of(0, 4, big: big)
      bytes += Number.of(UInt64(UInt32(bitPattern: status)), 4, big: big)
      bytes += Number.of(UInt64(length ?? data.count), 4, big: big) + Number.of(UInt64(data.count), 4, big: big)
      bytes += setup ?? [UInt8](repeating: 0, count: 8)
      return bytes + [UInt8](repeating: 0, count: head - bytes.count) + data
    }

    var windows: [UInt8] {
      let payload = (setup ?? []) + data
      var bytes = Number.little(transfer == 2 ? 28 : 27, 2) + Number.little(id, 8) + Number.little(0, 4)
      bytes += Number.little(9, 2) + [isSubmit ? 0 : 1] + Number.little(2, 2) + Number.little(UInt64(device), 2)
      bytes += [endpoint, transfer] + Number.little(UInt64(length ?? payload.count), 4)
      return bytes + (transfer == 2 ? [isSubmit ? 0 : 2] : []) + payload
    }
  }

  static let host: [UInt8] = [10, 0, 0, 2]
  static let server: [UInt8] = [10, 0, 0, 9]

  /// A TCP segment between a host's port 40000 and a server's port 4001, in an IPv4 packet.
  static func ip(
    fromHost: Bool, sequence: UInt32, acknowledged: UInt32 = 0, flags: UInt8 = 0x18, _ payload: [UInt8] = []
  ) -> [UInt8] {
    let ports: [UInt8] =
      fromHost ? Number.big(40_000, 2) + Number.big(4001, 2) : Number.big(4001, 2) + Number.big(40_000, 2)
    var tcp = ports + Number.big(UInt64(sequence), 4) + Number.big(UInt64(acknowledged), 4)
    tcp += [0x50, flags, 0x20, 0, 0, 0, 0, 0] + payload
    let ip: [UInt8] = [0x45, 0] + Number.big(UInt64(20 + tcp.count), 2) + [0, 1, 0x40, 0, 64, 6, 0, 0]
    return ip + (fromHost ? host + server : server + host) + tcp
  }

  static func ethernet(_ packet: [UInt8], type: UInt64 = 0x0800) -> [UInt8] {
    [UInt8](repeating: 2, count: 12) + Number.big(type, 2) + packet
  }

  /// A frame of RFCOMM in L2CAP in a packet of H4.
  static func rfcomm(_ address: UInt8, _ control: UInt8, _ info: [UInt8], credits: UInt8? = nil) -> [UInt8] {
    var frame: [UInt8] = [address, control, UInt8(info.count << 1 | 1)]
    let checked = control & 0xEF == 0xEF ? Array(frame.prefix(2)) : frame
    if let credits { frame.append(credits) }
    return frame + info + [check(checked)]
  }

  /// Bit by bit: x^8 + x^2 + x + 1 reflected, inverted.
  static func check(_ bytes: [UInt8]) -> UInt8 {
    var value: UInt8 = 0xFF
    for byte in bytes {
      value ^= byte
      for _ in 0..<8 { value = value & 1 != 0 ? value >> 1 ^ 0xE0 : value >> 1 }
    }
    return ~value
  }

  static func l2cap(_ frame: [UInt8], channel: UInt64 = 0x41) -> [UInt8] {
    Number.little(UInt64(frame.count), 2) + Number.little(channel, 2) + frame
  }

  static func acl(_ content: [UInt8], isContinuation: Bool = false, sent: Bool) -> [UInt8] {
    Number.big(sent ? 0 : 1, 4) + [2] + Number.little(isContinuation ? 0x100B : 0x200B, 2)
      + Number.little(UInt64(content.count), 2) + content
  }
}
