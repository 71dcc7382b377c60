import Glibc
import Trace

/// A dialect that a user declares: a regular expression with the named groups `time`, `direction`, `port` and `data`,
/// how the time is written, which marks mean which direction, and how the bytes are escaped.
public struct CustomDialect: Sendable {
  /// What a user declares, as plain values.
  public struct Description: Hashable, Sendable {
    public var name: String
    /// A POSIX extended regular expression, matched from the beginning of each line, in which `(?<data>…)` and its like
    /// name groups. `\d`, `\s` and `\w` are understood.
    public var pattern: String
    /// How the group `time` is written, in the letters of `StampPattern`: `YYYY-MM-DD hh:mm:ss.f`, `S.f`, `N`.
    public var time: String?
    /// What the group `direction` holds for bytes to the modem; without any, all bytes go an unknown way.
    public var hostMarks: [String]
    public var modemMarks: [String]
    public var escapes: Escapes
    /// What is put behind the bytes of a line where the log leaves line ends out.
    public var lineEnds: LineEnding

    public init(
      name: String, pattern: String, time: String? = nil, hostMarks: [String] = [], modemMarks: [String] = [],
      escapes: String = "none", lineEnds: String = "kept"
    ) throws(CaptureError) {
      self.name = name
      self.pattern = pattern
      self.time = time
      self.hostMarks = hostMarks
      self.modemMarks = modemMarks
      guard let escapes = Escapes(rawValue: escapes) else {
        throw CustomDialect.wrong(
          name, "escapes", escapes, "is one of " + Escapes.allCases.map(\.rawValue).joined(separator: ", "))
      }
      guard let lineEnds = LineEnding(rawValue: lineEnds) else {
        throw CustomDialect.wrong(
          name, "line-ends", lineEnds, "is one of " + LineEnding.allCases.map(\.rawValue).joined(separator: ", "))
      }
      self.escapes = escapes
      self.lineEnds = lineEnds
    }
  }

  /// How bytes that are no text are written.
  public enum Escapes: String, CaseIterable, Hashable, Sendable {
    /// Not at all.
    case none
    /// `\r`, `\n`, `\x1A`, `\032`.
    case c
    /// `<CR>`, `<LF>`, `<SUB>`: the names of ASCII.
    case angle
    /// `^M`, `^Z`.
    case caret
    /// `41 54 0D`, or `41540D`.
    case hex
  }

  public enum LineEnding: String, CaseIterable, Hashable, Sendable {
    /// All bytes are in the log.
    case kept
    /// The log leaves them out: they are put back as V.250 has them, and rules about them are not evaluated.
    case restored
  }

  let description: Description
  let expression: LineExpression
  let stamp: StampPattern?

  /// The longest way to write the time.
  private static let timeLimit = 64
  /// The longest name of a dialect.
  private static let nameLimit = 32

  /// Checks the whole declaration; the error says what is wrong with it and what to write.
  public init(_ description: Description) throws(CaptureError) {
    let name = description.name
    guard !name.isEmpty, name.utf8.count <= CustomDialect.nameLimit,
      name.utf8.allSatisfy({ Ascii.isLetter($0) || Ascii.isDigit($0) || $0 == Ascii.minus })
    else {
      throw CustomDialect.wrong(name, "name", name, "has letters, digits and '-', at most \(CustomDialect.nameLimit)")
    }
    guard FormatRegistry.format(named: name) == nil else {
      throw CustomDialect.wrong(name, "name", name, "is a built-in dialect; choose another")
    }
    do {
      expression = try LineExpression(description.pattern)
    } catch {
      throw CustomDialect.wrong(name, "pattern", description.pattern, error.why)
    }
    guard expression.has(.data) else {
      throw CustomDialect.wrong(name, "pattern", description.pattern, "has no group (?<data>…) for the bytes")
    }
    if expression.has(.direction), description.hostMarks.isEmpty || description.modemMarks.isEmpty {
      throw CustomDialect.wrong(
        name, "pattern", description.pattern, "has a group (?<direction>…); say which of its texts mean host and modem")
    }
    guard let time = description.time else {
      guard !expression.has(.time) else {
        throw CustomDialect.wrong(
          name, "pattern", description.pattern, "has a group (?<time>…); say how it is written, e.g. hh:mm:ss.f")
      }
      stamp = nil
      self.description = description
      return
    }
    guard expression.has(.time) else {
      throw CustomDialect.wrong(name, "time", time, "needs a group (?<time>…) in the pattern")
    }
    guard time.utf8.count <= CustomDialect.timeLimit else {
      throw CustomDialect.wrong(name, "time", time, "is longer than \(CustomDialect.timeLimit) bytes")
    }
    stamp = StampPattern(time)
    self.description = description
  }

