import Profile
import Trace

/// Reads short messages in PDU form: hexadecimal digits that a host enters or a modem shows.
///
/// Output vocabulary: one `payload` event `sms` a message, with its text; `malformed` with the `sms…` codes. Parts of
/// long messages are kept in mind (without their text) to know which belong together.
struct SMSDecoder {
  /// A long message of which parts were seen.
  private struct Long {
    var direction: Direction
    var address: UInt64
    var reference: Int
    var parts: Int
    var seen: [(part: Int, content: UInt64)] = []
    var first: Instant
    var last: Instant
  }

  private var long: [Long] = []

  /// The octets of a PDU, or `nil` where the text is none.
  private static func octets(_ text: [UInt8]) -> [UInt8]? {
    var octets: [UInt8] = []
    octets.reserveCapacity(text.count / 2)
    var high: UInt8?
    for byte in text where byte != 0x0D && byte != 0x0A {
      guard let digit = digit(byte) else { return nil }
      if let first = high {
        octets.append(first << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return high == nil ? octets : nil
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }

  /// `announced`: the number of TPDU octets that the command or line gave, or -1. `isListed`: the modem shows a stored
  /// message rather than one that has just come.
  mutating func take(_ text: [UInt8], announced: Int64, _ stamp: Event, _ out: inout EventBatch) {
    guard let octets = Self.octets(text), !octets.isEmpty else {
      fault(.smsDigits, stamp, Int64(text.count), 0, &out)
      return
    }
    let pdu = SMSPDU(octets)
    for number in pdu.numbers { _ = out.numbers.number(of: number.span) }
    if announced >= 0, announced != Int64(pdu.octets) {
      fault(.smsLength, stamp, announced, Int64(pdu.octets), &out)
    }
    for wrong in pdu.faults { report(wrong, stamp, &out) }
    let (gap, span) = noteLong(pdu, stamp, &out)
    var event = stamp
    event.kind = .payload
    event.code = Int32(PayloadEvent.sms.rawValue)
    event.length = Int32(truncatingIfNeeded: text.count)
    let start = out.text.count
    out.text.append(contentsOf: pdu.text.utf8)
    event.text = Slice(start: start, count: out.text.count - start)
    let first = out.fields.count
    let values: [Int64] = [
      pdu.kind.rawValue, Int64(pdu.octets), announced, pdu.alphabet.rawValue, Int64(pdu.length), Int64(pdu.characters),
      Int64(pdu.reference), Int64(pdu.parts), Int64(pdu.part), pdu.time, pdu.status, gap, span,
      Int64(bitPattern: pdu.addressHash),
    ]
    for value in values { out.fields.append(Field(kind: .integer, number: value)) }
    event.fields = Slice(start: first, count: values.count)
    out.events.append(event)
  }

  private func report(_ wrong: SMSPDU.Fault, _ stamp: Event, _ out: inout EventBatch) {
    switch wrong {
    case .ends(let part): fault(.smsEnds, stamp, part.rawValue, 0, &out)
    case .userData(let there, let said): fault(.smsUserData, stamp, Int64(there), Int64(said), &out)
    case .tooLong(let length, let most): fault(.smsTooLong, stamp, Int64(length), Int64(most), &out)
    case .timestamp: fault(.smsTime, stamp, 0, 0, &out)
    case .part(let part, let parts): fault(.smsPart, stamp, Int64(part), Int64(parts), &out)
    }
  }

  private func fault(_ what: Malformed, _ stamp: Event, _ a: Int64, _ b: Int64, _ out: inout EventBatch) {
    var wrong = stamp
    wrong.kind = .malformed
    wrong.code = what.rawValue
    wrong.a = a
    wrong.b = b
    wrong.c = 0
    out.events.append(wrong)
  }

  // MARK: Long messages

  /// Milliseconds since the part before and since the first part of the same message; -1 where there is none.
  private mutating func noteLong(_ pdu: SMSPDU, _ stamp: Event, _ out: inout EventBatch) -> (Int64, Int64) {
    guard pdu.parts > 1 else { return (-1, -1) }
    guard
      let index = long.firstIndex(where: {
        $0.direction == stamp.direction && $0.address == pdu.addressHash && $0.reference == pdu.reference
          && $0.parts == pdu.parts
      })
    else {
      if long.count >= Limits.longMessages { long.removeFirst() }
      long.append(
        Long(
          direction: stamp.direction, address: pdu.addressHash, reference: pdu.reference, parts: pdu.parts,
          seen: [(pdu.part, pdu.contentHash)], first: stamp.start, last: stamp.start))
      return (-1, -1)
    }
    if let before = long[index].seen.first(where: { $0.part == pdu.part }) {
      // The same part with the same content is one that is sent or listed again.
      guard before.content != pdu.contentHash else { return (-1, -1) }
      fault(.smsPartRepeated, stamp, Int64(pdu.part), Int64(pdu.parts), &out)
    } else {
      long[index].seen.append((pdu.part, pdu.contentHash))
    }
    let gap = stamp.start.since(long[index].last).map { $0 / 1_000_000 } ?? -1
    let span = stamp.start.since(long[index].first).map { $0 / 1_000_000 } ?? -1
    long[index].last = stamp.start
    if long[index].seen.count >= long[index].parts { long.remove(at: index) }
    return (gap, span)
  }
}
