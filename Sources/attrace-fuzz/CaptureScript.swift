import Capture
import Trace

/// Makes captures of fuzz input, so that what is fuzzed is the reader of a link type and not the head of the file.
enum CaptureScript {
  /// A damaged packet of a few bytes may be told on each port.
  static let growth = 256

  /// The reader's own invariants, and that no result makes the decoder stumble.
  static func broken(_ capture: [UInt8]) -> String? {
    let options = CaptureOptions(userLink: .serial)
    if let problem = Readings.broken(capture, growth: growth, { PcapReader(options) }) { return problem }
    return Inspection.broken(chunks(capture, PcapReader(options)))
  }

  static func broken(pcapng input: [UInt8]) -> String? {
    let options = CaptureOptions(userLink: .serial)
    let head: [UInt8] = [0x0A, 0x0D, 0x0D, 0x0A, 28, 0, 0, 0, 0x4D, 0x3C, 0x2B, 0x1A, 1, 0, 0, 0]
    // Half of the inputs bring a head of their own.
    let capture =
      (input.first ?? 0) & 1 == 0
      ? Array(input.dropFirst())
      : head + [UInt8](repeating: 0xFF, count: 8) + [28, 0, 0, 0] + input.dropFirst()
    return Readings.broken(capture, growth: growth) { PcapngReader(options) }
  }

  private static func chunks(_ capture: [UInt8], _ reader: PcapReader) -> ChunkBatch {
    var reader = reader
    var batch = ChunkBatch()
    reader.read(capture.span, into: &batch)
    reader.finish(into: &batch)
    return batch
  }

  // MARK: Captures

  private struct File {
    var bytes: [UInt8]
    private var clock: UInt32 = 1_700_000_000

    init(_ linkType: UInt8) {
      bytes =
        [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 8) + [0xFF, 0xFF, 0, 0, linkType, 0, 0, 0]
    }

    mutating func add(_ packet: [UInt8], lost: UInt8 = 0) {
      clock &+= 1
      bytes += CaptureScript.little(clock) + [0, 0, 0, 0] + CaptureScript.little(UInt32(packet.count))
      bytes += CaptureScript.little(UInt32(packet.count) + UInt32(lost & 3)) + packet
    }
  }

  fileprivate static func little(_ value: UInt32) -> [UInt8] {
    [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  /// Pieces of the input: a byte of length before each.
  private static func pieces(_ input: ArraySlice<UInt8>) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var rest = input
    while let length = rest.first {
      pieces.append(Array(rest.dropFirst().prefix(Int(length))))
      rest = rest.dropFirst(1 + Int(length))
    }
    return pieces
  }

  /// Transfers whose fields are the first bytes of each piece.
  static func usb(_ input: [UInt8]) -> [UInt8] {
    let type = (input.first ?? 0) % 3
    var file = File([220, 189, 249][Int(type)])
    for piece in pieces(input.dropFirst()) {
      guard piece.count >= 4 else {
        file.add(piece)
        continue
      }
      let data = Array(piece.dropFirst(4))
      let isSubmit = piece[0] & 1 == 0
      let transfer = piece[0] >> 1 & 3
      if type == 2 {
        let head: [UInt8] = [
          transfer == 2 ? 28 : 27, 0, piece[3], 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, isSubmit ? 0 : 1,
        ]
        file.add(
          head + [2, 0, piece[2] & 3, 0, piece[1], transfer] + little(UInt32(data.count))
            + (transfer == 2 ? [piece[3] & 3] : [])
            + data)
        continue
      }
      var head: [UInt8] = [
        piece[3], 0, 0, 0, 0, 0, 0, 0, isSubmit ? 0x53 : 0x43, transfer, piece[1], piece[2] & 3, 2, 0,
      ]
      head += [piece[0] & 0x40, piece[0] & 0x80] + [UInt8](repeating: 0, count: 16)
      head += little(UInt32(data.count)) + little(UInt32(data.count)) + data.prefix(8)
      head += [UInt8](repeating: 0, count: max(0, (type == 0 ? 64 : 48) - head.count))
      file.add(head + data, lost: piece[0] >> 4)
    }
    return file.bytes
  }

  /// Segments: direction and flags, then where they stand in the stream, then what was acknowledged.
  static func network(_ input: [UInt8]) -> [UInt8] {
    var file = File(101)
    for piece in pieces(input[...]) {
      guard piece.count >= 3 else {
        file.add(piece)
        continue
      }
      let payload = Array(piece.dropFirst(3))
      let isHost = piece[0] & 0x80 == 0
      let host: [UInt8] = [10, 0, 0, 2]
      let server: [UInt8] = [10, 0, 0, piece[0] >> 5 & 3]
      var packet: [UInt8] = [0x45, 0, 0, UInt8(truncatingIfNeeded: 40 + payload.count), 0, 0, 0, 0, 64, 6, 0, 0]
      packet += isHost ? host + server : server + host
      packet += isHost ? [0x9C, 0x40, 0x0F, 0xA1] : [0x0F, 0xA1, 0x9C, 0x40]
      packet += [0, 0, 0, piece[1], 0, 0, 0, piece[2], 0x50, piece[0] & 0x1F, 0, 0, 0, 0, 0, 0]
      file.add(packet + payload, lost: piece[0] >> 3)
    }
    return file.bytes
  }

  /// Frames of RFCOMM with a right check sequence, whole or in fragments; every fourth piece is a packet as it is.
  static func bluetooth(_ input: [UInt8]) -> [UInt8] {
    var file = File(201)
    for piece in pieces(input[...]) {
      guard piece.count >= 4, piece[0] & 3 != 3 else {
        file.add(piece)
        continue
      }
      let info = Array(piece.dropFirst(4).prefix(100))
      var frame: [UInt8] = [piece[1] | 1, piece[2], UInt8(info.count << 1 | 1)]
      var check: UInt8 = 0xFF
      for byte in piece[2] & 0xEF == 0xEF ? frame.prefix(2) : frame[...] {
        check ^= byte
        for _ in 0..<8 { check = check & 1 != 0 ? check >> 1 ^ 0xE0 : check >> 1 }
      }
      if piece[2] == 0xFF { frame.append(piece[3]) }
      frame += info + [~check]
      let packet: [UInt8] = [UInt8(frame.count), 0, 0x41, 0] + frame
      let cut = piece[0] & 0x40 == 0 ? packet.count : min(packet.count, Int(piece[3]))
      for (index, part) in [packet[..<cut], packet[cut...]].enumerated() where !part.isEmpty {
        file.add([0, 0, 0, piece[0] >> 7, 2, 1, index == 0 ? 0x20 : 0x10, UInt8(part.count), 0] + part)
      }
    }
    return file.bytes
  }

  /// The other link types, as the first byte says.
  static func links(_ input: [UInt8]) -> [UInt8] {
    let types: [UInt8] = [250, 204, 9, 236, 252, 147, 1, 113, 0, 108]
    var file = File(types[Int(input.first ?? 0) % types.count])
    for piece in pieces(input.dropFirst()) { file.add(piece) }
    return file.bytes
  }
}
