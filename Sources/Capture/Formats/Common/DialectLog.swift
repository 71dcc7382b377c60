import Glibc
import Trace

/// Where a dialect puts what it has read.
struct DialectLog: Sendable {
  var facts: LogFacts
  var batch = ChunkBatch()
  /// The number of the line that is being read.
  var place = 0
  private var clock = LogClock()
  private var ports = TracePorts()

  init(format: String, losses: Loss) {
    facts = LogFacts(format: format)
    facts.lossy = losses
  }

  /// Bytes that were on the line.
  mutating func data(
    _ direction: Direction, at instant: Instant, port: Port = .first, place: Int? = nil,
    _ bytes: some Collection<UInt8>
  ) {
    guard !bytes.isEmpty else { return }
    batch.append(.data, direction, port: port, at: instant, place: place ?? self.place, bytes: bytes)
  }

  /// Bytes that were on the line, written in place: nothing is allocated for them.
  mutating func data(
    _ direction: Direction, at instant: Instant, port: Port = .first, place: Int? = nil,
    write: (inout [UInt8]) -> Void
  ) {
    let start = batch.bytes.count
    write(&batch.bytes)
    guard batch.bytes.count > start else { return }
    batch.chunks.append(
      Chunk(
        direction: direction, port: port, instant: instant, place: place ?? self.place, start: start,
        count: batch.bytes.count - start))
  }

  /// A line with the ends that the log leaves out.
  mutating func data(
    _ direction: Direction, at instant: Instant, port: Port = .first, place: Int? = nil, _ line: EndedText
  ) {
    data(direction, at: instant, port: port, place: place) { line.append(to: &$0) }
  }

  /// A line that carries nothing of the port: another program's, or a comment.
  mutating func remark(_ line: LineText) {
    let text = line.withoutLineEnd
    guard !text.allSatisfy(Ascii.isBlank) else { return }
    batch.append(.remark, .unknown, at: clock.last, place: place, bytes: text)
  }

  /// The log lacks bytes here.
  mutating func gap(_ why: String, port: Port = .first) {
    batch.append(.gap, .unknown, port: port, at: clock.last, place: place, bytes: why.utf8)
  }

  /// A record that cannot be read.
  mutating func malformed(_ line: LineText, _ direction: Direction = .unknown) {
    batch.append(.malformed, direction, at: clock.last, place: place, bytes: line.withoutLineEnd)
  }

  /// A control line changed: `dtr=0`.
  mutating func control(_ change: String, at instant: Instant, port: Port = .first) {
    batch.append(.control, .unknown, port: port, at: instant, place: place, bytes: change.utf8)
  }

  /// The trace time of a stamp. `step`: how far apart reads are, where that is more than the digits say.
  mutating func instant(of stamp: LogStamp?, step: Nanoseconds = 0, port: Port = .first) -> Instant {
    guard let stamp else { return .unknown }
    let (instant, wentBack) = clock.take(stamp, facts: &facts, step: step)
    if wentBack {
      batch.append(.clockStep, .unknown, port: port, at: instant, place: place, bytes: EmptyCollection())
      // A counter never goes back: the device began anew, or this is another piece of its log.
      if stamp.reach == .counter { gap("the device's clock begins anew", port: port) }
    }
    return instant
  }

  /// The port with this name; beyond the limit all share the first one.
  mutating func port(named name: LineText) -> Port {
    name.withUnsafeBufferPointer { ports.index(of: $0, facts: &facts) } ?? .first
  }
}

extension ArraySlice<UInt8> {
  /// Without the CR that stands before the line feed.
  var withoutLineEnd: ArraySlice<UInt8> { last == Ascii.carriageReturn ? dropLast() : self }

  /// What follows `lead`, or `nil` where the text does not begin with it.
  func after(_ lead: String) -> ArraySlice<UInt8>? {
    starts(with: lead.utf8) ? dropFirst(lead.utf8.count) : nil
  }

  /// What stands before and behind the first place of `mark` within the first `reach` bytes.
  func parted(at mark: String, within reach: Int = .max) -> (before: ArraySlice<UInt8>, behind: ArraySlice<UInt8>)? {
    guard let offset = offset(of: mark, within: reach) else { return nil }
    let index = startIndex + offset
    return (self[startIndex..<index], self[(index + mark.utf8.count)...])
  }

  private func offset(of mark: String, within reach: Int) -> Int? {
    var mark = mark
    return mark.withUTF8 { mark in
      withUnsafeBufferPointer { text in
        guard let first = mark.first, let base = text.baseAddress, let word = mark.baseAddress else { return nil }
        // The last place where it could begin.
        let last = Swift.min(reach, text.count - mark.count)
        var index = 0
        while index <= last {
          guard let found = memchr(base + index, Int32(first), last - index + 1) else { return nil }
          index = UnsafeRawPointer(found) - UnsafeRawPointer(base)
          if memcmp(base + index, word, mark.count) == 0 { return index }
          index += 1
        }
        return nil
      }
    }
  }

  /// Without blanks at its beginning.
  var withoutIndent: ArraySlice<UInt8> { drop { $0 == Ascii.blank || $0 == Ascii.tab } }

  func ends(with tail: String) -> Bool { suffix(tail.utf8.count).elementsEqual(tail.utf8) }

  /// The whole as a number of at most 18 digits.
  var decimal: Int64? {
    guard !isEmpty, count <= 18 else { return nil }
    var value: Int64 = 0
    for byte in self {
      guard let digit = Ascii.digit(byte) else { return nil }
      value = value * 10 + digit
    }
    return value
  }
}
