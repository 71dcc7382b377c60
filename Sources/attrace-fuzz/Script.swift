import Profile
import Trace

/// Reads fuzz input as sessions: a small language of pieces, so that few bytes reach deep states.
enum Script {
  struct Writer {
    var batch = ChunkBatch()
    var time: Int64 = 0

    mutating func say(
      _ direction: Direction, _ bytes: some Collection<UInt8>, kind: Chunk.Kind = .data, port: UInt16 = 0,
      after: Int64 = 20_000_000
    ) {
      time &+= after
      batch.append(
        kind, direction, port: Port(port), at: Instant(nanoseconds: time), place: batch.chunks.count + 1, bytes: bytes)
    }
  }

  /// The head of a piece tells what it is (upper three bits) and its length, or which phrase (lower five).
  static func session(_ input: [UInt8]) -> ChunkBatch {
    var writer = Writer()
    write(input[...], &writer)
    return writer.batch
  }

  /// Input beyond this would only be slow.
  static let pieceLimit = 400

  static func write(_ input: ArraySlice<UInt8>, _ writer: inout Writer) {
    var rest = input
    while let head = rest.popFirst(), writer.batch.chunks.count < pieceLimit {
      let low = Int(head & 31)
      switch head >> 5 {
      case 0: writer.say(.modemToHost, taken(low + 1, &rest))
      case 1: writer.say(.hostToModem, taken(low + 1, &rest))
      case 2: writer.say(.unknown, taken(low + 1, &rest))
      case 3: writer.say(low & 1 == 0 ? .hostToModem : .modemToHost, taken(low + 1, &rest), port: 1)
      case 4: writer.say(.modemToHost, phrase(answers, low, &rest), after: 50_000_000)
      case 5: writer.say(.hostToModem, phrase(orders, low, &rest), after: 100_000_000)
      case 6: writer.say(.hostToModem, command(low, &rest), after: 100_000_000)
      default: special(low, &rest, &writer)
      }
    }
  }

  private static func special(_ low: Int, _ rest: inout ArraySlice<UInt8>, _ writer: inout Writer) {
    switch low {
    case 0: writer.say(.unknown, [], kind: .gap)
    case 1:
      writer.time = max(0, writer.time &- 1_000_000_000)
      writer.say(.unknown, [], kind: .clockStep)
    case 2: writer.say(.unknown, "dtr=0".utf8, kind: .control)
    case 3: writer.say(.unknown, "dcd=1".utf8, kind: .control)
    case 4: writer.say(.unknown, taken(8, &rest), kind: .malformed)
    case 5: writer.time &+= 30_000_000_000
    case 6: writer.time &+= 1_200_000_000
    case 7: writer.time &+= 600_000_000_000
    default: writer.say(.unknown, phrase(low < 20 ? answers : orders, low, &rest))
    }
  }

  static func taken(_ count: Int, _ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let piece = rest.prefix(count)
    rest = rest.dropFirst(count)
    return piece
  }

  private static let orders = [
    "AT\r", "ATE0\r", "ATE1\r", "ATV0\r", "ATV1\r", "ATQ1\r", "ATQ0\r", "A/", "AT+CMEE=1\r", "AT+CSQ;+CREG?\r",
    "ATD*99#\r", "+++", "ATO\r", "ATH\r", "ATZ\r", "AT&F\r", "AT+CMGF=1\r", "AT+CMGS=\"123\"\r", "AT+CMGL=\"ALL\"\r",
    "AT+SAPBR=1,1\r", "AT+EMAILCID=1\r", "AT+POP3SRV=\"h\",\"u\",\"p\",110\r", "AT+POP3IN\r", "AT+POP3CMD=4,1\r",
    "AT+POP3READ=#\r", "AT+POP3OUT\r", "AT+SMTPBODY\r", "AT+SMTPFT=#\r", "AT+SMTPSEND\r", "\u{1A}", "\u{1B}",
    "at+csq\n",
  ]

