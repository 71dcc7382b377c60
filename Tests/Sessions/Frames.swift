/// Frames of PPP and of the multiplexer, put together bit by bit: nothing is shared with what is tested.
public enum Frames {
  /// RFC 1662: flags, escapes, check sequence.
  public static func ppp(_ content: [UInt8], damaged: Bool = false) -> [UInt8] {
    var crc: UInt16 = 0xFFFF
    for byte in content {
      crc ^= UInt16(byte)
      for _ in 0..<8 { crc = crc & 1 != 0 ? crc >> 1 ^ 0x8408 : crc >> 1 }
    }
    crc = ~crc
    var bytes = content + [UInt8(crc & 0xFF), UInt8(crc >> 8)]
    if damaged { bytes[bytes.count - 3] ^= 1 }
    var out: [UInt8] = [0x7E]
    for byte in bytes {
      if byte < 0x20 || byte == 0x7D || byte == 0x7E { out += [0x7D, byte ^ 0x20] } else { out.append(byte) }
    }
    return out + [0x7E]
  }

  /// 27.010, 5.2.1.6.
  private static func check(_ bytes: [UInt8]) -> UInt8 {
    var crc: UInt8 = 0xFF
    for byte in bytes {
      crc ^= byte
      for _ in 0..<8 { crc = crc & 1 != 0 ? crc >> 1 ^ 0xE0 : crc >> 1 }
    }
    return 0xFF - crc
  }

  public static func mux(
    _ channel: UInt8, _ control: UInt8, _ info: [UInt8] = [], isAdvanced: Bool = false
  ) -> [UInt8] {
    let address = channel << 2 | 3
    if isAdvanced {
      let head = [address, control]
      let covered = control == 0xEF ? head : head + info
      let body = head + info + [check(covered)]
      return [0x7E] + body.flatMap { $0 == 0x7E || $0 == 0x7D ? [0x7D, $0 ^ 0x20] : [$0] } + [0x7E]
    }
    let head = [address, control, UInt8(info.count << 1 | 1)]
    return [0xF9] + head + info + [check(control == 0xEF ? head : head + info), 0xF9]
  }
}
