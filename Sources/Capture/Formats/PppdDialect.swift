import Trace

/// What pppd says on its console with `debug`, and `chat -V` before it: the text of the modem as it is, then each frame
/// in words, `sent [LCP ConfReq id=0x1 …]`. The bytes of the frames are not in it.
struct PppdDialect: LineDialect {
  static let name = "pppd"
  static let summary = "pppd debug nodetach, with what chat -V shows before it: `sent [LCP ConfReq id=0x1 …]`"
  static let example = "rcvd [LCP ConfAck id=0x1 <asyncmap 0x0> <pcomp>]"
  /// The terminal ends each line as it likes.
  static let losses: Loss = [.direction, .lineEndings]

  private static let frames = ["sent [", "rcvd ["]
  /// How pppd begins what it says of itself.
  private static let notes = [
    "Script ", "Serial connection established", "using channel ", "Using interface ", "Connect: ", "Connect time ",
    "Sent ", "local  IP ", "remote IP ", "local  LL ", "remote LL ", "primary ", "secondary ", "Remote message: ",
    "PAP ", "CHAP ", "LCP ", "Modem hangup", "Connection terminated", "not replacing ", "replacing ", "Hangup (",
    "Terminating ", "Waiting for ", "Cannot determine ", "Could not determine ", "Perms of ", "Connect script ",
    "pppd options ", "Exit.", "Peer ",
  ]
  private static let finished = ["Connection terminated", "Exit.", "Connect script "]

  /// Frames go over the line: no text of the modem stands between what pppd says.
  private var isConnected = false
  private var told = false
  private var hasText = false

  static func evidence(_ line: LineText) -> LineEvidence {
    if isFrame(line) { return .record }
    if note(line) != nil { return .kindred }
    return ModemLine.kind(of: Ascii.trimmed(line), afterCommand: false) == nil ? .stranger : .kindred
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    if PppdDialect.isFrame(line) {
      isConnected = true
      if !told { log.gap("pppd tells the frames in words; their bytes are not in the log") }
      told = true
      return log.remark(PppdDialect.withoutPassword(line))
    }
    guard let start = PppdDialect.note(line) else {
      if PppdDialect.isPrompt(line) {
        // Another program had the line until now.
        if hasText { log.gap("pppd is started here") }
        isConnected = false
        return log.remark(line)
      }
      guard !isConnected else { return log.remark(line) }
      hasText = true
      return log.data(.unknown, at: .unknown, line + [Ascii.lineFeed])
    }
    // chat -V shows the answer up to what it waited for, and the line end after that is lost.
    let (shown, said) = (line[line.startIndex..<start], line[start...])
    if !shown.isEmpty { log.data(.unknown, at: .unknown, shown + [Ascii.lineFeed]) }
    log.remark(said)
    if said.starts(with: "Serial connection".utf8) || said.starts(with: "Connect: ".utf8) { isConnected = true }
    if PppdDialect.finished.contains(where: { said.starts(with: $0.utf8) }) {
      isConnected = false
      told = false
    }
  }

  private static func isFrame(_ line: LineText) -> Bool {
    guard let frame = frames.first(where: { line.starts(with: $0.utf8) }) else { return false }
    // The name of a protocol, a blank, and the code.
    let rest = line.dropFirst(frame.utf8.count)
    let name = rest.prefix { Ascii.isUpper($0) || Ascii.isDigit($0) }
    return name.count >= 2 && rest.dropFirst(name.count).first == Ascii.blank
  }

  /// With `show-password` the frame of PAP is told with it.
  private static func withoutPassword(_ line: LineText) -> LineText {
    line.parted(at: "password=\"").map { $0.before + [UInt8]("password=<hidden>]".utf8) } ?? line
  }

  /// Where what pppd says begins; text of the modem may stand before the end of a script.
  private static func note(_ line: LineText) -> Int? {
    if notes.contains(where: { line.starts(with: $0.utf8) }) { return line.startIndex }
    guard let (before, behind) = line.parted(at: "Script "), behind.parted(at: " finished (pid ") != nil else {
      return nil
    }
    return before.endIndex
  }

  /// `root@host:/etc/ppp# pppd call provider`
  private static func isPrompt(_ line: LineText) -> Bool {
    line.parted(at: "# pppd ") != nil || line.parted(at: "$ pppd ") != nil || line.parted(at: "$ sudo pppd ") != nil
  }
}
