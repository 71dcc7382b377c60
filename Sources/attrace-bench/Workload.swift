/// Generates the session of a data logger with a mail module, as long as asked for and the same in each run.
///
/// What is known of it (command lines, transfers, bytes on the line, no findings) is compared with what the tool finds.
struct Workload {
  enum Mix: String {
    /// Polls, settings, messages, and mail that is fetched and sent.
    case session
    /// Nothing but short commands: the worst case.
    case short
    /// Nearly all payload.
    case mail
  }
  enum Form: String {
    case trace
    /// Both directions in one file, with echo, without time.
    case raw
    /// As `raw`, each line behind the time: terminal programs.
    case stamped
    /// Text with escapes behind a daemon's head.
    case daemon
    /// System calls with every byte in hexadecimal escapes.
    case calls
    /// Heads with rows of hexadecimal.
    case dump
    /// What the bus to a modem saw, as Linux captures it.
    case usb

    /// Whether it says who sent what.
    var isDirected: Bool { self != .raw && self != .stamped }

    /// The format that reads it.
    var reader: String {
      switch self {
      case .trace: "trace"
      case .raw: "raw"
      case .stamped: "stamped"
      case .daemon: "modemmanager"
      case .calls: "strace"
      case .dump: "socat"
      case .usb: "pcap"
      }
    }
  }

  /// What a profile must know to read it.
  static let mailCommands = ["+SAPBR", "+EMAILTO", "+POP3READ", "+SMTPFT"]

  let mix: Mix
  let form: Form
  private(set) var commandLines = 0
  private(set) var transfers = 0
  /// Bytes on the line, without what the form of the log adds.
  private(set) var wireBytes = 0
  private var milliseconds: Int64 = 0
  private var random = Random()
  private var round = 0
  private var out: [UInt8] = []
  /// A line of a terminal has begun.
  private var isWithinLine = false
  /// Packets of a capture.
  private(set) var packets = 0

  init(_ mix: Mix, _ form: Form) {
    self.mix = mix
    self.form = form
  }

  /// The next part of the session, some ten kilobytes; valid until the next call.
  mutating func next() -> [UInt8] {
    out.removeAll(keepingCapacity: true)
    if round == 0 { begin() }
    round += 1
    for _ in 0..<(mix == .mail ? 1 : 20) { poll() }
    if mix == .session {
      settings()
      if round % 2 == 0 { listMessages() }
    }
    if mix != .short {
      command("AT+SAPBR=1,1")
      command("AT+EMAILCID=1")
      command("AT+EMAILTO=30")
      if mix == .session, round % 3 == 0 { sendMail() }
      fetchMail()
      command("AT+SAPBR=0,1")
    }
    return out
  }

  private mutating func begin() {
    if form == .trace { out += "#!attrace 1\n#! baud 115200\n".utf8 }
    if form == .usb { out += UsbPackets.fileHead }
    command("ATE\(form.isDirected ? 0 : 1)")
    command("AT+CMEE=1")
    command("AT+CMGF=1")
    command("AT+CNMI=2,1,0,0,0")
  }

  // MARK: Parts of a session

  private mutating func poll() {
    command("AT+CSQ", "+CSQ: \(5 + random.below(26)),0")
    command("AT+CREG?", "+CREG: 0,1")
    command("AT+CGATT?", "+CGATT: 1")
    if random.below(8) == 0 { unsolicited("+CMTI: \"SM\",\(1 + random.below(20))", after: 300) }
    if random.below(16) == 0 { unsolicited("RING", after: 300) }
  }

  private mutating func settings() {
    command("AT+CMGF=1")
    command("AT+CMEE?", "+CMEE: 1")
    command("AT+CNMI?", "+CNMI: 2,1,0,0,0")
    command("AT+IPR?", "+IPR: 115200")
    command("AT+SAPBR=3,1,\"Contype\",\"GPRS\"")
    command("AT+SAPBR=3,1,\"APN\",\"internet.example\"")
  }

