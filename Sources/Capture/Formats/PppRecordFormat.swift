import Trace

/// What pppd writes with its option `record`: marked pieces of what was sent and received, and the time between them in
/// tenths of a second. `pppdump` shows such files.
///
/// A record begins behind the dialling. A call is put in before it, so that the frames are read as frames, and a warning
/// says so.
public enum PppRecordFormat {
  public static let name = "pppd-record"

  public static let format = LogFormat(
    name: name, summary: "pppd's record file, as pppdump reads it (binary)",
    example: "07 66 38 c3 2d 01 00 03 7e ff 7d", extensions: ["pppdump", "record"],
    confidence: { looksRight($0.bytes) ? 0.9 : 0 }, makeReader: { PppRecordReader() })

  /// Begins with a time after 1990, and goes on with marks that are known.
  private static func looksRight(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 8, bytes[0] == 7, bytes[1] >= 0x26 else { return false }
    var index = 5
    var pieces = 0
    while index < bytes.count {
      let mark = bytes[index]
      switch mark {
      case 1, 2:
        guard index + 2 < bytes.count else { return pieces > 0 }
        index += 3 + Int(bytes[index + 1]) << 8 + Int(bytes[index + 2])
        pieces += 1
      case 3, 4: index += 1
      case 5, 7: index += 5
      case 6: index += 2
      default: return false
      }
    }
    return pieces > 0
  }
}

/// Reads the marks one by one; a piece of data may go over many blocks.
struct PppRecordReader: LogReader {
  private(set) var facts: LogFacts
  private var place = 0
  private var tenths: Int64 = 0
  private var state = State.mark
  private var number: Int64 = 0
  private var isOpen = false

  private enum State {
    case mark
    /// The bytes of a number that are still to come, and the mark that it belongs to.
    case number(left: Int, of: UInt8)
    case data(left: Int, Direction)
    /// A mark that is unknown: nothing behind it can be told apart.
    case lost
  }

  private static let tenth: Int64 = 100_000_000

  init() {
    facts = LogFacts(format: PppRecordFormat.name)
    facts.resolution = Resolution(step: PppRecordReader.tenth)
  }

  mutating func read(_ block: Span<UInt8>, into batch: inout ChunkBatch) {
    block.withUnsafeBufferPointer { bytes in
      var index = 0
      while index < bytes.count {
        switch state {
        case .lost: return
        case .mark:
          take(bytes[index], into: &batch)
          index += 1
        case .number(let left, let mark):
          number = number << 8 | Int64(bytes[index])
          index += 1
          state = .number(left: left - 1, of: mark)
          if left <= 1 { finishNumber(of: mark) }
        case .data(let left, let direction):
          let count = min(left, bytes.count - index)
          append(UnsafeBufferPointer(rebasing: bytes[index..<(index + count)]), direction, into: &batch)
          index += count
          state = left > count ? .data(left: left - count, direction) : .mark
        }
      }
    }
  }

  mutating func finish(into batch: inout ChunkBatch) {
    switch state {
    case .data, .number: note("the record ends within a piece", .gap, into: &batch)
    case .mark, .lost: break
    }
    state = .lost
  }

  private mutating func take(_ mark: UInt8, into batch: inout ChunkBatch) {
    place &+= 1
    number = 0
    switch mark {
    case 1, 2: state = .number(left: 2, of: mark)
    case 3: note("pppd closed its side", .remark, into: &batch)
    case 4: note("the line was closed", .remark, into: &batch)
    case 5, 7: state = .number(left: 4, of: mark)
    case 6: state = .number(left: 1, of: mark)
    default:
      note("an unknown mark, \(mark); what follows cannot be read", .malformed, into: &batch)
      state = .lost
    }
  }

  private mutating func finishNumber(of mark: UInt8) {
    state = .mark
    switch mark {
    case 1, 2:
      if number > 0 { state = .data(left: Int(number), mark == 1 ? .hostToModem : .modemToHost) }
    case 5, 6: tenths = tenths &+ number
    default:
      // Another start: the time between them is not lost.
      if facts.start == nil { facts.start = TraceClock.text(universal: number &* 1_000_000_000) }
    }
  }

  private mutating func append(
    _ bytes: UnsafeBufferPointer<UInt8>, _ direction: Direction, into batch: inout ChunkBatch
  ) {
    // A piece that a block cuts is one chunk all the same.
    if case .data = state, let last = batch.chunks.indices.last, batch.chunks[last].kind == .data,
      batch.chunks[last].place == place, batch.chunks[last].start + batch.chunks[last].count == batch.bytes.count
    {
      batch.bytes.append(contentsOf: bytes)
      batch.chunks[last].count += bytes.count
      return
    }
    if !isOpen {
      isOpen = true
      facts.warn("the call before the PPP frames is not in the record and was put in")
      batch.append(.data, .hostToModem, at: instant, place: place, bytes: "ATD\r".utf8)
      batch.append(.data, .modemToHost, at: instant, place: place, bytes: "\r\nCONNECT\r\n".utf8)
    }
    batch.append(.data, direction, at: instant, place: place, bytes: bytes)
  }

  private func note(_ text: String, _ kind: Chunk.Kind, into batch: inout ChunkBatch) {
    batch.append(kind, .unknown, at: instant, place: place, bytes: text.utf8)
  }

  private var instant: Instant {
    let (nanoseconds, overflow) = tenths.multipliedReportingOverflow(by: PppRecordReader.tenth)
    return Instant(nanoseconds: overflow ? 0 : nanoseconds)
  }
}
