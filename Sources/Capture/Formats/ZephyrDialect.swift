import Trace

/// The `modem_chat` module of Zephyr at debug level. The arguments of a line that it knows are joined by one blank, so
/// that commas are lost; they are put back as commas.
struct ZephyrDialect: LineDialect {
  static let name = "zephyr"
  static let summary = "Zephyr's modem_chat at debug level"
  static let example = "[00:00:20.663,000] <dbg> modem_chat: modem_chat_script_next: sending: AT"
  static let losses: Loss = [.lineEndings, .controlBytes]

  private static let stamp = StampPattern("[hh:mm:ss.f,f] ")
  private static let module = "<dbg> modem_chat: "

  private var ends = LineEnds()
  private var isMultiplexed = false
  private var port: Port?

  static func evidence(_ line: LineText) -> LineEvidence {
    guard let (_, rest) = stamp.parse(line) else { return .stranger }
    return rest.starts(with: module.utf8) ? .record : rest.first == UInt8(ascii: "<") ? .kindred : .stranger
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let (stamp, rest) = ZephyrDialect.stamp.parse(line),
      let message = rest.withoutLineEnd.after(ZephyrDialect.module)
    else {
      changeChannel(line, into: &log)
      return log.remark(line)
    }
    changeChannel(message, into: &log)
    let port = self.port ?? log.port(named: [])
    if let sent = message.after("modem_chat_script_next: sending: ") {
      log.data(.hostToModem, at: log.instant(of: stamp), port: port, ends.host(sent))
    } else if let got = message.after("modem_chat_on_unknown_command_received: ") {
      log.data(.modemToHost, at: log.instant(of: stamp), port: port, ends.modem(got))
    } else if let got = message.after("modem_chat_log_received_command: ") {
      log.data(.modemToHost, at: log.instant(of: stamp), port: port, ends.modem(ZephyrDialect.joined(got)))
    } else {
      log.remark(line)
    }
  }

  /// A script that runs in a multiplexer channel: the one that dials has a channel of its own.
  private mutating func changeChannel(_ rest: LineText, into log: inout DialectLog) {
    if rest.parted(at: "event cmux connected") != nil { isMultiplexed = true }
    guard isMultiplexed, let (_, script) = rest.parted(at: "modem_chat_script_start: running script: ") else { return }
    let dials = script.parted(at: "dial_chat") != nil
    port = log.port(named: [UInt8]((dials ? "dlci1" : "dlci2").utf8)[...])
  }

  /// The first argument is what the line begins with, a blank included; the others are values.
  private static func joined(_ text: LineText) -> LineText {
    guard let (name, values) = text.parted(at: "  ") else { return text.withoutIndent }
    return name + [Ascii.blank] + values.map { $0 == Ascii.blank ? Ascii.comma : $0 }
  }
}
