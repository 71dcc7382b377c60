/// The frame check sequence of PPP (RFC 1662, C.2): CRC-16 with reflected polynomial 8408.
enum FCS16 {
  private static let table: [UInt16] = (0..<256).map { byte in
    var value = UInt16(byte)
    for _ in 0..<8 { value = value & 1 != 0 ? value >> 1 ^ 0x8408 : value >> 1 }
    return value
  }

  static let initial: UInt16 = 0xFFFF
  /// What remains of a whole frame that is not damaged.
  static let good: UInt16 = 0xF0B8

  static func update(_ crc: UInt16, _ bytes: ArraySlice<UInt8>) -> UInt16 {
    table.withUnsafeBufferPointer { table in
      bytes.withUnsafeBufferPointer { data in
        var crc = crc
        for byte in data { crc = crc >> 8 ^ table[Int((crc ^ UInt16(byte)) & 0xFF)] }
        return crc
      }
    }
  }
}
