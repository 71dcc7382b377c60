import Trace

/// System calls of a program on a tty, as strace prints them: `write(3, "AT\r", 3) = 3`. A descriptor is a modem's line
/// when `-y` says that it is a tty, when it was opened as one, or once an AT command was written to it.
struct StraceDialect: LineDialect {
  static let name = "strace"
  static let summary = "strace of read and write: `10:21:00.258144 write(3, \"\\x41\\x54\\x0d\", 3) = 3`"
  static let example = #"10:21:00.258144 write(3, "\x41\x54\x0d", 3) = 3"#

  private static let stamps = ["hh:mm:ss.f ", "hh:mm:ss ", "S.f "].map { StampPattern($0) }
  private static let reads = ["read(", "readv(", "pread64("]
  private static let writes = ["write(", "writev(", "pwrite64("]
  /// The most descriptors that are kept in mind.
  private static let lineLimit = 64

  private var lines: Set<Int64> = []

  private struct Call {
    var stamp: LogStamp?
    var isRead: Bool
    var descriptor: Int64
    var path: LineText
    /// As strace writes it.
    var quoted: LineText
    /// How many bytes went over the line.
    var count: Int64
  }

  static func evidence(_ line: LineText) -> LineEvidence {
    if let call = call(line) {
      return isTerminal(call.path) || isCommand(call) ? .record : .kindred
    }
    return line.parted(at: ") = ") == nil && line.parted(at: "+++ ") == nil ? .stranger : .kindred
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    guard let call = StraceDialect.call(line) else {
      if let opened = StraceDialect.opened(line) { remember(opened.descriptor, isLine: opened.isTerminal) }
      return log.remark(line)
    }
    // With the name of its file nothing has to be guessed.
    if call.path.isEmpty, StraceDialect.isCommand(call) { remember(call.descriptor, isLine: true) }
    guard call.path.isEmpty ? lines.contains(call.descriptor) : StraceDialect.isTerminal(call.path) else {
      return log.remark(line)
    }
    let port = log.port(named: call.path.isEmpty ? [UInt8]("fd\(call.descriptor)".utf8)[...] : call.path)
    let instant = log.instant(of: call.stamp)
    var shown = 0
    log.data(call.isRead ? .modemToHost : .hostToModem, at: instant, port: port) { bytes in
      let start = bytes.count
      TextEscapes.undo(call.quoted, into: &bytes)
      shown = bytes.count - start
    }
    if call.count > Int64(shown) {
      log.gap("strace shows \(shown) of \(call.count) bytes; use its option -s", port: port)
    }
  }

  private mutating func remember(_ descriptor: Int64, isLine: Bool) {
    if !isLine {
      lines.remove(descriptor)
    } else if lines.count < StraceDialect.lineLimit {
      lines.insert(descriptor)
    }
  }

  private static func isCommand(_ call: Call) -> Bool {
    !call.isRead && ModemLine.isCommand(Ascii.trimmed(TextEscapes.undo(call.quoted).bytes[...]))
  }

  private static func isTerminal(_ path: LineText) -> Bool {
    path.starts(with: "/dev/tty".utf8) || path.starts(with: "/dev/pts/".utf8) || path.starts(with: "/dev/cu".utf8)
      || path.starts(with: "/dev/serial".utf8)
  }

  /// Without the number of the process and the time.
  private static func head(_ line: LineText) -> (stamp: LogStamp?, rest: LineText) {
    var rest = line.withoutLineEnd
    if let bracketed = rest.after("[pid "), let parts = bracketed.parted(at: "] ", within: 10) { rest = parts.behind }
    let number = rest.prefix(while: Ascii.isDigit)
    if !number.isEmpty, number.count <= 8, rest.dropFirst(number.count).first == Ascii.blank {
      rest = rest.dropFirst(number.count).withoutIndent
    }
    for pattern in stamps {
      if let found = pattern.parse(rest) { return (found.stamp, found.rest) }
    }
    return (nil, rest)
  }

  private static func call(_ line: LineText) -> Call? {
    let (stamp, text) = head(line)
    let isRead: Bool
    let rest: LineText
    if let name = reads.first(where: { text.starts(with: $0.utf8) }) {
      (isRead, rest) = (true, text.dropFirst(name.utf8.count))
    } else if let name = writes.first(where: { text.starts(with: $0.utf8) }) {
      (isRead, rest) = (false, text.dropFirst(name.utf8.count))
    } else {
      return nil
    }
    guard let (descriptor, quoted) = rest.parted(at: "\"", within: 200), let (number, path) = file(descriptor),
      let end = endOfString(quoted), let (_, result) = quoted[end...].parted(at: ") "),
      let value = result.withoutIndent.after("= "),
      let count = value.prefix(while: Ascii.isDigit).decimal
    else { return nil }
    return Call(
      stamp: stamp, isRead: isRead, descriptor: number, path: path, quoted: quoted[..<end], count: count)
  }

  /// `3, ` or `3</dev/ttyUSB0>, ` or `3</dev/ttyUSB0<char 188:0>>, `.
  private static func file(_ text: LineText) -> (Int64, LineText)? {
    let digits = text.prefix(while: Ascii.isDigit)
    guard let number = digits.decimal else { return nil }
    guard let path = text.dropFirst(digits.count).after("<") else { return (number, []) }
    return (number, path.prefix { $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "<") })
  }

  private static func endOfString(_ text: LineText) -> Int? {
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == Ascii.quote { return index }
      index += text[index] == Ascii.backslash ? 2 : 1
    }
    return nil
  }

  private static func opened(_ line: LineText) -> (descriptor: Int64, isTerminal: Bool)? {
    let text = head(line).rest
    guard text.after("openat(") ?? text.after("open(") != nil, let (_, path) = text.parted(at: "\""),
      let (_, result) = path.parted(at: ") "), let number = result.withoutIndent.after("= ")
    else { return nil }
    guard let descriptor = number.prefix(while: Ascii.isDigit).decimal else { return nil }
    return (descriptor, isTerminal(path))
  }
}
