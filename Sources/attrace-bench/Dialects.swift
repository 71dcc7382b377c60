/// How logs of other programs write what a workload says.
enum Dialects {
  private static let digits = Array("0123456789abcdef".utf8)

  /// The time before each line.
  static func stamped(
    _ bytes: some Collection<UInt8>, at milliseconds: Int64, _ isWithinLine: inout Bool, _ out: inout [UInt8]
  ) {
    for byte in bytes {
      if !isWithinLine { out += "[\(clock(milliseconds))] ".utf8 }
      isWithinLine = byte != 0x0A
      out.append(byte)
    }
  }

  static func daemon(_ isHost: Bool, _ bytes: some Collection<UInt8>, at milliseconds: Int64, _ out: inout [UInt8]) {
    out += "ModemManager[702]: <debug> [\(1_714_990_845 + milliseconds / 1000).\(fraction(milliseconds))] ".utf8
    out += "[modem0/ttyUSB2/at] \(isHost ? "-->" : "<--") '".utf8
    for byte in bytes {
      switch byte {
      case 0x0D: out += "<CR>".utf8
      case 0x0A: out += "<LF>".utf8
      case 0x20...0x7E: out.append(byte)
      default: out += "\\\(byte)".utf8
      }
    }
    out += "'\n".utf8
  }

  static func call(_ isHost: Bool, _ bytes: some Collection<UInt8>, at milliseconds: Int64, _ out: inout [UInt8]) {
    out += "\(clock(milliseconds)) \(isHost ? "write" : "read")(3</dev/ttyUSB2>, \"".utf8
    for byte in bytes { out += [0x5C, 0x78, digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    out += "\", \(bytes.count)) = \(bytes.count)\n".utf8
  }

  static func dump(_ isHost: Bool, _ bytes: some Collection<UInt8>, at milliseconds: Int64, _ out: inout [UInt8]) {
    out += "\(isHost ? ">" : "<") 2024/05/06 \(clock(milliseconds))000  length=\(bytes.count) from=0 to=0\n".utf8
    for byte in bytes { out += [0x20, digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    out += "\n--\n".utf8
  }

  private static func clock(_ milliseconds: Int64) -> String {
    let seconds = milliseconds / 1000
    return "\(two(seconds / 3600 % 24)):\(two(seconds / 60 % 60)):\(two(seconds % 60)).\(fraction(milliseconds))"
  }

  private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func fraction(_ milliseconds: Int64) -> String {
    let digits = String(milliseconds % 1000)
    return String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }
}
