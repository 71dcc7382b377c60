/// CRC-16 of XMODEM: polynomial 1021, first bit first, begun with zero. Eight bytes at a time ("slicing by eight").
enum CRC16 {
  /// `tables[k][byte]`: what a byte with `k` bytes behind it adds to the remainder.
  private static let tables: [UInt16] = {
    var tables = [UInt16](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var crc = UInt16(byte) << 8
      for _ in 0..<8 { crc = crc & 0x8000 != 0 ? (crc << 1) ^ 0x1021 : crc << 1 }
      tables[byte] = crc
    }
    for index in 256..<tables.count {
      let before = tables[index - 256]
      tables[index] = before << 8 ^ tables[Int(before >> 8)]
    }
    return tables
  }()

  static func of(_ bytes: Span<UInt8>) -> UInt16 {
    tables.withUnsafeBufferPointer { table in
      bytes.withUnsafeBufferPointer { data in
        var crc: UInt16 = 0
        var at = 0
        while at &+ 8 <= data.count {
          let first = Int(data[at] ^ UInt8(truncatingIfNeeded: crc >> 8))
          let second = Int(data[at &+ 1] ^ UInt8(truncatingIfNeeded: crc))
          let head = table[7 &* 256 &+ first] ^ table[6 &* 256 &+ second]
          let middle =
            table[5 &* 256 &+ Int(data[at &+ 2])] ^ table[4 &* 256 &+ Int(data[at &+ 3])]
            ^ table[3 &* 256 &+ Int(data[at &+ 4])]
          let tail =
            table[2 &* 256 &+ Int(data[at &+ 5])] ^ table[256 &+ Int(data[at &+ 6])] ^ table[Int(data[at &+ 7])]
          crc = head ^ middle ^ tail
          at &+= 8
        }
        while at < data.count {
          crc = crc << 8 ^ table[Int(UInt8(truncatingIfNeeded: crc >> 8) ^ data[at])]
          at &+= 1
        }
        return crc
      }
    }
  }
}
