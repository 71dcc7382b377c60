import Trace

/// Logs of PuTTY: heads with the time at which each session began, and in between what the terminal showed. Sketches
/// that announce what they print, `----send AT Command:----` and `====receive AT Command:====`, give it a direction.
struct PuttyDialect: LineDialect {
  static let name = "putty"
  static let summary = "PuTTY log with its head, and with the banners of sketches between send and receive"
  static let example = "=~=~=~=~=~=~=~=~=~=~=~= PuTTY log 2024.05.06 21:07:38 =~=~=~=~=~=~=~=~=~=~=~="
  static let losses: Loss = .direction

  private static let start = StampPattern("YYYY.MM.DD hh:mm:ss")
  private var records = BlockRecords(showsSentEnds: false)
  private var ends = LineEnds()
  private var sending: Instant?
  private var receiving = false
  /// A line of a modem, or a banner, was seen: what stands before is what the device prints when it starts.
  private var hasTalk = false
  /// The command was sent, or the final result was read: what the sketch prints now is its own.
  private var isOver = false
  /// The last command, and how many were sent since the echo of one was shown.
  private var command: [UInt8] = []
  private var unread = 0

  static func evidence(_ line: LineText) -> LineEvidence {
    if head(line) != nil || banner(line) != nil { return .record }
    return ModemLine.kind(of: Ascii.trimmed(line), afterCommand: false) == nil ? .stranger : .kindred
  }

  /// The head may stand alone, and what follows it be anything: it counts with the talk of a modem.
  static func confidence(of beginning: LogBeginning) -> Double {
    guard let first = beginning.lines.first, head(beginning.bytes[first]) != nil else { return 0 }
    let evidence = RawEvidence(of: beginning)
    return evidence.hasEvidence && !evidence.isBinary ? 0.9 : 0
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    if let start = PuttyDialect.head(line) {
      close(into: &log)
      // The clock of the head says nothing about the lines.
      if log.facts.start == nil { log.facts.start = TraceClock.text(universal: start.nanoseconds) }
      return log.remark(line)
    }
    if let direction = PuttyDialect.banner(line) {
      close(into: &log)
      hasTalk = true
      log.facts.lossy.remove(.direction)
      // A sketch shows what its buffer held when it looked: pieces are missing, and others come late.
      log.facts.lossy.insert([.lineEndings, .controlBytes, .order])
      isOver = false
      if direction == .hostToModem {
        sending = .unknown
      } else {
        receiving = true
        // Answers of several commands come together, or not at all: nobody can tell whose they are.
        if unread > 1 { log.gap("the answers to \(unread) commands were not read in turn") }
      }
      return log.remark(line)
    }
    if !hasTalk {
      hasTalk = ModemLine.kind(of: Ascii.trimmed(line), afterCommand: false) != nil
      guard hasTalk else { return log.remark(line) }
    }
    let kind = ModemLine.kind(of: Ascii.trimmed(line), afterCommand: false)
    if sending == nil, !command.isEmpty, Ascii.trimmed(line).suffix(command.count).elementsEqual(command) { unread = 0 }
    if isOver, kind == nil { return log.remark(line) }
    if sending != nil || receiving || !log.facts.lossy.contains(.direction) {
      isOver = sending != nil ? !line.allSatisfy(Ascii.isBlank) : isOver || kind == .result
    }
    if sending != nil {
      guard !line.allSatisfy(Ascii.isBlank) else { return }
      command = Array(line.withoutLineEnd.prefix(LineEnds.echoLimit))
      unread &+= 1
      log.data(.hostToModem, at: .unknown, ends.host(line.withoutLineEnd))
    } else if receiving {
      receiving = false
      records.begin(.modemToHost, at: .unknown, line, into: &log)
    } else if log.facts.lossy.contains(.direction) {
      log.data(.unknown, at: .unknown, line + [Ascii.lineFeed])
    } else {
      records.goOn(line, into: &log)
    }
  }

  mutating func finish(into log: inout DialectLog) { close(into: &log) }

  private mutating func close(into log: inout DialectLog) {
    records.close(into: &log)
    sending = nil
    receiving = false
  }

  private static func head(_ line: LineText) -> LogStamp? {
    guard line.starts(with: "=~=~".utf8), let (_, rest) = line.parted(at: " PuTTY log ", within: 40) else { return nil }
    return start.parse(rest)?.stamp
  }

  private static func banner(_ line: LineText) -> Direction? {
    let text = Ascii.trimmed(line)
    guard text.starts(with: "-----".utf8) || text.starts(with: "=====".utf8) else { return nil }
    let words = text.drop { $0 == Ascii.minus || $0 == UInt8(ascii: "=") }
    if words.starts(with: "send ".utf8) { return .hostToModem }
    return words.starts(with: "receive ".utf8) ? .modemToHost : nil
  }
}
