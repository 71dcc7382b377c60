import Profile
import Trace

/// Generates a session of a data logger with a mail module, as long as asked for and the same in each run.
///
/// What is known of it (command lines, transfers, no findings) is compared with what the tool finds.
struct Workload {
  enum Mix: String, CaseIterable {
    /// Polls, settings, messages, and a mail of 20 kB fetched in chunks for every thirty polls.
    case session
    /// Nothing but short commands: the worst case.
    case short
    /// Nearly all payload.
    case mail
  }
  enum Form { case trace, raw }

  let mix: Mix
  let form: Form
  private(set) var commandLines = 0
  private(set) var transfers = 0
  private var time: Int64 = 0
  private var state: UInt64 = 88_172_645_463_325_252
  private var begun = false

  init(_ mix: Mix, _ form: Form) {
    self.mix = mix
    self.form = form
  }

  /// Appends the next part of the session, some ten kilobytes.
  mutating func append(to out: inout [UInt8]) {
    if !begun {
      begun = true
      if form == .trace { out += "#!attrace 1\n#! baud 115200\n".utf8 }
      command("ATE\(form == .trace ? 0 : 1)", [], &out)
      command("AT+CMGF=1", [], &out)
    }
    let polls = mix == .mail ? 1 : 10
    for _ in 0..<polls {
      command("AT+CSQ", ["+CSQ: \(5 + next() % 26),0"], &out)
      command("AT+CREG?", ["+CREG: 0,1"], &out)
      command("AT+CGATT?", ["+CGATT: 1"], &out)
      if next() % 8 == 0 { unsolicited("+CMTI: \"SM\",\(1 + next() % 20)", 300, &out) }
      if next() % 16 == 0 { unsolicited("RING", 300, &out) }
    }
    if mix != .short { fetchMail(&out) }
  }

  private mutating func fetchMail(_ out: inout [UInt8]) {
    let mail = body(mix == .mail ? 60_000 : 20_000)
    let response = Array("+OK \(mail.count) octets\r\n".utf8) + mail + Array(".\r\n".utf8)
    command("AT+SAPBR=1,1", [], &out)
    command("AT+EMAILCID=1", [], &out)
    command("AT+EMAILTO=30", [], &out)
    command("AT+POP3SRV=\"mail.example.org\",\"ada\",\"difference\",110", [], &out)
    command("AT+POP3IN", [], &out)
    unsolicited("+POP3IN: 1", 1200, &out)
    command("AT+POP3NUM", [], &out)
    unsolicited("+POP3NUM: 1,1,\(mail.count)", 400, &out)
    command("AT+POP3LIST=1", [], &out)
    unsolicited("+POP3LIST: 1,1,\(mail.count)", 400, &out)
    command("AT+POP3CMD=4,1", [], &out)
    unsolicited("+POP3CMD: 1", 600, &out)
    var at = 0
    while at < response.count {
      let count = min(1460, response.count - at)
      let isLast = at + count == response.count
      commandLines += 1
      host("AT+POP3READ=1460\r", 40, &out)
      modem(echo("AT+POP3READ=1460") + Array("\r\n+POP3READ: \(isLast ? 2 : 1),\(count)\r\n".utf8), 30, &out)
      // A serial tap reads in pieces of its own size.
      var sent = 0
      while sent < count {
        let piece = min(count - sent, 128 + Int(next() % 896))
        modem(Array(response[(at + sent)..<(at + sent + piece)]), 20, &out)
        sent += piece
      }
      modem(Array("\r\nOK\r\n".utf8), 2, &out)
      at += count
    }
    transfers += 1
    command("AT+POP3OUT", [], &out)
    unsolicited("+POP3OUT: 1", 500, &out)
    command("AT+SAPBR=0,1", [], &out)
  }

  private static let words = [
    "the", "pump", "at", "station", "four", "ran", "for", "six", "hours", "and", "was", "then", "stopped", "because",
    "pressure", "rose", "above", "limit",
  ]

  /// Lines of text as mail has them; none begins with a dot.
  private mutating func body(_ size: Int) -> [UInt8] {
    var text = Array("From: logger@example.org\r\nTo: ada@example.org\r\nSubject: report\r\n\r\n".utf8)
    var column = 0
    while text.count < size {
      let word = Self.words[Int(next() % UInt64(Self.words.count))]
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

  // MARK: What stands in the log

  private mutating func command(_ text: String, _ answers: [String], _ out: inout [UInt8]) {
    commandLines += 1
    host(text + "\r", 150, &out)
    var answer = echo(text)
    for line in answers + ["OK"] { answer += "\r\n\(line)\r\n".utf8 }
    modem(answer, 30, &out)
  }

  private func echo(_ text: String) -> [UInt8] { form == .raw ? Array((text + "\r").utf8) : [] }

  private mutating func unsolicited(_ text: String, _ after: Int64, _ out: inout [UInt8]) {
    modem(Array("\r\n\(text)\r\n".utf8), after, &out)
  }

  private mutating func host(_ text: String, _ after: Int64, _ out: inout [UInt8]) {
    time += after
    if form == .trace { line("-->", Array(text.utf8), &out) }
  }

  private mutating func modem(_ bytes: [UInt8], _ after: Int64, _ out: inout [UInt8]) {
    time += after
    if form == .trace { line("<--", bytes, &out) } else { out += bytes }
  }

  private func line(_ arrow: String, _ bytes: [UInt8], _ out: inout [UInt8]) {
    let fraction = String(time % 1000 + 1000).dropFirst()
    out += "\(time / 1000).\(fraction)000 \(arrow) \"".utf8
    for byte in bytes {
      switch byte {
      case 0x0D: out += [0x5C, 0x72]
      case 0x0A: out += [0x5C, 0x6E]
      case 0x22, 0x5C: out += [0x5C, byte]
      default: out.append(byte)
      }
    }
    out += [0x22, 0x0A]
  }

  private mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state >> 16
  }
}
