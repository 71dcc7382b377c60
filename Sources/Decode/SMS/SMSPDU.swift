import Profile
import Trace

/// One PDU of a short message (3GPP TS 23.040, 9.2), taken apart.
struct SMSPDU {
  enum Kind: Int64 {
    case deliver, submit, statusReport, other
  }

  enum Alphabet: Int64 {
    case gsm7, octets, ucs2
  }

  /// What is wrong with it; the first such thing.
  enum Fault {
    /// It ends within the field of this number (see `Field`).
    case ends(Part)
    /// The user data have more or fewer octets than their length says. `a`: octets there, `b`: octets said.
    case userData(there: Int, said: Int)
    /// A length of user data beyond what a message can hold. `a`: the length, `b`: the most.
    case tooLong(length: Int, most: Int)
    case timestamp
    case part(part: Int, of: Int)
  }

  /// The fields in which a PDU may end.
  enum Part: Int64 {
    case serviceCentre, firstOctet, address, protocolIdentifier, timestamp, validity, userDataLength, header
  }

  private(set) var kind = Kind.other
  /// Octets of the TPDU: without the service centre.
  private(set) var octets = 0
  private(set) var alphabet = Alphabet.gsm7
  /// TP-UDL: septets or octets.
  private(set) var length = 0
  private(set) var characters = 0
  private(set) var text = ""
  private(set) var addressHash: UInt64 = 0
  /// The digits of the centre and of the address.
  private(set) var numbers: [[UInt8]] = []
  private(set) var reference = 0
  private(set) var parts = 0
  private(set) var part = 0
  /// Seconds since 2000 of the service centre's time stamp, or -1.
  private(set) var time: Int64 = -1
  /// TP-ST of a status report, or -1.
  private(set) var status: Int64 = -1
  /// A hash of the user data, to know a part sent again.
  private(set) var contentHash: UInt64 = 0
  private(set) var faults: [Fault] = []

  static let mostOctets = 140
  static let mostSeptets = 160

