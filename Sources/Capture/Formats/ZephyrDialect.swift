import Trace

/// The `modem_chat` module of Zephyr at debug level. The arguments of a line that it knows are joined by one blank, so
/// that commas are lost; they are put back as commas. Its predecessor `modem_cmd_handler` dumps bytes in hexadecimal.
struct ZephyrDialect: LineDialect {
  static let name = "zephyr"
  static let summary = "Zephyr's modem_chat, or modem_cmd_handler, at debug level"
  static let example = "[00:00:20.663,000] <dbg> modem_chat: modem_chat_script_next: sending: AT"
  static let losses: Loss = [.lineEndings, .controlBytes, .order]

  private static let stamp = StampPattern("[hh:mm:ss.f,f] ")
  private static let module = "<dbg> modem_chat: "
  private static let handler = "<dbg> modem_cmd_handler: "

  private var ends = LineEnds()
  private var isMultiplexed = false
  private var port: Port?
  /// The dump of the older module whose rows follow.
  private var dump: (direction: Direction, instant: Instant)?

  static func evidence(_ line: LineText) -> LineEvidence {
    guard let (_, rest) = stamp.parse(line) else { return row(line) == nil ? .stranger : .kindred }
    return rest.starts(with: module.utf8) || dumped(rest) != nil
      ? .record : rest.first == UInt8(ascii: "<") ? .kindred : .stranger
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let (stamp, rest) = ZephyrDialect.stamp.parse(line),
      let message = rest.withoutLineEnd.after(ZephyrDialect.module)
    else {
      return takeOther(line, into: &log)
    }
    dump = nil
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

  private mutating func takeOther(_ line: LineText, into log: inout DialectLog) {
    if let (stamp, rest) = ZephyrDialect.stamp.parse(line) {
      dump = ZephyrDialect.dumped(rest).map { ($0, log.instant(of: stamp)) }
    } else if let dump, let bytes = ZephyrDialect.row(line) {
      // Every byte is there.
      log.facts.lossy = .order
      return log.data(dump.direction, at: dump.instant, bytes)
    }
    changeChannel(line, into: &log)
    log.remark(line)
  }

  private static func dumped(_ rest: LineText) -> Direction? {
    guard let message = rest.withoutLineEnd.after(handler) else { return nil }
    if message.ends(with: ": SENT DATA") || message.ends(with: ": SENT DIRECT DATA") { return .hostToModem }
    return message.ends(with: ": RECV") ? .modemToHost : nil
  }

  /// Indented numbers and the characters behind a bar.
  private static func row(_ line: LineText) -> [UInt8]? {
    guard line.first == Ascii.blank else { return nil }
    let (bytes, rest) = HexRow.parse(line)
    return !bytes.isEmpty && rest.withoutIndent.first == UInt8(ascii: "|") ? bytes : nil
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
