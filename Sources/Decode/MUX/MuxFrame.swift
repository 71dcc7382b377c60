/// Frames of the multiplexer (3GPP TS 27.010, 5.2) and their check sequence.
struct MuxFrame {
  enum Control {
    static let open: UInt8 = 0x2F
    static let acknowledge: UInt8 = 0x63
    static let disconnected: UInt8 = 0x0F
    static let close: UInt8 = 0x43
    static let data: UInt8 = 0xEF
    static let plainData: UInt8 = 0x03
    /// Poll / final: set or not, the frame is the same.
    static let poll: UInt8 = 0x10
  }

  /// Types of messages on the control channel (5.4.6), without the C/R bit.
  enum Message {
    static let closeDown: UInt8 = 0xC1
    static let modemStatus: UInt8 = 0xE1
  }

  static func isKnown(_ control: UInt8) -> Bool {
    switch control & ~Control.poll {
    case Control.open, Control.acknowledge, Control.disconnected, Control.close, Control.data, Control.plainData: true
    default: false
    }
  }

  var address: UInt8 = 0
  var control: UInt8 = 0
  var info: [UInt8] = []

  var channel: Int { Int(address >> 2) }
  var kind: UInt8 { control & ~Control.poll }

  private static let table: [UInt8] = (0..<256).map { byte in
    var value = UInt8(byte)
    // x^8 + x^2 + x + 1, reflected.
    for _ in 0..<8 { value = value & 1 != 0 ? value >> 1 ^ 0xE0 : value >> 1 }
    return value
  }

  /// 5.2.1.6: over address, control and length; over the information as well where it is no UIH frame.
  static func check(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    var crc: UInt8 = 0xFF
    for byte in bytes { crc = table[Int(crc ^ byte)] }
    return 0xFF &- crc
  }
}