  private var bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    read()
  }

  // MARK: Reading

  private mutating func next(_ part: Part) -> UInt8? {
    guard at < bytes.count else {
      faults.append(.ends(part))
      return nil
    }
    defer { at += 1 }
    return bytes[at]
  }

  private mutating func skip(_ count: Int, _ part: Part) -> ArraySlice<UInt8>? {
    guard at + count <= bytes.count else {
      faults.append(.ends(part))
      return nil
    }
    defer { at += count }
    return bytes[at..<at + count]
  }

  private mutating func read() {
    guard let centre = next(.serviceCentre), let service = skip(Int(centre), .serviceCentre) else { return }
    // Its type stands before its digits, and there is no number of them.
    note(service.dropFirst(), digits: service.count * 2)
    octets = bytes.count - at
    guard let first = next(.firstOctet) else { return }
    let hasHeader = first & 0x40 != 0
    switch first & 0x03 {
    case 0:
      kind = .deliver
      readDeliver(hasHeader)
    case 1:
      kind = .submit
      readSubmit(first, hasHeader)
    case 2:
      kind = .statusReport
      readReport()
    default: kind = .other
    }
  }

  private mutating func readDeliver(_ hasHeader: Bool) {
    guard readAddress(), next(.protocolIdentifier) != nil, let coding = next(.protocolIdentifier),
      let stamp = skip(7, .timestamp)
    else { return }
    readTime(stamp)
    readUserData(coding, hasHeader)
  }

  private mutating func readSubmit(_ first: UInt8, _ hasHeader: Bool) {
    guard next(.firstOctet) != nil, readAddress(), next(.protocolIdentifier) != nil,
      let coding = next(.protocolIdentifier)
    else { return }
    // 9.2.3.3: no validity, enhanced (7), relative (1) or absolute (7).
    let validity = [0, 7, 1, 7][Int(first >> 3 & 3)]
    guard skip(validity, .validity) != nil else { return }
    readUserData(coding, hasHeader)
  }

  private mutating func readReport() {
    guard next(.firstOctet) != nil, readAddress(), let stamp = skip(7, .timestamp), skip(7, .timestamp) != nil,
      let outcome = next(.timestamp)
    else { return }
    readTime(stamp)
    status = Int64(outcome)
  }

  /// 9.1.2.5: the number of digits, the type, the digits in pairs.
  private mutating func readAddress() -> Bool {
    guard let digits = next(.address), let type = next(.address),
      let number = skip((Int(digits) + 1) / 2, .address)
    else { return false }
    addressHash = TextHash.of(number)
    // Not where it is a name in letters.
    if type & 0x70 != 0x50 { note(number, digits: Int(digits)) }
    return true
  }

  private mutating func note(_ octets: ArraySlice<UInt8>, digits: Int) {
    var number: [UInt8] = []
    for octet in octets {
      for half in [octet & 15, octet >> 4] where half < 10 && number.count < digits { number.append(0x30 + half) }
    }
    if !number.isEmpty { numbers.append(number) }
  }

  // MARK: Time

  /// 9.2.3.11: year to second in half octets, the lower one first; then the time zone, which changes nothing here.
  private mutating func readTime(_ stamp: ArraySlice<UInt8>) {
    var values: [Int] = []
    for octet in stamp.prefix(6) {
      let low = Int(octet & 15)
      let high = Int(octet >> 4)
      guard low < 10, high < 10 else {
        faults.append(.timestamp)
        return
      }
      values.append(low * 10 + high)
    }
    guard values.count == 6 else { return }
    // A stamp of zeros is what a message has that no centre has stamped.
    if values.allSatisfy({ $0 == 0 }) { return }
    guard (1...12).contains(values[1]), (1...31).contains(values[2]), values[3] < 24, values[4] < 60, values[5] < 60
    else {
      faults.append(.timestamp)
      return
    }
    let days = Self.days(2000 + values[0], values[1], values[2])
    time = Int64(((days * 24 + values[3]) * 60 + values[4]) * 60 + values[5])
  }

  /// Days since 2000-01-01.
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month - 1]
    let years = year - 2000
    let leap = years / 4 + (years % 4 != 0 ? 1 : 0)
    return years * 365 + leap + before + (years % 4 == 0 && month > 2 ? 1 : 0) + day - 1
  }

  // MARK: User data

  /// TS 23.038, 4.
  private static func alphabet(_ coding: UInt8) -> (alphabet: Alphabet, isCompressed: Bool) {
    switch coding >> 4 {
    case 0x0...0x7:
      let kind: Alphabet =
        switch coding >> 2 & 3 {
        case 1: .octets
        case 2: .ucs2
        default: .gsm7
        }
      return (kind, coding & 0x20 != 0)
    case 0xE: return (.ucs2, false)
    case 0xF: return (coding & 4 != 0 ? .octets : .gsm7, false)
    default: return (.gsm7, false)
    }
  }

  private mutating func readUserData(_ coding: UInt8, _ hasHeader: Bool) {
    guard let said = next(.userDataLength) else { return }
    let isCompressed: Bool
    (alphabet, isCompressed) = Self.alphabet(coding)
    length = Int(said)
    let isPacked = alphabet == .gsm7 && !isCompressed
    let most = isPacked ? Self.mostSeptets : Self.mostOctets
    let wanted = isPacked ? (length * 7 + 7) / 8 : length
    let data = bytes[at...]
    contentHash = TextHash.of(data)
    if length > most {
      faults.append(.tooLong(length: length, most: most))
    } else if data.count != wanted {
      faults.append(.userData(there: data.count, said: wanted))
    }
    var header = 0
    if hasHeader {
      guard let first = data.first, Int(first) + 1 <= data.count else {
        faults.append(.ends(.header))
        return
      }
      header = Int(first) + 1
      readHeader(data.dropFirst().prefix(Int(first)))
    }
    readText(data, header, isPacked, isCompressed)
  }

  private mutating func readText(_ data: ArraySlice<UInt8>, _ header: Int, _ isPacked: Bool, _ isCompressed: Bool) {
    if isPacked {
      // 9.2.3.24: fill bits bring the text behind the header to the border of a septet.
      let skipped = (header * 8 + 6) / 7
      (text, characters) = GSM7.text(GSM7.unpack(data, count: length, skipped: skipped))
      return
    }
    let content = data.dropFirst(header).prefix(max(0, length - header))
    if alphabet == .ucs2, !isCompressed {
      var units: [UInt16] = []
      var index = content.startIndex
      while index + 1 < content.endIndex {
        units.append(UInt16(content[index]) << 8 | UInt16(content[index + 1]))
        index += 2
      }
      text = String(decoding: units, as: UTF16.self)
      characters = units.count
    } else {
      characters = content.count
      text = content.map { Self.hex($0) }.joined()
    }
  }

  private static func hex(_ byte: UInt8) -> String {
    let text = String(byte, radix: 16, uppercase: true)
    return byte < 16 ? "0" + text : text
  }

  /// 9.2.3.24.1 and .8: which part of which long message this is.
  private mutating func readHeader(_ header: ArraySlice<UInt8>) {
    var index = header.startIndex
    while index + 1 < header.endIndex {
      let size = Int(header[index + 1])
      let value = header[(index + 2)...].prefix(size)
      guard value.count == size else {
        faults.append(.ends(.header))
        return
      }
      let first = value.startIndex
      if header[index] == 0x00, size == 3 {
        note(reference: Int(value[first]), parts: Int(value[first + 1]), part: Int(value[first + 2]))
      } else if header[index] == 0x08, size == 4 {
        note(
          reference: Int(value[first]) << 8 | Int(value[first + 1]), parts: Int(value[first + 2]),
          part: Int(value[first + 3]))
      }
      index += 2 + size
    }
  }

  private mutating func note(reference: Int, parts: Int, part: Int) {
    guard parts > 0, part > 0, part <= parts else {
      faults.append(.part(part: part, of: parts))
      return
    }
    self.reference = reference
    self.parts = parts
    self.part = part
  }
}