  private mutating func listMessages() {
    let number = 2 + random.below(8)
    let used = "\(number),20,\(number),20,\(number),20"
    command("AT+CPMS=\"SM\",\"SM\",\"SM\"", "+CPMS: \(used)")
    var answer = echo("AT+CMGL=\"ALL\"")
    for index in 1...number {
      answer +=
        "\r\n+CMGL: \(index),\"REC READ\",\"+15550\(100 + index)\",,\"26/03/\(10 + index),08:15:00+04\"\r\n".utf8
      for _ in 0..<(4 + random.below(16)) {
        answer += random.word.utf8
        answer.append(0x20)
      }
    }
    commandLines += 1
    say(.host, Array("AT+CMGL=\"ALL\"\r".utf8), after: 150)
    // A tap reads in pieces of its own size, wherever that falls.
    sayInPieces(answer + Array("\r\n\r\nOK\r\n".utf8))
  }

  private mutating func fetchMail() {
    let mail = body(mix == .mail ? 60_000 : 20_000)
    let response = Array("+OK \(mail.count) octets\r\n".utf8) + mail + Array(".\r\n".utf8)
    command("AT+POP3SRV=\"mail.example.org\",\"ada\",\"difference\",110")
    command("AT+POP3IN")
    unsolicited("+POP3IN: 1", after: 1200)
    command("AT+POP3NUM")
    unsolicited("+POP3NUM: 1,1,\(mail.count)", after: 400)
    command("AT+POP3LIST=1")
    unsolicited("+POP3LIST: 1,1,\(mail.count)", after: 400)
    command("AT+POP3CMD=4,1")
    unsolicited("+POP3CMD: 1", after: 600)
    var at = 0
    while at < response.count {
      let count = min(1460, response.count - at)
      let status = at + count == response.count ? 2 : 1
      let head = Array("\r\n+POP3READ: \(status),\(count)\r\n".utf8)
      commandLines += 1
      say(.host, Array("AT+POP3READ=1460\r".utf8), after: 40)
      sayInPieces(echo("AT+POP3READ=1460") + head + response[at..<at + count] + Array("\r\nOK\r\n".utf8))
      at += count
    }
    transfers += 1
    command("AT+POP3OUT")
    unsolicited("+POP3OUT: 1", after: 500)
  }

  private mutating func sendMail() {
    command("AT+SMTPSRV=\"mail.example.org\",25")
    command("AT+SMTPAUTH=1,\"ada\",\"difference\"")
    command("AT+SMTPFROM=\"ada@example.org\",\"Ada\"")
    command("AT+SMTPRCPT=0,0,\"charles@example.org\",\"Charles\"")
    command("AT+SMTPSUB=\"Engine report\"")
    commandLines += 1
    say(.host, Array("AT+SMTPBODY\r".utf8), after: 150)
    say(.modem, echo("AT+SMTPBODY") + Array("\r\n>".utf8), after: 30)
    say(.host, body(400) + [0x1A], after: 300)
    say(.modem, Array("\r\nOK\r\n".utf8), after: 40)
    command("AT+SMTPFILE=2,\"curve.bin\",1")
    command("AT+SMTPSEND")
    for _ in 0..<4 {
      unsolicited("+SMTPFT: 1,1360", after: 800)
      commandLines += 1
      say(.host, Array("AT+SMTPFT=1360\r".utf8), after: 100)
      say(.modem, echo("AT+SMTPFT=1360") + Array("\r\n+SMTPFT: 2,1360\r\n".utf8), after: 30)
      say(.host, (0..<1360).map { _ in binary() }, after: 130)
      say(.modem, Array("\r\nOK\r\n".utf8), after: 120)
    }
    unsolicited("+SMTPFT: 1,1360", after: 400)
    command("AT+SMTPFT=0")
    // What the host sends is not told apart in a raw log.
    if form.isDirected { transfers += 2 }
    unsolicited("+SMTPSEND: 1", after: 1500)
  }

