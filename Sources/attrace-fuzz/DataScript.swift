import Sessions
import Trace

/// Fuzz input as data phases: each begins where its bytes are looked at, and right frames come as often as wrong ones.
extension Script {
  /// Escaped, transparent, counted and mail data of an invented modem.
  static func data(_ input: [UInt8]) -> ChunkBatch {
    let openings = [
      ("AT+PUT\r", "\r\nOK\r\n\r\n+PUT: 2\r\n"), ("AT+GET\r", "\r\nOK\r\n\r\n+GET: 2\r\n"),
      ("AT+TALK\r", "\r\nGo\r\n"), ("AT+PIPE\r", "\r\nOK\r\n"), ("AT+SEND=1,2,9\r", "\r\nOK\r\n"),
      ("AT+MAIL\r", "\r\nMail\r\n"), ("AT+LIST\r", "\r\n+LIST: 1\r\n"), ("AT\r", "\r\n+IN: 1,9,"),
    ]
    guard let first = input.first else { return ChunkBatch() }
    var writer = Writer()
    if first & 0x40 != 0 {
      writer.say(.hostToModem, "AT+\(first & 0x80 != 0 ? "RAW" : "PACK")=1\r".utf8)
      writer.say(.modemToHost, "\r\nOK\r\n".utf8)
    }
    let opening = openings[Int(first) % openings.count]
    writer.say(.hostToModem, opening.0.utf8)
    writer.say(.modemToHost, opening.1.utf8)
    write(input.dropFirst(), &writer)
    return writer.batch
  }

  /// Blocks, answers and silences; the head of a piece says which and what is wrong with it.
  static func xmodem(_ input: [UInt8]) -> ChunkBatch {
    var writer = Writer()
    var rest = input[...]
    let first = rest.popFirst() ?? 0
    if first & 1 == 0 {
      writer.say(.hostToModem, "AT+LOAD\r".utf8)
      writer.say(.modemToHost, "\r\n> ".utf8)
    }
    writer.say(.modemToHost, [first & 2 == 0 ? 0x43 : 0x15], after: 3_000_000_000)
    var number = 1
    while let head = rest.popFirst(), writer.batch.chunks.count < pieceLimit {
      let low = Int(head & 15)
      switch head >> 4 {
      case 0...3:
        let isSum = head & 0x10 != 0
        var block = XModemLine.block(
          number, XModemLine.data(number, count: head & 0x20 != 0 ? 1024 : 128), isSum ? .sum : .crc)
        if low & 1 != 0 { block[Int(rest.popFirst() ?? 0) % block.count] ^= 1 }
        if low & 2 != 0 { block.removeLast(Int(rest.popFirst() ?? 0) % block.count) }
        if low & 4 != 0 { block += taken(Int(rest.popFirst() ?? 0) & 31, &rest) }
        writer.say(.hostToModem, block)
        if low & 8 == 0 { number += 1 }
      case 4, 5: writer.say(.modemToHost, [6])
      case 6: writer.say(.modemToHost, [0x15])
      case 7: writer.say(.modemToHost, [low & 1 == 0 ? 0x18 : 0x43])
      case 8: writer.say(.hostToModem, [4])
      case 9: writer.say(.hostToModem, [0x18, 0x18])
      case 10: writer.time &+= Int64(low + 1) * 700_000_000
      case 11: writer.say(.hostToModem, taken(low + 1, &rest))
      case 12: writer.say(.modemToHost, taken(low + 1, &rest))
      case 13: writer.say(.modemToHost, "\r\nOK\r\n".utf8)
      case 14: writer.say(.hostToModem, "AT\r".utf8)
      default: number &+= low - 7
      }
    }
    return writer.batch
  }

