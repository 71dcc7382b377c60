import Inspect
import Trace

/// Writes a session as a tap would see it.
public struct SerialLine {
  public private(set) var text = ""
  public var milliseconds = 100
  public init() {}

  public mutating func host(_ bytes: [UInt8], after pause: Int = 20) { say("-->", bytes, pause) }
  public mutating func modem(_ bytes: [UInt8], after pause: Int = 20) { say("<--", bytes, pause) }
  public mutating func host(_ line: String, after pause: Int = 20) { say("-->", Array(line.utf8), pause) }
  public mutating func modem(_ line: String, after pause: Int = 20) { say("<--", Array(line.utf8), pause) }

  private mutating func say(_ arrow: String, _ bytes: [UInt8], _ pause: Int) {
    milliseconds += pause
    let fraction = String(milliseconds % 1000 + 1000).dropFirst()
    text += "\(milliseconds / 1000).\(fraction) \(arrow) \"" + bytes.map(EscapedByte.text).joined() + "\"\n"
  }

  public var session: Session { Session(text) }
}

/// Blocks of XMODEM, right and wrong.
public enum XModemLine {
  public enum Check { case crc, sum, swapped }

  public static func crc(_ data: [UInt8]) -> UInt16 {
    // Bit by bit, as the protocol's text has it: nothing is shared with what is tested.
    var crc: UInt16 = 0
    for byte in data {
      crc ^= UInt16(byte) << 8
      for _ in 0..<8 { crc = crc & 0x8000 != 0 ? crc << 1 ^ 0x1021 : crc << 1 }
    }
    return crc
  }

  public static func data(_ number: Int, count: Int = 128) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number &* 31) }
  }

  public static func block(_ number: Int, _ data: [UInt8]? = nil, _ check: Check = .crc, head: UInt8? = nil) -> [UInt8]
  {
    let data = data ?? self.data(number)
    let code = UInt8(truncatingIfNeeded: number)
    var block: [UInt8] = [head ?? (data.count > 128 ? 2 : 1), code, ~code] + data
    switch check {
    case .crc: block += [UInt8(crc(data) >> 8), UInt8(crc(data) & 0xFF)]
    case .swapped: block += [UInt8(crc(data) & 0xFF), UInt8(crc(data) >> 8)]
    case .sum: block.append(data.reduce(0, &+))
    }
    return block
  }
}