  /// The dialect among the others, for detection and for `--input-format`.
  public var format: LogFormat {
    let dialect = self
    return LogFormat(
      name: description.name, summary: "declared in the configuration", example: description.pattern, extensions: [],
      confidence: { dialect.confidence(of: $0) }, makeReader: { CustomReader(dialect) })
  }

  /// As sure as the share of lines that match: who declares a dialect means to have it used.
  private func confidence(of beginning: LogBeginning) -> Double {
    var hits = 0
    var filled = 0
    for range in beginning.lines {
      let line = beginning.bytes[range]
      if line.allSatisfy(Ascii.isBlank) { continue }
      filled += 1
      if expression.match(line) != nil { hits += 1 }
    }
    guard hits > 0, filled > 0 else { return 0 }
    let share = Double(hits) / Double(filled)
    return hits >= 3 ? 0.75 + 0.25 * share : share >= 0.5 ? 0.9 * share : 0
  }

  static func wrong(_ name: String, _ key: String, _ value: String, _ why: String) -> CaptureError {
    CaptureError("dialect '\(Printable.text(name))': \(key) '\(Printable.text(value))' \(why)")
  }
}

/// Reads logs of a declared dialect.
struct CustomReader: LogReader {
  private var cutter = LineCutter()
  private var lines: CustomLines

  init(_ dialect: CustomDialect) { lines = CustomLines(dialect) }

  var facts: LogFacts { lines.log.facts }

  mutating func read(_ block: Span<UInt8>, into batch: inout ChunkBatch) {
    cutter.cut(block, to: &lines, into: &batch)
  }

  mutating func finish(into batch: inout ChunkBatch) { cutter.finish(to: &lines, into: &batch) }
}

struct CustomLines: LineTaker {
  private(set) var log: DialectLog
  private let dialect: CustomDialect
  private var ends = LineEnds()
  private var line: [UInt8] = []

  init(_ dialect: CustomDialect) {
    self.dialect = dialect
    var losses: Loss = dialect.description.lineEnds == .restored ? .lineEndings : []
    if !dialect.expression.has(.direction) { losses.insert(.direction) }
    log = DialectLog(format: dialect.description.name, losses: losses)
  }

  mutating func take(_ piece: UnsafeBufferPointer<UInt8>, _ cut: LineCut, into batch: inout ChunkBatch) -> Int {
    swap(&log.batch, &batch)
    defer { swap(&log.batch, &batch) }
    log.place = cut.place
    guard cut.starts else {
      log.gap("the line is longer than \(LineCutter.pieceLimit) bytes")
      return 0
    }
    line.removeAll(keepingCapacity: true)
    line.append(contentsOf: piece)
    let mark = cut.place == 1 && line.starts(with: Ascii.byteOrderMark) ? Ascii.byteOrderMark.count : 0
    take(line[mark...])
    return 0
  }

  private mutating func take(_ line: LineText) {
    let text = line.withoutLineEnd
    guard let match = dialect.expression.match(text) else { return log.remark(line) }
    var stamp: LogStamp?
    if let range = match[.time] { stamp = dialect.stamp?.parse(text[range])?.stamp }
    let direction = match[.direction].map { meaning(text[$0]) } ?? Direction.unknown
    let port = match[.port].map { log.port(named: text[$0]) } ?? .first
    guard let range = match[.data] else { return log.remark(line) }
    let bytes = undone(text[range])
    let instant = log.instant(of: stamp, port: port)
    guard dialect.description.lineEnds == .restored else { return log.data(direction, at: instant, port: port, bytes) }
    log.data(
      direction, at: instant, port: port, direction == .hostToModem ? ends.host(bytes[...]) : ends.modem(bytes[...]))
  }

  private func meaning(_ mark: LineText) -> Direction {
    if dialect.description.hostMarks.contains(where: { mark.elementsEqual($0.utf8) }) { return .hostToModem }
    return dialect.description.modemMarks.contains { mark.elementsEqual($0.utf8) } ? .modemToHost : .unknown
  }

  private func undone(_ text: LineText) -> [UInt8] {
    switch dialect.description.escapes {
    case .none: [UInt8](text)
    case .c: TextEscapes.undo(text).bytes
    case .angle: DocklightDialect.undone(text)
    case .caret: ChatDialect.bytes(text)
    case .hex: CustomLines.hexadecimal(text)
    }
  }

  /// Pairs of digits, with or without blanks between them; the first that is none ends them.
  private static func hexadecimal(_ text: LineText) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = text.withoutIndent
    while rest.count >= 2, let byte = TextEscapes.hexadecimal(rest.prefix(2)) {
      bytes.append(byte)
      rest = rest.dropFirst(2).drop { $0 == Ascii.blank || $0 == Ascii.comma || $0 == Ascii.colon }
    }
    return bytes
  }
}
