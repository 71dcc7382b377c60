import Trace

/// What the beginning of a file was recognised as.
public enum Detection: Sendable {
  /// A format, and another one where it is nearly as likely.
  case found(LogFormat, confidence: Double, runnerUp: LogFormat?)
  case unrecognised(Unrecognised)

  /// Below this no format is taken.
  static let threshold = 0.2
  /// A runner-up is named when it has at least this share of the winner's confidence.
  static let closeness = 0.8

  /// Asks every format about the beginning of a file.
  public static func detect(_ bytes: [UInt8], among formats: [LogFormat] = FormatRegistry.all) -> Detection {
    let beginning = LogBeginning(bytes)
    let ranked = formats.map { (format: $0, confidence: $0.confidence(of: beginning)) }
      .sorted { $0.confidence > $1.confidence }
    guard let winner = ranked.first, winner.confidence >= threshold else {
      if let found = behindTime(beginning, among: formats) { return found }
      return .unrecognised(
        Unrecognised(beginning, nearest: nearest(ranked, beginning), known: formats.map(\.name)))
    }
    let second = ranked.dropFirst().first { $0.confidence >= winner.confidence * closeness }
    // The answers that a dialect shows as they are look like a terminal's lines.
    if winner.format.name == StampedFormat.name, let found = behindTime(beginning, among: formats) { return found }
    // A log without time of its own may have got it from a filter: the same log, and its time.
    if !hasTime(winner.format, beginning), let found = behindTime(beginning, among: [winner.format]) { return found }
    return .found(winner.format, confidence: winner.confidence, runnerUp: second?.format)
  }

  /// The formats of which at least some lines could be, best first.
  private static func nearest(
    _ ranked: [(format: LogFormat, confidence: Double)], _ beginning: LogBeginning
  ) -> [String] {
    let kin = ranked.map { (name: $0.format.name, share: max($0.confidence, $0.format.kinship(beginning))) }
    return kin.filter { $0.share > 0 }.sorted { $0.share > $1.share }.prefix(nearestLimit).map(\.name)
  }

  /// The most formats that an error names.
  private static let nearestLimit = 3

  /// A dialect that was recognised only behind the time before each line.
  private static func behindTime(_ beginning: LogBeginning, among formats: [LogFormat]) -> Detection? {
    guard let bare = StampedBeginning(beginning), !bare.isDelta else { return nil }
    let ranked = formats.filter { $0.makeStamped != nil }.map { ($0, $0.confidence(of: bare.beginning)) }
    guard let (format, confidence) = ranked.max(by: { $0.1 < $1.1 }), confidence >= dialectThreshold,
      let stamped = StampedFormat.around(format)
    else { return nil }
    return .found(stamped, confidence: confidence, runnerUp: nil)
  }

  /// A dialect behind the time must be sure.
  private static let dialectThreshold = 0.6

  private static func hasTime(_ format: LogFormat, _ beginning: LogBeginning) -> Bool {
    guard format.makeStamped != nil else { return true }
    var reader = format.makeReader()
    var batch = ChunkBatch()
    reader.read(beginning.bytes.span, into: &batch)
    reader.finish(into: &batch)
    return reader.facts.resolution.hasTime
  }
}

/// Why no format was found, with the lines that stood in the way.
public struct Unrecognised: Hashable, Sendable {
  public struct Line: Hashable, Sendable {
    public var number: Int
    /// Safe to print.
    public var text: String
  }
  /// One clause, e.g. "the file holds NUL bytes only".
  public var reason: String
  public var lines: [Line]
  /// The formats that come near, best first; empty when none does.
  public var nearest: [String]
  /// All formats that were asked.
  public var known: [String]

  private static let shownBytes = 60

  init(_ beginning: LogBeginning, nearest: [String], known: [String]) {
    self.nearest = nearest
    self.known = known
    if let kind = BinaryKind(of: beginning.bytes) {
      reason = kind.reason
      lines = []
      return
    }
    let evidence = RawEvidence(of: beginning)
    reason = Unrecognised.reason(evidence, beginning)
    lines =
      evidence.isBinary
      ? []
      : evidence.strangers.map { index in
        let range = beginning.lines[index]
        let before = beginning.bytes[..<range.lowerBound]
        return Line(
          number: 1 + before.count { $0 == Ascii.lineFeed },
          text: Printable.text(beginning.bytes[range], limit: Unrecognised.shownBytes))
      }
  }

  private static func reason(_ evidence: RawEvidence, _ beginning: LogBeginning) -> String {
    if evidence.filled == 0 { return "it holds nothing but blank lines" }
    if evidence.isBinary { return "it is binary data with hardly any AT traffic" }
    if evidence.isForeign {
      return "most lines begin with a time stamp, a tag or hexadecimal as no known format has it"
    }
    if evidence.hits == 0 { return "no line looks like an AT command or a result code" }
    return "too few lines look like AT commands or result codes"
  }

  private func listed(_ names: [String]) -> String { names.joined(separator: ", ") }

  /// The whole on one line.
  public var message: String {
    var text = "not a recognised log: \(reason)"
    if !lines.isEmpty {
      text += " (" + lines.map { "line \($0.number): \"\($0.text)\"" }.joined(separator: ", ") + ")"
    }
    let names = nearest.isEmpty ? "" : "nearest: " + listed(nearest) + "; "
    return text
      + "; \(names)name the format with --input-format if you know it ('attrace formats' lists \(known.count))"
  }
}

/// Files that are something else, known by their first bytes or by having no text at all.
enum BinaryKind {
  case signature(String)
  case zeros

  init?(of bytes: [UInt8]) {
    if let known = BinaryKind.signatures.first(where: { bytes.starts(with: $0.bytes) }) {
      self = .signature(known.name)
    } else if BinaryKind.isWide(bytes) {
      self = .signature("text in UTF-16 (save it as UTF-8 first)")
    } else if !bytes.isEmpty, bytes.allSatisfy({ $0 == 0 }) {
      self = .zeros
    } else {
      return nil
    }
  }

  var reason: String {
    switch self {
    case .signature(let name): "it is \(name), which no reader takes"
    case .zeros: "it is filled with NUL bytes"
    }
  }

  /// A mark of the order of bytes, and every other byte zero.
  private static func isWide(_ bytes: [UInt8]) -> Bool {
    guard bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) else { return false }
    let text = bytes.dropFirst(2).prefix(64)
    return text.count >= 4 && text.count(where: { $0 == 0 }) * 3 >= text.count
  }

  private static let signatures: [(bytes: [UInt8], name: String)] = [
    ([0x47, 0x4D, 0x42, 0x55], "a NetMon capture (save it as pcapng first)"),
    ([0x50, 0x4B, 0x03, 0x04], "a zip archive"),
    ([0x7F, 0x45, 0x4C, 0x46], "a program"), ([0x89, 0x50, 0x4E, 0x47], "a picture"),
    ([0xFF, 0xD8, 0xFF], "a picture"), ([0x25, 0x50, 0x44, 0x46], "a PDF document"),
    ([0x42, 0x5A, 0x68], "a bzip2 file (decompress it first)"),
    ([0x37, 0x7A, 0xBC, 0xAF], "a 7z archive (decompress it first)"),
    ([0x04, 0x22, 0x4D, 0x18], "an lz4 file (decompress it first)"),
  ]
}
