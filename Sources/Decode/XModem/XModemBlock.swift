import Trace

/// The characters of the protocol (XMODEM/YMODEM Protocol Reference, chapter 7).
enum XModem {
  static let startOfHeader: UInt8 = 0x01
  static let startOfText: UInt8 = 0x02
  static let endOfTransmission: UInt8 = 0x04
  static let acknowledge: UInt8 = 0x06
  static let refuse: UInt8 = 0x15
  static let cancel: UInt8 = 0x18
  static let pad: UInt8 = 0x1A
  static let wantCRC: UInt8 = 0x43

  static let shortData = 128
  static let longData = 1024
  static let headerLength = 3
  /// A block of 1024 octets with CRC.
  static let longestBlock = headerLength + longData + 2

  /// Whether these three bytes head a block: SOH or STX, a number and its complement.
  static func isHeader(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= headerLength, bytes[0] == startOfHeader || bytes[0] == startOfText else { return false }
    return bytes[1] ^ bytes[2] == 0xFF
  }
}

/// A block as it comes in, and what is right and wrong with it.
///
/// Invariant: `bytes.count <= XModem.longestBlock`.
struct XModemBlock {
  /// How a block is checked: by the receiver's choice.
  enum Check: Int64 {
    case unknown = -1
    case crc = 0
    case sum = 1
  }

  var bytes: [UInt8] = []
  var start = Instant.unknown
  var place = 0
  var offset: UInt64 = 0
  /// Where and how long the sender was silent within the block; only the longest silence is kept.
  private(set) var pause: Nanoseconds = 0
  private(set) var pauseAt = -1
  private(set) var pauseInstant = Instant.unknown
  private(set) var pausePlace = 0
  /// Bytes that came at once behind the silence: they took time on the line as well.
  private var pauseBytes: Int64 = 0

  init() { bytes.reserveCapacity(XModem.longestBlock) }

  mutating func begin(at start: Instant, place: Int, offset: UInt64) {
    bytes.removeAll(keepingCapacity: true)
    self.start = start
    self.place = place
    self.offset = offset
    pause = 0
    pauseAt = -1
    pauseInstant = .unknown
    pauseBytes = 0
  }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func append(_ source: Span<UInt8>, silence: Nanoseconds?, now: Instant, place: Int = 0) {
    if let silence, silence > pause, silence > XModemBlock.characterLimit {
      pause = silence
      pauseAt = bytes.count
      pauseInstant = now
      pausePlace = place
      pauseBytes = 0
    }
    if pauseAt >= 0, now == pauseInstant { pauseBytes &+= Int64(source.count) }
    source.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
  }

  /// 7.3.2: a second for each character within a block.
  static let characterLimit: Nanoseconds = 1_000_000_000
  /// A character at 9600 baud: slower lines are not met any more.
  private static let characterTime: Nanoseconds = 1_041_667

  /// The sender was silent for longer than the receiver waits. A log stamps bytes when the last of them came, so what
  /// came at once is granted the time that it took.
  var isPaused: Bool { pauseAt >= 0 && pause > XModemBlock.characterLimit &+ pauseBytes &* XModemBlock.characterTime }

  var number: UInt8 { bytes.count > 1 ? bytes[1] : 0 }
  var isLong: Bool { bytes.first == XModem.startOfText }
  var dataLength: Int { isLong ? XModem.longData : XModem.shortData }
  var hasComplement: Bool { bytes.count > 2 && bytes[1] ^ bytes[2] == 0xFF }

  /// Its whole length. STX implies CRC (4.3).
  func wholeLength(_ check: Check) -> Int { Self.wholeLength(isLong: isLong, check) }

  static func wholeLength(isLong: Bool, _ check: Check) -> Int {
    XModem.headerLength + (isLong ? XModem.longData : XModem.shortData) + (check == .sum && !isLong ? 1 : 2)
  }

  /// Whether the CRC behind `length` octets of data is right.
  func hasCRC(behind length: Int) -> Bool {
    let end = XModem.headerLength + length
    guard length > 0, bytes.count >= end + 2 else { return false }
    return crc(length) == UInt16(bytes[end]) << 8 | UInt16(bytes[end + 1])
  }

  /// Whether the CRC stands there with its octets exchanged.
  func hasSwappedCRC(behind length: Int) -> Bool {
    let end = XModem.headerLength + length
    guard length > 0, bytes.count >= end + 2, bytes[end] != bytes[end + 1] else { return false }
    return crc(length) == UInt16(bytes[end + 1]) << 8 | UInt16(bytes[end])
  }

  private func crc(_ length: Int) -> UInt16 {
    CRC16.of(bytes.span.extracting(XModem.headerLength..<XModem.headerLength + length))
  }

  /// Whether the checksum behind `length` octets of data is right.
  func hasSum(behind length: Int) -> Bool {
    let end = XModem.headerLength + length
    guard length > 0, bytes.count > end else { return false }
    var sum: UInt8 = 0
    for index in XModem.headerLength..<end { sum &+= bytes[index] }
    return sum == bytes[end]
  }

  func isRight(_ check: Check) -> Bool {
    check == .sum && !isLong ? hasSum(behind: dataLength) : hasCRC(behind: dataLength)
  }
}