  private static let answers = [
    "\r\nOK\r\n", "\r\nERROR\r\n", "\r\n+CME ERROR: #\r\n", "\r\nCONNECT\r\n", "\r\nCONNECT 115200\r\n",
    "\r\nNO CARRIER\r\n", "\r\nBUSY\r\n", "\r\nRING\r\n", "\r\n> ", "\r\n>", "0\r", "4\r", "\r\n+CSQ: #,99\r\n",
    "\r\n+CREG: 0,1\r\n", "\r\n+CMTI: \"SM\",#\r\n", "\r\n+CMT: \"12\",,\"\"\r\ntext\r\n",
    "\r\n+CMGL: 1,\"REC READ\",\"+4912345\",,\"20/01/01,10:00:00+04\"\r\nhello\r\n", "\r\n+POP3IN: 1\r\n",
    "\r\n+POP3CMD: 1\r\n", "\r\n+POP3READ: 1,#\r\n", "\r\n+POP3READ: 2,#\r\n", "\r\n+POP3OUT: 1\r\n",
    "\r\n+SMTPFT: 1,1360\r\n", "\r\n+SMTPFT: 2,#\r\n", "\r\n+SMTPSEND: 1\r\n", "\r\nRDY\r\n", "\r\n.\r\n",
    "+OK 12 octets\r\n", "AT+CSQ\r", "AT+CSQ\r\r\n+CSQ: 3,0\r\n\r\nOK\r\n", "\r\n+CMS ERROR: #\r\n", "\r\n",
  ]

  /// A phrase; `#` stands for a number that the next byte gives.
  private static func phrase(_ phrases: [String], _ index: Int, _ rest: inout ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    for byte in phrases[index % phrases.count].utf8 {
      if byte == UInt8(ascii: "#") { bytes += "\(rest.popFirst() ?? 1)".utf8 } else { bytes.append(byte) }
    }
    return bytes
  }

  /// Any command that the profile knows, with parameters out of a few.
  private static func command(_ low: Int, _ rest: inout ArraySlice<UInt8>) -> [UInt8] {
    guard let book = Inspection.book, !book.commands.isEmpty else { return [] }
    let index = (low << 8 | Int(rest.popFirst() ?? 0)) % book.commands.count
    let shape = rest.popFirst() ?? 0
    let forms = ["", "?", "=?", "="]
    let values = [
      "1", "0", "\"a\"", "", "\"", "65536", "-1", "(0-2)", "\"a,b\"", "1,2", "1,\"a\",3", "99999999999999999999",
    ]
    var text = "AT\(book.commands[index].name)\(forms[Int(shape & 3)])"
    if shape & 3 == 3 { text += values[Int(shape >> 2) % values.count] }
    return Array((text + "\r").utf8)
  }

  /// Orders with their answers, as they stand.
  static func written(_ dialogue: [(order: String, answer: String)]) -> ChunkBatch {
    var writer = Writer()
    for (order, answer) in dialogue {
      writer.say(.hostToModem, order.utf8)
      writer.say(.modemToHost, answer.utf8)
    }
    writer.say(.hostToModem, "AT\r".utf8, after: 600_000_000_000)
    return writer.batch
  }

  /// A prompt, a counted block or a data call is open when the input begins.
  static func framing(_ input: [UInt8]) -> ChunkBatch {
    let openings = [
      ("AT+SMTPBODY\r", "\r\n>"), ("AT+SMTPFT=50\r", "\r\n+SMTPFT: 2,50\r\n"),
      ("AT+POP3READ=50\r", "\r\n+POP3READ: 1,50\r\n"), ("ATD*99#\r", "\r\nCONNECT\r\n"),
      ("AT+CMGS=\"123\"\r", "\r\n> "),
    ]
    guard let first = input.first else { return ChunkBatch() }
    let opening = openings[Int(first) % openings.count]
    var writer = Writer()
    writer.say(.hostToModem, opening.0.utf8)
    writer.say(.modemToHost, opening.1.utf8)
    writer.time &+= 1_000_000_000
    write(input.dropFirst(), &writer)
    return writer.batch
  }

  /// The input is a response of a mail server, read in chunks.
  static func mail(_ input: [UInt8]) -> ChunkBatch {
    var writer = Writer()
    let kind = (input.first ?? 0) % 4 + 1
    let size = 1 + Int(input.dropFirst().first ?? 99)
    let response = Array(input.dropFirst(2))
    writer.say(.hostToModem, "AT+POP3CMD=\(kind)\(kind > 2 ? ",1" : "")\(kind == 3 ? ",2" : "")\r".utf8)
    writer.say(.modemToHost, "\r\nOK\r\n\r\n+POP3CMD: 1\r\n".utf8)
    var at = 0
    while at < response.count, writer.batch.chunks.count < pieceLimit {
      let end = min(response.count, at + size)
      writer.say(.hostToModem, "AT+POP3READ=\(size)\r".utf8)
      let head = Array("\r\n+POP3READ: \(end == response.count ? 2 : 1),\(end - at)\r\n".utf8)
      writer.say(.modemToHost, head + response[at..<end] + Array("\r\nOK\r\n".utf8))
      at = end
    }
    return writer.batch
  }
}
