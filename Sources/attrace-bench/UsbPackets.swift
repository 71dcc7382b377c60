/// Transfers on a bus as Linux captures them: each stands there twice, when it is handed on and when it is over.
enum UsbPackets {
  /// A file of libpcap, link type 220.
  static let fileHead: [UInt8] =
    [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 8) + [0, 0, 4, 0, 220, 0, 0, 0]
  private static let head = 64
  /// 2026-01-01.
  private static let start: Int64 = 1_767_225_600

  /// Appends a transfer of the host, or one of the modem; gives the number of packets.
  static func append(_ bytes: some Collection<UInt8>, isHost: Bool, _ milliseconds: Int64, to out: inout [UInt8]) -> Int
  {
    packet(bytes, isSubmit: isHost, isHost: isHost, milliseconds, &out)
    packet([], isSubmit: !isHost, isHost: isHost, milliseconds, &out)
    return 2
  }

  private static func packet(
    _ data: some Collection<UInt8>, isSubmit: Bool, isHost: Bool, _ milliseconds: Int64, _ out: inout [UInt8]
  ) {
    let length = UInt32(data.count)
    number(UInt32(truncatingIfNeeded: start + milliseconds / 1000), &out)
    number(UInt32(milliseconds % 1000 * 1000), &out)
    for _ in 0..<2 { number(UInt32(head) + length, &out) }
    out += [1, 2, 3, 4, 5, 6, 7, 8, isSubmit ? 0x53 : 0x43, 3, isHost ? 0x02 : 0x82, 5, 1, 0]
    out += [0x2D, length == 0 ? 0x3E : 0]
    for _ in 0..<16 { out.append(0) }
    for _ in 0..<2 { number(length, &out) }
    for _ in 0..<24 { out.append(0) }
    out += data
  }

  private static func number(_ value: UInt32, _ out: inout [UInt8]) {
    for shift: UInt32 in [0, 8, 16, 24] { out.append(UInt8(truncatingIfNeeded: value >> shift)) }
  }
}