  /// The input as a PDU that is listed, sent, or comes by itself.
  static func message(_ input: [UInt8]) -> ChunkBatch {
    var writer = Writer()
    let first = input.first ?? 0
    let octets = input.dropFirst().prefix(200)
    let digits = octets.map { (byte: UInt8) -> String in
      (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
    let length = first & 0x80 == 0 ? max(0, octets.count - 1 - Int(octets.first ?? 0)) : Int(first)
    for copy in 0..<(1 + Int(first >> 2 & 3)) {
      switch first & 3 {
      case 0:
        writer.say(.hostToModem, "AT+CMGS=\(length)\r".utf8)
        writer.say(.modemToHost, "\r\n> ".utf8)
        writer.say(.hostToModem, (digits + "\u{1A}").utf8)
        writer.say(.modemToHost, "\r\n+CMGS: \(copy)\r\n\r\nOK\r\n".utf8)
      case 1:
        writer.say(.hostToModem, "AT+CMGL=4\r".utf8)
        writer.say(.modemToHost, "\r\n+CMGL: 1,1,,\(length)\r\n\(digits)\r\n\r\nOK\r\n".utf8)
      case 2: writer.say(.modemToHost, "\r\n+CMT: ,\(length)\r\n\(digits)\r\n".utf8)
      default: writer.say(.modemToHost, "\r\n+CDS: \(length)\r\n\(digits)\r\n".utf8)
      }
    }
    return writer.batch
  }

  /// A call whose data are frames with a right check sequence, or anything.
  static func call(_ input: [UInt8]) -> ChunkBatch {
    var writer = Writer()
    writer.say(.hostToModem, "ATD*99#\r".utf8)
    writer.say(.modemToHost, "\r\nCONNECT\r\n".utf8)
    var rest = input[...]
    let protocols: [UInt16] = [0xC021, 0xC023, 0xC223, 0x8021, 0x8057, 0x0021, 0x0057, 0x00FD]
    while let head = rest.popFirst(), writer.batch.chunks.count < pieceLimit {
      let direction: Direction = head & 0x80 == 0 ? .hostToModem : .modemToHost
      let count = Int(head & 15)
      switch head >> 4 & 7 {
      case 0...3:
        let number = protocols[Int(head >> 4 & 3) * 2 + Int(rest.popFirst() ?? 0) % 2]
        writer.say(direction, Frames.ppp([0xFF, 0x03, UInt8(number >> 8), UInt8(number & 255)] + taken(count, &rest)))
      case 4: writer.say(direction, [0x7E])
      case 5: writer.say(direction, taken(count + 1, &rest), after: 1_500_000_000)
      case 6: writer.say(.hostToModem, "+++".utf8, after: 2_000_000_000)
      default: writer.say(.modemToHost, count & 1 == 0 ? "\r\nOK\r\n".utf8 : "\r\nNO CARRIER\r\n".utf8)
      }
    }
    return writer.batch
  }

  /// A multiplexed line: frames with a right check sequence, or anything.
  static func mux(_ input: [UInt8]) -> ChunkBatch {
    var writer = Writer()
    var rest = input[...]
    let isAdvanced = (rest.popFirst() ?? 0) & 1 == 1
    writer.say(.hostToModem, "AT+CMUX=\(isAdvanced ? 1 : 0)\r".utf8)
    writer.say(.modemToHost, "\r\nOK\r\n".utf8)
    let controls: [UInt8] = [0x3F, 0x73, 0x1F, 0x53, 0xEF, 0xEF, 0x03, 0xFF]
    let texts = ["AT+CSQ\r", "\r\nOK\r\n", "\r\n+CSQ: 9,0\r\n", "AT+CPIN=\"1234\"\r"]
    while let head = rest.popFirst(), writer.batch.chunks.count < pieceLimit {
      let direction: Direction = head & 0x80 == 0 ? .hostToModem : .modemToHost
      if head & 0x40 != 0 {
        writer.say(direction, taken(Int(head & 31) + 1, &rest))
        continue
      }
      let control = controls[Int(head >> 3 & 7)]
      let choice = rest.popFirst() ?? 0
      var info: [UInt8] = []
      if control == 0xEF {
        info = choice & 0x80 == 0 ? Array(texts[Int(choice >> 5 & 3)].utf8) : Array(taken(Int(choice & 15), &rest))
      }
      writer.say(direction, Frames.mux(head & 7, control, info, isAdvanced: isAdvanced))
    }
    return writer.batch
  }
}
