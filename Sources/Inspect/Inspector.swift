import Check
import Decode
import Measure
import Profile
import Trace

/// What is told about an input before its bytes come.
public struct InspectionOptions: Sendable {
  public var resolution: Resolution
  public var lossy: Bool
  /// Whether commands and answers stand in the order in which they were on the line.
  public var ordered: Bool
  public var baud: Int?
  /// Who told the rate of the line.
  public var baudSource: LineRate.Source
  public var redact: Bool
  public var user: UserSettings
  /// Whether transactions and the course of transfers are kept: see `Chronicle`.
  public var chronicle: Bool

  public init(
    resolution: Resolution = .microsecond, lossy: Bool = false, ordered: Bool = true, baud: Int? = nil,
    baudSource: LineRate.Source = .log, redact: Bool = true, user: UserSettings = UserSettings(),
    chronicle: Bool = false
  ) {
    self.resolution = resolution
    self.lossy = lossy
    self.ordered = ordered
    self.baud = baud
    self.baudSource = baudSource
    self.redact = redact
    self.user = user
    self.chronicle = chronicle
  }
}

/// A finding with the lines of the trace around it.
public struct ReportedFinding: Sendable {
  public var finding: Finding
  public var context: [ContextLine]
  /// What it is known by when lines move; reports fill it in.
  public var fingerprint = ""
  /// There is a baseline, and whether it holds this finding: it fails nothing then.
  public var hasBaseline = false
  public var isKnown = false
  /// The user suppresses it, and says why: it fails nothing then.
  public var suppression: Suppressed?

  /// Neither known nor suppressed: it may fail a run.
  public var counts: Bool { !isKnown && suppression == nil }

  /// Why a finding is suppressed.
  public struct Suppressed: Hashable, Sendable {
    /// Which of the suppressions it is.
    public var index: Int
    public var reason: String
    /// The last day, as `2027-01-31`.
    public var until: String

    public init(index: Int, reason: String, until: String) {
      self.index = index
      self.reason = reason
      self.until = until
    }
  }

  public init(finding: Finding, context: [ContextLine]) {
    self.finding = finding
    self.context = context
  }
}

/// Decodes, checks and measures one trace: chunks go in, findings and figures come out.
///
/// The one place where the rooms of the core meet; it opens nothing and knows no clock, so files, pipes and live lines
/// are all driven in the same way. Memory does not grow with the length of the trace.
public final class Inspector {
  public let book: Book
  public let options: InspectionOptions

  private var decoder: Decoder
  private var checker: Checker
  private var meter: Meter
  private var watch: ExpectationWatch?
  private var events = EventBatch()
  private var window = ContextWindow()
  private var waiting: [ReportedFinding] = []
  private var finished: [ReportedFinding] = []
  public private(set) var counts: [Severity: Int] = [:]
  /// What reports with pictures are made from; `nil` where nobody asked for it.
  public private(set) var chronicle: Chronicle?

  public init(book: Book, options: InspectionOptions) {
    self.book = book
    self.options = options
    decoder = Decoder(book: book, lossy: options.lossy)
    checker = Checker(
      book: book, resolution: options.resolution, lossy: options.lossy, ordered: options.ordered,
      redact: options.redact, baud: options.baud, user: options.user)
    meter = Meter(
      book: book, rate: options.baud.map { LineRate(bitsPerSecond: $0, source: options.baudSource) })
    watch = ExpectationWatch(options.user, resolution: options.resolution)
    if options.chronicle { chronicle = Chronicle(resolution: options.resolution, redact: options.redact) }
  }

  /// The names of the ports seen so far, by `Port.index`.
  public func name(ports: [String]) { checker.name(ports: ports) }

  /// What the ports carry from their beginning on, by `Port.index`.
  public func expect(_ contents: [LineContent]) { decoder.expect(contents) }

  /// Takes a batch of chunks. `observe` sees the events before they are thrown away.
  public func take(_ batch: borrowing ChunkBatch, observe: (borrowing EventBatch) -> Void = { _ in }) {
    meter.count(batch)
    decoder.decode(batch, into: &events)
    digest(batch, observe)
  }

  /// The line is silent until `instant`: what was due before is found now. Whether anything was.
  public func advance(to instant: Instant) -> Bool {
    checker.advance(to: instant, except: decoder.busyPorts)
    guard checker.hasFindings else { return false }
    digest(ChunkBatch()) { _ in }
    return true
  }

  /// The end of the trace.
  public func finish(observe: (borrowing EventBatch) -> Void = { _ in }) {
    decoder.finish(into: &events)
    digest(ChunkBatch(), observe)
    if watch != nil {
      watch?.finish(meter.transfers.map(SeenTransfer.init))
      collect(ChunkBatch())
    }
    finished.append(contentsOf: waiting)
    waiting.removeAll()
  }

  /// The findings that are complete since the last call, in the order in which they were found.
  public func takeFindings() -> [ReportedFinding] {
    defer { finished.removeAll(keepingCapacity: true) }
    return finished
  }

  public var commands: [CommandFigures] { meter.commands }
  public var transfers: [TransferFigures] { meter.transfers }
  public var transactions: Int { meter.transactions }
  public var hostBytes: UInt64 { meter.hostBytes }
  public var modemBytes: UInt64 { meter.modemBytes }
  /// Of `modemBytes`, those of which the log does not say whose they are.
  public var unsidedBytes: UInt64 { meter.unsidedBytes }
  /// The rate of the line: as it was told, else the first that a command set.
  public var rate: LineRate? {
    options.baud.map { LineRate(bitsPerSecond: $0, source: options.baudSource) } ?? meter.rateSeen
  }
  public var start: Instant { meter.first }
  public var end: Instant { meter.last }
  public var coverage: [RuleCoverage] { checker.coverageTable + (watch?.coverage ?? []) }
  /// Findings beyond the number that is kept.
  public var droppedFindings: Int { checker.dropped }

  private func digest(_ batch: borrowing ChunkBatch, _ observe: (borrowing EventBatch) -> Void) {
    checker.take(events)
    meter.take(events)
    watch?.take(events)
    chronicle?.take(events)
    window.noteSecrets(events)
    observe(events)
    // A finding waits for the lines that follow it in the trace.
    for index in waiting.indices { window.complete(&waiting[index], with: batch, redact: options.redact) }
    finished.append(contentsOf: waiting)
    waiting.removeAll(keepingCapacity: true)
    collect(batch)
    chronicle?.settle()
    window.keepEnd(of: batch)
    events.removeAll()
  }

  /// Takes the new findings, with the lines around them as far as these are there.
  private func collect(_ batch: borrowing ChunkBatch) {
    if checker.hasFindings { for finding in checker.takeFindings() { collect(finding, batch) } }
    if watch?.hasFindings == true { for finding in watch?.takeFindings() ?? [] { collect(finding, batch) } }
  }

  private func collect(_ finding: Finding, _ batch: borrowing ChunkBatch) {
    counts[finding.severity, default: 0] += 1
    chronicle?.mark(finding)
    var reported = ReportedFinding(finding: finding, context: [])
    window.complete(&reported, with: batch, redact: options.redact)
    if reported.context.isEmpty || !window.hasLineBehind(finding.position.place, batch) {
      waiting.append(reported)
    } else {
      finished.append(reported)
    }
  }
}

extension SeenTransfer {
  init(_ figures: TransferFigures) {
    self.init(
      kind: figures.kind,
      position: Position(place: figures.place, instant: figures.start, direction: figures.direction),
      bytes: figures.payloadBytes, complete: figures.complete, sha256: figures.sha256, throughput: figures.throughput)
  }
}
