import Capture
import Check
import Decode
import Inspect
import Profile
import Trace

/// What can be fuzzed. Beside not crashing, each entry holds what must hold: the result does not depend on how the
/// input was cut, and nothing grows beyond its limit.
enum Entry: String, CaseIterable {
  case detect = "log-detect"
  case trace = "trace-reader"
  case raw = "raw-reader"
  case decoder = "at-decoder"
  case framing
  case pop3
  case yaml = "yaml-loader"

  /// `false` when something that must hold does not.
  func run(_ input: [UInt8]) -> Bool {
    switch self {
    case .detect:
      switch Detection.detect(input) {
      case .found(let format, _, _): return !format.name.isEmpty
      case .unrecognised(let why): return !why.message.contains("\n") && !why.message.contains("\u{1B}")
      }
    case .trace: return Self.reads(input) { TraceReader() }
    case .raw: return Self.reads(input) { RawReader() }
    case .decoder: return Sessions.holds(Sessions.parse(input))
    case .framing: return Sessions.holds(Sessions.framing(input))
    case .pop3: return Sessions.holds(Sessions.mail(input))
    case .yaml:
      let file = ManualFile(profile: "fuzz", file: "fuzz.yaml", bytes: input)
      for problem in Profiles.lint(files: [file]) where problem.mark.line < 1 || problem.mark.column < 1 {
        return false
      }
      return true
    }
  }

  /// A reader gives the same bytes whether it gets the input whole or in two pieces.
  private static func reads(_ input: [UInt8], _ make: () -> any LogReader) -> Bool {
    let whole = read([input[...]], make())
    let half = input.count / 2
    let pieces = read([input[..<half], input[half...]], make())
    return whole.bytes == pieces.bytes && whole.chunks.count == pieces.chunks.count
  }

  private static func read(_ pieces: [ArraySlice<UInt8>], _ reader: any LogReader) -> ChunkBatch {
    var reader = reader
    var batch = ChunkBatch()
    for piece in pieces {
      let block = Array(piece)
      block.withUnsafeBufferPointer { reader.read($0.span, into: &batch) }
    }
    reader.finish(into: &batch)
    return batch
  }
}

/// Input bytes as sessions.
enum Sessions {
  static let book: Book? = {
    for name in Profiles.builtIn {
      do throws(ProfileError) {
        let book = try Profiles.load(name)
        if book.command(named: "+POP3READ")?.form(.write)?.gives.isEmpty == false { return book }
      } catch {
        return nil
      }
    }
    return nil
  }()

  /// Pieces of (length and direction, bytes).
  static func parse(_ input: [UInt8]) -> ChunkBatch {
    var batch = ChunkBatch()
    var at = 0
    var time: Int64 = 0
    while at < input.count {
      let head = input[at]
      let end = min(input.count, at + 1 + Int(head & 63))
      let direction: Direction = head & 0x40 != 0 ? .hostToModem : head & 0x80 != 0 ? .unknown : .modemToHost
      time += Int64(head) * 20_000_000
      batch.append(
        .data, direction, at: Instant(nanoseconds: time), place: batch.chunks.count + 1, bytes: input[(at + 1)..<end])
      at = end
    }
    return batch
  }

  /// A prompt, a counted block or a data call is open when the input begins.
  static func framing(_ input: [UInt8]) -> ChunkBatch {
    guard let first = input.first else { return ChunkBatch() }
    var batch = ChunkBatch()
    func say(_ direction: Direction, _ text: String) {
      batch.append(
        .data, direction, at: Instant(nanoseconds: Int64(batch.chunks.count) * 100_000_000),
        place: batch.chunks.count + 1, bytes: Array(text.utf8))
    }
    switch first % 4 {
    case 0:
      say(.hostToModem, "AT+SMTPBODY\r")
      say(.modemToHost, "\r\n>")
    case 1:
      say(.hostToModem, "AT+SMTPFT=50\r")
      say(.modemToHost, "\r\n+SMTPFT: 2,50\r\n")
    case 2:
      say(.hostToModem, "AT+POP3READ=50\r")
      say(.modemToHost, "\r\n+POP3READ: 1,50\r\n")
    default:
      say(.hostToModem, "ATD*99#\r")
      say(.modemToHost, "\r\nCONNECT\r\n")
    }
    let rest = parse(Array(input.dropFirst()))
    for chunk in rest.chunks {
      batch.append(
        chunk.kind, chunk.direction, at: chunk.instant.advanced(by: 1_000_000_000), place: batch.chunks.count + 1,
        bytes: rest.bytes[chunk.start..<chunk.start + chunk.count])
    }
    return batch
  }

