import Decode
import Profile
import Trace

/// Inspects a session while it goes on, although it is not known yet which modem it is: begins with the base profile
/// and, each time that another one is recognised, takes what was kept of the beginning through that one. The result is
/// the one that the whole trace gives afterwards.
public struct LiveInspector {
  /// How much of the beginning is kept, and looked at for the modem's name.
  public static let recognitionLimit = 1 << 20

  /// How many findings of each severity are kept for the report; all of them are told when they are made.
  public static let findingLimit = 3_000

  public private(set) var inspector: Inspector
  /// Findings beyond what is kept.
  public private(set) var dropped = 0
  /// All findings so far.
  public var findings: [ReportedFinding] { found + added }
  /// Why this profile was taken, when it was recognised.
  public private(set) var reason = ""
  private var found: [ReportedFinding] = []
  private var kept: [Severity: Int] = [:]
  /// Those about the line itself.
  private var added: [ReportedFinding] = []
  private var fresh: [ReportedFinding] = []
  private var told: Set<Finding> = []
  private var recognition: Recognition?
  private let candidates: [Book]
  private let base: Book
  private var beginning = ChunkBatch()
  /// When silence within the beginning was noticed: behind so many of its chunks.
  private var silences: [(chunks: Int, instant: Instant)] = []
  private static let silenceLimit = 1_024
  private var ports: [String] = [""]
  private var contents: [LineContent] = []

  /// `candidates`: the profiles that may be recognised; none: the base is the one to use.
  public init(base: Book, candidates: [Book], options: InspectionOptions) {
    self.base = base
    self.candidates = candidates
    inspector = Inspector(book: base, options: options)
    if !candidates.isEmpty {
      recognition = Recognition(base: base, profiles: candidates)
      reason = recognition?.best.reason ?? ""
    }
  }

  public mutating func name(ports: [String]) {
    self.ports = ports
    inspector.name(ports: ports)
  }

  /// What the ports carry from their beginning on, by `Port.index`.
  public mutating func expect(_ contents: [LineContent]) {
    guard contents != self.contents else { return }
    self.contents = contents
    inspector.expect(contents)
    recognition?.expect(contents)
  }

  /// Takes a batch. `observe` sees the events of these chunks; `true` when another profile was recognised by them.
  public mutating func take(_ batch: borrowing ChunkBatch, observe: (borrowing EventBatch) -> Void) -> Bool {
    let changed = recognise(batch)
    inspector.take(batch, observe: observe)
    collect()
    return changed
  }

  /// Nothing came for a while: what waits for further lines is complete without them.
  public mutating func settle() {
    inspector.take(ChunkBatch())
    collect()
  }

  /// Nothing came until `instant`, by the clock of the line: commands whose time is over are told.
  public mutating func advance(to instant: Instant) {
    guard inspector.advance(to: instant) else { return }
    if recognition != nil, silences.count < Self.silenceLimit { silences.append((beginning.chunks.count, instant)) }
    collect()
  }

  public mutating func finish(observe: (borrowing EventBatch) -> Void) {
    inspector.finish(observe: observe)
    collect()
  }

  /// Findings that were not told yet.
  public mutating func takeFindings() -> [ReportedFinding] {
    defer { fresh.removeAll(keepingCapacity: true) }
    return fresh
  }

  /// A finding about the line itself, which no rule over its bytes could have.
  public mutating func add(_ finding: Finding) {
    let reported = ReportedFinding(finding: finding, context: [])
    added.append(reported)
    fresh.append(reported)
  }

  private mutating func collect() {
    for reported in inspector.takeFindings() {
      keep(reported)
      // While the profile may still change, the same finding can be made again.
      if recognition == nil || told.insert(reported.finding).inserted { fresh.append(reported) }
    }
  }

  /// Each severity has its own limit, so that no flood of notes hides an error.
  private mutating func keep(_ reported: ReportedFinding) {
    let count = kept[reported.finding.severity, default: 0]
    guard count < Self.findingLimit else {
      dropped += 1
      return
    }
    kept[reported.finding.severity] = count + 1
    found.append(reported)
  }

  private mutating func recognise(_ batch: borrowing ChunkBatch) -> Bool {
    guard recognition != nil else { return false }
    recognition?.take(batch)
    var changed = false
    if let verdict = recognition?.best {
      let book = candidates.first { $0.name == verdict.profile } ?? base
      changed = book.name != inspector.book.name
      reason = verdict.reason
      if changed { beginAgain(with: book) }
    }
    if beginning.bytes.count + beginning.chunks.count >= Self.recognitionLimit {
      recognition = nil
      beginning = ChunkBatch()
      silences = []
      told = []
    } else {
      keep(batch)
    }
    return changed
  }

  private mutating func beginAgain(with book: Book) {
    inspector = Inspector(book: book, options: inspector.options)
    inspector.name(ports: ports)
    inspector.expect(contents)
    found.removeAll()
    kept = [:]
    dropped = 0
    var start = 0
    for silence in silences {
      takeBeginning(start..<silence.chunks)
      start = silence.chunks
      _ = inspector.advance(to: silence.instant)
    }
    takeBeginning(start..<beginning.chunks.count)
    collect()
  }

  private mutating func takeBeginning(_ range: Range<Int>) {
    var part = ChunkBatch()
    part.bytes = beginning.bytes
    part.chunks = Array(beginning.chunks[range])
    inspector.take(part)
  }

  private mutating func keep(_ batch: borrowing ChunkBatch) {
    let start = beginning.bytes.count
    beginning.bytes.append(contentsOf: batch.bytes)
    for chunk in batch.chunks {
      var moved = chunk
      moved.start += start
      beginning.chunks.append(moved)
    }
  }
}
