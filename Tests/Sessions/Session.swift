import Capture
import Check
import Decode
import Inspect
import Measure
import Profile
import Trace

/// A session for tests: the text of a `.trace`, its chunks, and what comes of them.
public struct Session: Sendable {
  public var batch: ChunkBatch
  public var facts: LogFacts

  /// `text` without the header line; lines may be indented.
  public init(_ text: String) {
    self.init(log: Array(("#!attrace 1\n" + text + "\n").utf8))
  }

  public init(log: [UInt8], reader: any LogReader = TraceReader()) {
    var reader = reader
    var read = ChunkBatch()
    log.withUnsafeBufferPointer { reader.read($0.span, into: &read) }
    reader.finish(into: &read)
    batch = read
    facts = reader.facts
  }

  /// Every chunk's bytes cut at the given distance from their start, wherever that falls within a chunk.
  public func cut(everyChunkAt position: Int) -> Session { cut { _ in [position] } }

  /// Each byte a chunk of its own.
  public func cutIntoBytes() -> Session { cut { Array(1..<max(1, $0.count)) } }

  /// Cut at positions that a function gives for each chunk; place and time stay those of the chunk.
  public func cut(_ positions: (Chunk) -> [Int]) -> Session {
    var result = self
    result.batch = ChunkBatch()
    for chunk in batch.chunks {
      let bytes = batch.bytes[chunk.start..<chunk.start + chunk.count]
      var start = 0
      let cuts = chunk.kind == .data ? positions(chunk).filter { $0 > 0 && $0 < chunk.count } : []
      for end in cuts + [chunk.count] {
        result.batch.append(
          chunk.kind, chunk.direction, port: chunk.port, at: chunk.instant, place: chunk.place,
          bytes: bytes[(chunk.start + start)..<(chunk.start + end)])
        start = end
      }
    }
    return result
  }

  /// Only the first chunks, the last of them with its first bytes only.
  public func truncated(chunks count: Int, bytes: Int) -> Session {
    var result = self
    result.batch = ChunkBatch()
    for (index, chunk) in batch.chunks.prefix(count).enumerated() {
      let kept = index == count - 1 ? min(bytes, chunk.count) : chunk.count
      result.batch.append(
        chunk.kind, chunk.direction, port: chunk.port, at: chunk.instant, place: chunk.place,
        bytes: batch.bytes[chunk.start..<chunk.start + kept])
    }
    return result
  }

  /// One byte changed.
  public func damaged(at index: Int, by mask: UInt8) -> Session {
    var result = self
    if result.batch.bytes.indices.contains(index) { result.batch.bytes[index] ^= mask }
    return result
  }
}

/// What comes of a session.
public struct Outcome: Equatable {
  public var events: [String] = []
  public var findings: [String] = []
  public var transfers: [String] = []
  /// What was measured of commands and transfers.
  public var figures: [String] = []

  public init() {}

  /// Names of the rules that reported at `warning` or above.
  public var rules: [String] {
    findings.filter { !$0.contains(" note ") }.map { String($0.split(separator: " ")[2]) }
  }

  public var allRules: [String] { findings.map { String($0.split(separator: " ")[2]) } }

  /// The events but those whose number depends on the cuts: payload as it comes in pieces.
  public var essentials: [String] { events.filter { !$0.hasPrefix("data ") } }
}

