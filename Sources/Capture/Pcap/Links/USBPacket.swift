import Trace

/// One transfer on the bus as a capture has it, without the differences between systems.
struct USBPacket {
  enum Transfer: UInt8 {
    case isochronous, interrupt, control, bulk
  }

  var id: UInt64
  var bus: Int
  var device: UInt8
  /// With the direction in the upper bit.
  var endpoint: UInt8
  var transfer: Transfer
  /// The system hands the transfer on; else it is over.
  var isSubmit: Bool
  var status: Int32
  /// Of a control transfer that begins.
  var setup: PacketBytes
  var data: PacketBytes
  /// How many bytes were transferred or are to be, of which `data` may be a part.
  var length: Int

  var isIn: Bool { endpoint & 0x80 != 0 }

  /// Linux, 48 bytes of head, or 64 where it is read through a map; in the order of bytes of the capturing machine.
  @inline(__always)
  init?(linux bytes: PacketBytes, big: Bool, head: Int) {
    guard bytes.count >= head, let transfer = Transfer(rawValue: bytes[9]) else { return nil }
    id = bytes.number64(0, big: big)
    isSubmit = bytes[8] == UInt8(ascii: "S")
    self.transfer = transfer
    endpoint = bytes[10]
    device = bytes[11]
    bus = bytes.number16(12, big: big)
    status = Int32(bitPattern: bytes.number32(28, big: big))
    length = Int(bytes.number32(32, big: big))
    setup = isSubmit && transfer == .control && bytes[14] == 0 ? bytes.piece(40, 8) : .none
    data = bytes[15] == 0 ? bytes.piece(head, Int(bytes.number32(36, big: big))) : .none
  }

  /// Windows: a head whose length stands first, and a stage behind it in control transfers.
  init?(windows bytes: PacketBytes) {
    let head = bytes.number16(0, big: false)
    guard bytes.count >= 27, head >= 27, let transfer = Transfer(rawValue: bytes[22]) else { return nil }
    id = bytes.number64(2, big: false)
    status = Int32(bitPattern: bytes.number32(10, big: false))
    // Bit 0: from the device's side of the stack to the system's.
    isSubmit = bytes[16] & 1 == 0
    bus = bytes.number16(17, big: false)
    device = UInt8(truncatingIfNeeded: bytes.number16(19, big: false))
    endpoint = bytes[21]
    self.transfer = transfer
    length = Int(bytes.number32(23, big: false))
    data = bytes.from(head)
    setup = .none
    guard transfer == .control else { return }
    // Stage 0: setup, and what is sent with it.
    if isSubmit, head < 28 || bytes[27] == 0 || bytes[27] == 3 {
      setup = data.piece(0, 8)
      data = data.from(8)
      length = max(0, length - 8)
    }
  }
}
