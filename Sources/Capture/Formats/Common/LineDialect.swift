import Trace

/// A line of a log without its line feed; a CR before that is still there.
typealias LineText = ArraySlice<UInt8>

/// A dialect of line by line logs: how its lines look, and what they say.
///
/// Everything but the lines themselves (blocks, long lines, places, clock, ports) is the business of
/// `DialectReader` and `DialectLog`.
protocol LineDialect: Sendable {
  /// The name that `--input-format` takes.
  static var name: String { get }
  static var summary: String { get }
  static var example: String { get }
  /// What no log of this dialect keeps.
  static var losses: Loss { get }

  /// What one line says for or against the dialect.
  static func evidence(_ line: LineText) -> LineEvidence
  /// How sure it is of a log that begins like this; made from the evidence of its lines where that is enough.
  static func confidence(of beginning: LogBeginning) -> Double

  init()
  /// Takes the next line and puts what it says into `log`.
  mutating func take(_ line: LineText, into log: inout DialectLog)
  /// The input ends: hands on what waited for more.
  mutating func finish(into log: inout DialectLog)
}

/// What one line says for or against a dialect.
enum LineEvidence {
  /// Bytes of the line, written as only this dialect does.
  case record
  /// Another line of the same program.
  case kindred
  case stranger
}

extension LineDialect {
  static var losses: Loss { [] }

  mutating func finish(into log: inout DialectLog) {}

  static var format: LogFormat {
    LogFormat(
      name: name, summary: summary, example: example, extensions: ["log", "txt"], confidence: confidence,
      makeReader: { DialectReader<Self>() },
      makeStamped: { StampedReader(DialectLines<Self>(), name: StampedFormat.name + StampedFormat.join + name) },
      kinship: kinship)
  }

  /// The share of the lines that are of this dialect.
  private static func kinship(of beginning: LogBeginning) -> Double {
    let mine = beginning.lines.count { evidence(beginning.bytes[$0]) != .stranger }
    return beginning.lines.isEmpty ? 0 : Double(mine) / Double(beginning.lines.count)
  }

  /// Three records settle it, whatever stands between them; with fewer the other lines must not be strangers.
  static func confidence(of beginning: LogBeginning) -> Double {
    guard BinaryKind(of: beginning.bytes) == nil else { return 0 }
    var records = 0
    var kindred = 0
    var filled = 0
    let mark = beginning.bytes.starts(with: Ascii.byteOrderMark) ? Ascii.byteOrderMark.count : 0
    for range in beginning.lines where range.upperBound > mark {
      let line = beginning.bytes[max(mark, range.lowerBound)..<range.upperBound]
      guard !line.allSatisfy(Ascii.isBlank) else { continue }
      filled += 1
      switch evidence(line) {
      case .record: records += 1
      case .kindred: kindred += 1
      case .stranger: break
      }
    }
    guard records > 0, filled > 0 else { return 0 }
    let share = Double(records + kindred) / Double(filled)
    if records >= 3 { return 0.7 + 0.25 * share }
    return share >= 0.5 ? 0.9 * share : 0
  }
}

/// Reads a log of one dialect: cuts it into lines and lets the dialect say what they mean.
struct DialectReader<Dialect: LineDialect>: LogReader {
  private var cutter = LineCutter()
  private var lines = DialectLines<Dialect>()

  var facts: LogFacts { lines.log.facts }

  mutating func read(_ block: Span<UInt8>, into batch: inout ChunkBatch) {
    cutter.cut(block, to: &lines, into: &batch)
  }

  mutating func finish(into batch: inout ChunkBatch) {
    cutter.finish(to: &lines, into: &batch)
    lines.finish(into: &batch)
  }
}

/// Hands lines to a dialect, one array for all of them.
struct DialectLines<Dialect: LineDialect>: LineTaker, LineFinisher {
  private(set) var log = DialectLog(format: Dialect.name, losses: Dialect.losses)
  private var dialect = Dialect()
  private var line: [UInt8] = []
  private var isCut = false

  var facts: LogFacts { log.facts }

  mutating func take(_ piece: UnsafeBufferPointer<UInt8>, _ cut: LineCut, into batch: inout ChunkBatch) -> Int {
    swap(&log.batch, &batch)
    defer { swap(&log.batch, &batch) }
    log.place = cut.place
    guard cut.starts else {
      // What a record is worth whose end may be anywhere, nobody knows: the beginning is read, the rest is missing.
      if !isCut { log.gap("the line is longer than \(LineCutter.pieceLimit) bytes") }
      isCut = true
      return 0
    }
    isCut = false
    line.removeAll(keepingCapacity: true)
    line.append(contentsOf: piece)
    let mark = cut.place == 1 && line.starts(with: Ascii.byteOrderMark) ? Ascii.byteOrderMark.count : 0
    dialect.take(line[mark...], into: &log)
    return 0
  }

  mutating func finish(into batch: inout ChunkBatch) {
    swap(&log.batch, &batch)
    dialect.finish(into: &log)
    swap(&log.batch, &batch)
  }
}