extension Session {
  /// Runs the session through decoder, rules and meter. `together`: all chunks in one batch, else each in its own.
  public func outcome(_ book: Book, together: Bool = true, user: UserSettings = UserSettings()) -> Outcome {
    var outcome = Outcome()
    let inspector = Inspector(
      book: book,
      options: InspectionOptions(
        resolution: facts.resolution, lossy: facts.lossy.contains(.lineEndings),
        ordered: !facts.lossy.contains(.order), baud: facts.baud, user: user))
    inspector.name(ports: facts.ports)
    inspector.expect(facts.contents)
    let observe: (borrowing EventBatch) -> Void = { batch in
      for index in batch.events.indices { outcome.events.append(EventDump.line(batch.events[index], batch)) }
    }
    var found: [ReportedFinding] = []
    if together {
      inspector.take(batch, observe: observe)
      found += inspector.takeFindings()
    } else {
      for chunk in batch.chunks {
        var one = ChunkBatch()
        one.append(
          chunk.kind, chunk.direction, port: chunk.port, at: chunk.instant, place: chunk.place,
          bytes: batch.bytes[chunk.start..<chunk.start + chunk.count])
        inspector.take(one, observe: observe)
        found += inspector.takeFindings()
      }
    }
    inspector.finish(observe: observe)
    found += inspector.takeFindings()
    outcome.findings = found.map(\.finding).map {
      "\($0.position.place) \($0.severity.name) \($0.rule) [\($0.citation.document) \($0.citation.section)] \($0.message)"
    }.sorted()
    outcome.transfers = inspector.transfers.map {
      "\($0.place) \($0.kind.name) \($0.direction) \($0.payloadBytes) bytes \($0.complete ? "complete" : "part") \($0.sha256)"
    }
    outcome.figures = inspector.commands.map(FiguresDump.line) + inspector.transfers.map(FiguresDump.line)
    return outcome
  }

  /// What was measured, without the rest.
  public func measured(_ book: Book) -> (commands: [CommandFigures], transfers: [TransferFigures]) {
    let inspector = Inspector(
      book: book, options: InspectionOptions(resolution: facts.resolution, baud: facts.baud))
    inspector.take(batch)
    inspector.finish()
    return (inspector.commands, inspector.transfers)
  }
}

/// One line for what was measured, for comparison.
enum FiguresDump {
  static func line(_ figures: CommandFigures) -> String {
    let times = [figures.firstByte, figures.latency, figures.late].map { "\($0.value(at: 0.9) ?? -1)/\($0.maximum)" }
    let results = figures.results.named.map { "\($0.name)=\($0.count)" }
    return "\(figures.command) \(figures.form) \(figures.count) \(results) \(times)"
  }

  static func line(_ figures: TransferFigures) -> String {
    "\(figures.place) \(figures.kind.name) \(figures.payloadBytes)+\(figures.escapeBytes)+\(figures.protocolBytes) "
      + "\(figures.duration ?? -1) \(figures.longestStall) \(figures.stall?.place ?? 0) "
      + "\(figures.stall?.offset ?? 0) \(figures.rate?.bitsPerSecond ?? 0) \(figures.budget)"
  }
}

/// One line an event, for comparison and for goldens.
public enum EventDump {
  public static func line(_ event: Event, _ batch: borrowing EventBatch) -> String {
    var parts = ["\(event.kind)", "\(event.place)", "\(event.direction)"]
    if event.transaction > 0 { parts.append("#\(event.transaction)") }
    // Numbers that change with every entry of a profile or list say nothing here.
    if event.kind == .malformed, let what = Malformed(rawValue: event.code) {
      parts.append("\(what)")
    } else if event.kind == .payload, let what = PayloadEvent(rawValue: UInt8(truncatingIfNeeded: event.code)) {
      parts.append("\(what)")
    } else if event.code != 0 {
      parts.append("code=\(event.code)")
    }
    if event.subject >= 0 { parts.append("known") }
    if event.form != 0 { parts.append("form=\(event.form)") }
    parts.append(
      "a=\(event.a) b=\(event.b) c=\(event.c) at=\(event.offset)+\(event.length) flags=\(event.flags.rawValue)")
    if event.text.count > 0 {
      parts.append("\"" + batch.text[event.text.range].map(EscapedByte.text).joined() + "\"")
    }
    return parts.joined(separator: " ")
  }
}

/// Numbers that look random and are the same in each run.
public struct Dice: RandomNumberGenerator {
  private var state: UInt64
  public init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
  public mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

/// The profiles, loaded once.
public enum Books {
  public static let builtIn = Dictionary(Profiles.builtIn.map { ($0, book($0)) }) { first, _ in first }
  public static let generic = book("3gpp")
  public static let mail = book("sim900")

  public static func book(_ name: String) -> Book {
    do {
      return try Profiles.load(name)
    } catch {
      fatalError(error.message)
    }
  }

  /// A small profile of a test's own.
  public static func own(_ yaml: String) throws -> Book {
    try Profiles.load(files: [ManualFile(profile: "own", file: "own.yaml", bytes: Array(yaml.utf8))])
  }
}
