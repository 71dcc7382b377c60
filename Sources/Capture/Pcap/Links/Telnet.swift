import Trace

/// One direction of a telnet connection (RFC 854): the bytes of the line without commands and escapes.
struct TelnetSide: Sendable {
  /// What was negotiated about an option.
  struct Notice {
    var option: UInt8
    var content: [UInt8]
  }

  /// COM-PORT-OPTION (RFC 2217).
  static let comPort: UInt8 = 44
  private static let binary: UInt8 = 0
  /// The longest negotiation that is kept.
  private static let contentLimit = 256

  private enum Command {
    static let subEnd: UInt8 = 240
    static let sub: UInt8 = 250
    static let will: UInt8 = 251
    static let wont: UInt8 = 252
    static let `do`: UInt8 = 253
    static let dont: UInt8 = 254
    static let escape: UInt8 = 255
  }

  private enum State: Sendable {
    case data, command
    case option(UInt8)
    case subOption, subData, subCommand
  }

  private var state = State.data
  private var option: UInt8 = 0
  private var content: [UInt8] = []
  /// This side sends bytes as they are: no NUL behind CR.
  private var isBinary = false
  private var afterReturn = false

  /// Whether a piece begins with a negotiation: serial data do not.
  static func isNegotiation(_ bytes: PacketBytes) -> Bool {
    bytes.count >= 3 && bytes[0] == Command.escape && bytes[1] >= Command.sub && bytes[1] < Command.escape
      && (bytes[2] < 50 || bytes[1] == Command.sub)
  }

  mutating func take(_ bytes: PacketBytes, _ plain: inout [UInt8], _ notices: inout [Notice]) {
    for byte in bytes {
      switch state {
      case .data:
        if byte == Command.escape {
          state = .command
        } else if afterReturn, byte == 0, !isBinary {
          afterReturn = false
        } else {
          plain.append(byte)
          afterReturn = byte == Ascii.carriageReturn
        }
      case .command:
        switch byte {
        case Command.escape:
          plain.append(byte)
          afterReturn = false
          state = .data
        case Command.sub: state = .subOption
        case Command.will, Command.wont, Command.do, Command.dont: state = .option(byte)
        default: state = .data
        }
      case .option(let verb):
        if byte == Self.binary { isBinary = verb == Command.will || isBinary && verb != Command.wont }
        if byte == Self.comPort { notices.append(Notice(option: byte, content: [])) }
        state = .data
      case .subOption:
        option = byte
        content.removeAll(keepingCapacity: true)
        state = .subData
      case .subData:
        if byte == Command.escape { state = .subCommand } else { keep(byte) }
      case .subCommand:
        if byte == Command.escape {
          keep(byte)
          state = .subData
        } else {
          if byte == Command.subEnd { notices.append(Notice(option: option, content: content)) }
          state = .data
        }
      }
    }
  }

  private mutating func keep(_ byte: UInt8) {
    if content.count < Self.contentLimit { content.append(byte) }
  }
}

/// The settings of a serial port as RFC 2217 tells them, taken over as line rate and control lines.
struct TelnetLines: Sendable {
  private enum Command {
    static let baud: UInt8 = 1
    static let control: UInt8 = 5
    static let lineState: UInt8 = 6
    static let modemState: UInt8 = 7
    /// What the server says has the number of the request and 100 more.
    static let answer: UInt8 = 100
  }

  private var modemState: UInt8?
  private var rate = 0

  mutating func take(_ content: [UInt8], isHost: Bool, _ port: Port, _ packet: Packet, _ log: inout PacketLog) {
    guard let first = content.first else { return }
    switch isHost ? first : first &- Command.answer {
    case Command.baud where content.count >= 5:
      let rate = content[1..<5].reduce(0) { $0 << 8 | Int($1) }
      guard rate > 0, rate != self.rate else { return }
      self.rate = rate
      log.remark("\(log.name(of: port)): \(isHost ? "the host asks for" : "the server sets") \(rate) bit/s", packet)
      log.control("baud=\(rate)", port, packet)
      if (50...TraceHeader.baudLimit).contains(rate) { log.facts.baud = log.facts.baud ?? rate }
    case Command.control where isHost && content.count >= 2: control(content[1], port, packet, &log)
    case Command.lineState where !isHost && content.count >= 2: lineState(content[1], port, packet, &log)
    case Command.modemState where !isHost && content.count >= 2: modemLines(content[1], port, packet, &log)
    default: break
    }
  }

  private func control(_ value: UInt8, _ port: Port, _ packet: Packet, _ log: inout PacketLog) {
    switch value {
    case 5: log.control("break=1", port, packet)
    case 6: log.control("break=0", port, packet)
    case 8: log.control("dtr=1", port, packet)
    case 9: log.control("dtr=0", port, packet)
    case 11: log.control("rts=1", port, packet)
    case 12: log.control("rts=0", port, packet)
    default: break
    }
  }

  private func lineState(_ state: UInt8, _ port: Port, _ packet: Packet, _ log: inout PacketLog) {
    if state & 16 != 0 { log.control("break=1", port, packet) }
    if state & 2 != 0 { log.gap("the server's port was overrun", port, packet) }
    if state & 12 != 0 { log.gap("framing or parity error", port, packet) }
  }

  /// The first notice tells how the lines stand; later ones, what changed.
  private mutating func modemLines(_ state: UInt8, _ port: Port, _ packet: Packet, _ log: inout PacketLog) {
    let changed = modemState.map { $0 ^ state } ?? (state & 0x0F) << 4
    modemState = state
    for (name, bit) in [("cts", UInt8(16)), ("dsr", 32), ("ri", 64), ("dcd", 128)] where changed & bit != 0 {
      log.control("\(name)=\(state & bit == 0 ? 0 : 1)", port, packet)
    }
  }
}
