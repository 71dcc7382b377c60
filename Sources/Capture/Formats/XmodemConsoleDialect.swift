import Trace

/// The console of sx and its relatives during a transfer: how many sectors went out, and which had to go again. The
/// bytes of the transfer are not in it, so that all of it is remarks; what it counts is told as a warning.
struct XmodemConsoleDialect: LineDialect {
  static let name = "xmodem-console"
  static let summary = "console of sx during an XMODEM transfer (without its bytes): `Retry 0: NAK on sector`"
  static let example = "Xmodem sectors/kbytes sent: 12/ 1kRetry 0: NAK on sector"

  private var retries = 0

  private static let marks = [
    "Give your local XMODEM", "Xmodem sectors/kbytes sent", "NAK on sector", "for sector ACK", "xyzModem - ",
    "Bytes Sent:", "Timeout on sector ACK",
  ]

  static func evidence(_ line: LineText) -> LineEvidence {
    if marks.contains(where: { line.parted(at: $0) != nil }) { return .record }
    return line.starts(with: "Transfer complete".utf8) || line.starts(with: "***".utf8) ? .kindred : .stranger
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    if line.parted(at: "Retry ") != nil { retries = retries &+ 1 }
    log.remark(line)
  }

  mutating func finish(into log: inout DialectLog) {
    guard retries > 0 else { return }
    log.facts.warn("the sender says that it repeated a sector \(retries) times; the log does not hold the bytes")
  }
}
