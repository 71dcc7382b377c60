import Trace

/// Makes of a short message in text mode the TPDU that a modem makes of it (TS 23.040 9.2.2), as far as its text tells:
/// without a service centre, a reference or a time of validity.
struct MessageText {
  /// What a command or a line says of a message.
  struct Envelope: Sendable, Hashable {
    var address: [UInt8]
    /// When the network took it: `yy/MM/dd,hh:mm:ss±zz`. None where the host submits it.
    var stamp: [UInt8]?

    var isSubmit: Bool { stamp == nil }

    /// Of a message that the host enters: `AT+CMGS="+49…"`. In PDU mode a number stands there.
    init?(command: ArraySlice<UInt8>) {
      guard let text = command.parted(at: "+CMGS=\"", within: 64) ?? command.parted(at: "+CMGW=\"", within: 64) else {
        return nil
      }
      address = Array(text.behind.prefix { $0 != Ascii.quote })
      guard !address.isEmpty else { return nil }
    }

    /// Of a message that the modem shows, told by the time that only text mode has; or by being one's own.
    init?(line: ArraySlice<UInt8>) {
      let isShown = line.after("+CMGR: ") != nil || line.after("+CMGL: ") != nil
      guard isShown || line.after("+CMT: ") != nil else { return nil }
      let quoted = line.split(separator: Ascii.quote, omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset % 2 == 1 }.map { Array($0.element) }
      guard let sender = quoted.dropFirst(isShown ? 1 : 0).first, !sender.isEmpty else { return nil }
      address = sender
      if let found = quoted.last, Envelope.isStamp(found) {
        stamp = found
      } else {
        guard isShown, quoted[0].starts(with: "STO ".utf8) else { return nil }
      }
    }

    private static let shape = Array("00/00/00,00:00:00".utf8)

    private static func isStamp(_ text: [UInt8]) -> Bool {
      guard text.count == shape.count || text.count == shape.count + 3 else { return false }
      return zip(text, shape).allSatisfy { Ascii.isDigit($1) ? Ascii.isDigit($0) : $0 == $1 }
        && text.dropFirst(shape.count + 1).allSatisfy(Ascii.isDigit)
    }
  }

  private static let septetLimit = 160
  private static let octetLimit = 140
  private static let addressLimit = 20

  /// The TPDU, or `nil` where the text has characters whose place in the alphabet is not known, or is too long.
  static func octets(_ envelope: Envelope, _ text: [UInt8]) -> [UInt8]? {
    // With the character set UCS2 the address is written in it too.
    let wide = wide(envelope.address)
    guard let address = address(wide.map { $0.filter { $0 != 0 } } ?? envelope.address) else { return nil }
    let head = envelope.isSubmit ? [0x01, 0] : [UInt8](arrayLiteral: 0x04)
    let stamp = envelope.stamp.map(time) ?? []
    if wide != nil {
      guard let content = MessageText.wide(text), content.count <= octetLimit else { return nil }
      return head + address + [0, 8] + stamp + [UInt8(content.count)] + content
    }
    guard let septets = septets(text), septets.count <= septetLimit else { return nil }
    return head + address + [0, 0] + stamp + [UInt8(septets.count)] + packed(septets)
  }

  /// The octets of text in UCS2: four digits a character.
  private static func wide(_ text: [UInt8]) -> [UInt8]? {
    guard text.count >= 8, text.count % 4 == 0, text.starts(with: "00".utf8), text.allSatisfy(Ascii.isHexDigit) else {
      return nil
    }
    return stride(from: 0, to: text.count, by: 2).compactMap { TextEscapes.hexadecimal(text[$0..<($0 + 2)]) }
  }

  private static func address(_ text: [UInt8]) -> [UInt8]? {
    let digits = text.first == Ascii.plus ? text.dropFirst() : text[...]
    let codes = digits.compactMap { byte -> UInt8? in
      if Ascii.isDigit(byte) { return byte - 0x30 }
      return byte == UInt8(ascii: "*") ? 10 : byte == Ascii.hash ? 11 : nil
    }
    guard codes.count == digits.count else {
      // A name instead of a number.
      guard let name = septets(text), name.count * 7 <= addressLimit * 4 else { return nil }
      return [UInt8((name.count * 7 + 3) / 4), 0xD0] + packed(name)
    }
    guard codes.count <= addressLimit else { return nil }
    let type: UInt8 = text.first == Ascii.plus ? 0x91 : 0x81
    return [UInt8(codes.count), type]
      + stride(from: 0, to: codes.count, by: 2).map {
        codes[$0] | ($0 + 1 < codes.count ? codes[$0 + 1] : 0xF) << 4
      }
  }

  /// Seven numbers of two digits, each with its digits swapped; the sign of the zone stands in the last one.
  private static func time(_ text: [UInt8]) -> [UInt8] {
    let digits = text.filter(Ascii.isDigit).map { $0 - 0x30 } + [0, 0]
    var octets = (0..<7).map { digits[$0 * 2] | digits[$0 * 2 + 1] << 4 }
    if text.last(where: { !Ascii.isDigit($0) }) == Ascii.minus { octets[6] |= 0x08 }
    return octets
  }

  // MARK: The alphabet of TS 23.038 6.2.1

  private static let escaped: [UInt8: UInt8] = [
    UInt8(ascii: "^"): 0x14, UInt8(ascii: "{"): 0x28, UInt8(ascii: "}"): 0x29, UInt8(ascii: "\\"): 0x2F,
    UInt8(ascii: "["): 0x3C, UInt8(ascii: "~"): 0x3D, UInt8(ascii: "]"): 0x3E, UInt8(ascii: "|"): 0x40,
  ]

  private static func septets(_ text: [UInt8]) -> [UInt8]? {
    var septets: [UInt8] = []
    for byte in text {
      switch byte {
      case UInt8(ascii: "@"): septets.append(0x00)
      case UInt8(ascii: "$"): septets.append(0x02)
      case UInt8(ascii: "_"): septets.append(0x11)
      case UInt8(ascii: "`"): return nil
      case 0x0A, 0x0D, 0x20...0x5A, 0x61...0x7A: septets.append(byte)
      default:
        guard let second = escaped[byte] else { return nil }
        septets += [Ascii.escape, second]
      }
    }
    return septets
  }

  private static func packed(_ septets: [UInt8]) -> [UInt8] {
    var octets: [UInt8] = []
    var bits: UInt16 = 0
    var count: UInt16 = 0
    for septet in septets {
      bits |= UInt16(septet) << count
      count += 7
      while count >= 8 {
        octets.append(UInt8(truncatingIfNeeded: bits))
        bits >>= 8
        count -= 8
      }
    }
    if count > 0 { octets.append(UInt8(truncatingIfNeeded: bits)) }
    return octets
  }
}