  /// The input is a response of a mail server, read in chunks.
  static func mail(_ input: [UInt8]) -> ChunkBatch {
    var batch = ChunkBatch()
    func say(_ direction: Direction, _ bytes: [UInt8]) {
      batch.append(
        .data, direction, at: Instant(nanoseconds: Int64(batch.chunks.count) * 50_000_000),
        place: batch.chunks.count + 1, bytes: bytes)
    }
    let kind = (input.first ?? 0) % 4 + 1
    say(.hostToModem, Array("AT+POP3CMD=\(kind)\(kind > 2 ? ",1" : "")\(kind == 3 ? ",2" : "")\r".utf8))
    say(.modemToHost, Array("\r\nOK\r\n\r\n+POP3CMD: 1\r\n".utf8))
    var at = 0
    while at < input.count {
      let end = min(input.count, at + 100)
      say(.hostToModem, Array("AT+POP3READ=100\r".utf8))
      say(
        .modemToHost,
        Array("\r\n+POP3READ: \(end == input.count ? 2 : 1),\(end - at)\r\n".utf8) + input[at..<end]
          + Array("\r\nOK\r\n".utf8))
      at = end
    }
    return batch
  }

  /// The events and findings are the same when every chunk is cut into bytes and comes in a batch of its own.
  static func holds(_ batch: ChunkBatch) -> Bool {
    guard let book else { return true }
    let whole = run(book, [batch])
    var pieces: [ChunkBatch] = []
    for chunk in batch.chunks {
      for index in chunk.start..<chunk.start + chunk.count {
        var one = ChunkBatch()
        one.append(
          chunk.kind, chunk.direction, at: chunk.instant, place: chunk.place, bytes: batch.bytes[index..<index + 1])
        pieces.append(one)
      }
    }
    let cut = run(book, pieces)
    guard whole.events != cut.events || whole.findings != cut.findings else { return true }
    // What differs, for whoever looks at it.
    let first = zip(whole.events, cut.events).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    print("whole: \(whole.events.count) events, cut: \(cut.events.count); the first that differs: \(first ?? -1)")
    if let first { print("whole: \(whole.events[first]), cut: \(cut.events[first])") }
    for finding in whole.findings where !cut.findings.contains(finding) { print("only whole: \(finding)") }
    for finding in cut.findings where !whole.findings.contains(finding) { print("only cut: \(finding)") }
    return false
  }

  private static func run(_ book: Book, _ batches: [ChunkBatch]) -> (events: [String], findings: [String]) {
    var inspector = Inspector(book: book, options: InspectionOptions())
    var events: [String] = []
    var findings: [String] = []
    let note: (borrowing EventBatch) -> Void = { batch in
      for index in batch.events.indices where batch.events[index].kind != .data {
        let event = batch.events[index]
        events.append("\(event.kind) \(event.place) \(event.offset) \(event.code) \(event.a)")
      }
    }
    for batch in batches {
      inspector.take(batch, observe: note)
      findings += inspector.takeFindings().map {
        "\($0.finding.rule) \($0.finding.position.place) \($0.finding.message)"
      }
    }
    inspector.finish(observe: note)
    findings += inspector.takeFindings().map { "\($0.finding.rule) \($0.finding.position.place) \($0.finding.message)" }
    // A finding waits for the line behind it; in which batch that comes is no matter.
    return (events, findings.sorted())
  }
}