  /// Lines of text as mail has them; none begins with a dot.
  private mutating func body(_ size: Int) -> [UInt8] {
    var text = Array("From: logger@example.org\r\nTo: ada@example.org\r\nSubject: report\r\n\r\n".utf8)
    var column = 0
    while text.count < size {
      let word = random.word
      if column + word.utf8.count > 70 {
        text += [0x0D, 0x0A]
        column = 0
      }
      if column > 0 { text.append(0x20) }
      text += word.utf8
      column += word.utf8.count + 1
    }
    return text + [0x0D, 0x0A]
  }

  /// Any byte but ESC, with which a sequence could begin that a raw log is freed of.
  private mutating func binary() -> UInt8 {
    let byte = UInt8(truncatingIfNeeded: random.below(256))
    return byte == 0x1B ? 0x1C : byte
  }

  // MARK: What stands in the log

  private enum Side { case host, modem }

  private mutating func command(_ text: String, _ answer: String? = nil) {
    commandLines += 1
    say(.host, Array((text + "\r").utf8), after: 150)
    var bytes = echo(text)
    if let answer { bytes += "\r\n\(answer)\r\n".utf8 }
    bytes += "\r\nOK\r\n".utf8
    if random.below(16) == 0 { sayInPieces(bytes) } else { say(.modem, bytes, after: 30) }
  }

  private mutating func unsolicited(_ text: String, after pause: Int64) {
    say(.modem, Array("\r\n\(text)\r\n".utf8), after: pause)
  }

  private func echo(_ text: String) -> [UInt8] { form.isDirected ? [] : Array((text + "\r").utf8) }

  private mutating func sayInPieces(_ bytes: [UInt8]) {
    var at = 0
    while at < bytes.count {
      let count = min(bytes.count - at, bytes.count < 128 ? 1 + random.below(bytes.count) : 128 + random.below(896))
      say(.modem, bytes[at..<at + count], after: 10)
      at += count
    }
  }

  private mutating func say(_ side: Side, _ bytes: some Collection<UInt8>, after pause: Int64) {
    milliseconds += pause
    if form == .usb {
      wireBytes += bytes.count
      packets += UsbPackets.append(bytes, isHost: side == .host, milliseconds, to: &out)
      return
    }
    guard form.isDirected else {
      // The echo stands for a command line of the host; its data are not echoed.
      if side == .host, bytes.starts(with: "AT".utf8) { return }
      wireBytes += bytes.count
      if form == .raw {
        out += bytes
      } else {
        Dialects.stamped(bytes, at: milliseconds, &isWithinLine, &out)
      }
      return
    }
    wireBytes += bytes.count
    switch form {
    case .daemon: return Dialects.daemon(side == .host, bytes, at: milliseconds, &out)
    case .calls: return Dialects.call(side == .host, bytes, at: milliseconds, &out)
    case .dump: return Dialects.dump(side == .host, bytes, at: milliseconds, &out)
    case .trace, .raw, .stamped, .usb: break
    }
    out += "\(milliseconds / 1000).\(milliseconds % 1000 / 100)".utf8
    out += "\(milliseconds % 100 / 10)\(milliseconds % 10)000 \(side == .host ? "-->" : "<--") \"".utf8
    for byte in bytes {
      switch byte {
      case 0x0D: out += [0x5C, 0x72]
      case 0x0A: out += [0x5C, 0x6E]
      case 0x22, 0x5C: out += [0x5C, byte]
      case 0x20...0x7E: out.append(byte)
      default: out += [0x5C, 0x78, Self.digits[Int(byte >> 4)], Self.digits[Int(byte & 15)]]
      }
    }
    out += [0x22, 0x0A]
  }

  private static let digits = Array("0123456789ABCDEF".utf8)
}

/// The same numbers in each run (xorshift64).
private struct Random {
  private var state: UInt64 = 88_172_645_463_325_252

  mutating func below(_ limit: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 16) % limit
  }

  private static let words = [
    "the", "pump", "at", "station", "four", "ran", "for", "six", "hours", "and", "was", "then", "stopped", "because",
    "pressure", "rose", "above", "limit",
  ]

  var word: String {
    mutating get { Self.words[below(Self.words.count)] }
  }
}
