import Capture
import Inspect
import Profile
import Report
import Trace

/// One conversion: reads the input once for its bytes, and once before that where findings or secrets are wanted.
struct Conversion {
  let source: InputSource
  let settings: InputJob.Settings
  let target: ConvertCommand.Target
  let masks: Bool
  let file: AtomicFile

  /// What the user should know, each one clause.
  private(set) var remarks: [String] = []
  private(set) var isDamaged = false

  private var secrets = SecretRanges()
  private var mask: TraceMask?
  private var comments: [ExportWriter.Comment] = []

  init(source: InputSource, settings: InputJob.Settings, target: ConvertCommand.Target, masks: Bool, file: AtomicFile) {
    self.source = source
    self.settings = settings
    self.target = target
    self.masks = masks
    self.file = file
  }

  mutating func run() throws(CaptureError) {
    if masks || target == .pcapng { try inspect() }
    if target == .pcapng {
      try writePayloads()
    } else {
      if masks { try learn() }
      try writeChunks()
    }
  }

  // MARK: The first reading

  private mutating func inspect() throws(CaptureError) {
    let settings = settings.fitted(to: source.path)
    var session = try Session(source, settings, book: settings.book)
    var found = SecretRanges()
    do throws(CaptureError) {
      while try session.advance(observe: { found.note($0) }) {}
    } catch {
      // The second reading meets the same damage and tells it.
    }
    session.finish(observe: { found.note($0) })
    guard !found.isFull else {
      throw CaptureError("\(source.name): more than \(SecretRanges.limit) secrets; split the input")
    }
    found.seal()
    secrets = found
    guard target == .pcapng else { return }
    comments = session.report(path: source.path).findings.map { reported in
      let finding = reported.finding
      let cited = finding.citation.text
      let text = "\(finding.severity.name) \(finding.rule): \(finding.message) [\(cited)]"
      return ExportWriter.Comment(place: finding.position.place, text: Printable.text(text, limit: 2000))
    }
  }

  // MARK: Payloads

  private mutating func writePayloads() throws(CaptureError) {
    let settings = settings.fitted(to: source.path)
    var session = try Session(source, settings, book: settings.book)
    let secrets = secrets
    let hides: @Sendable (Port, Direction, UInt64) -> Bool = { secrets.contains($2, port: $0, direction: $1) }
    var writer = ExportWriter(session.facts, comments: comments, isSecret: masks ? hides : nil)
    var bytes: [UInt8] = []
    writer.writeHeader(into: &bytes)
    var goesOn = true
    while goesOn {
      do throws(CaptureError) {
        goesOn = try session.advance(observe: { writer.write($0, into: &bytes) })
      } catch {
        damage(error)
        goesOn = false
      }
      writer.name(ports: session.ports)
      session.dropFindings()
      try flush(&bytes)
    }
    session.finish(observe: { writer.write($0, into: &bytes) })
    writer.finish(into: &bytes)
    try flush(&bytes)
  }

  // MARK: Chunks

  /// Learns the values of the secrets, before the first of them is written.
  private mutating func learn() throws(CaptureError) {
    var input = try LogInput(
      source, format: settings.format, among: FormatRegistry.all + settings.dialects, capture: settings.capture)
    var batch = ChunkBatch()
    var learnt = TraceMask(secrets)
    do throws(CaptureError) {
      var told = 0
      while try input.next(into: &batch) {
        learnt.learn(batch)
        settings.progress?.move(by: input.bytesRead - told)
        told = input.bytesRead
        batch.removeAll()
      }
    } catch {
      // The last reading meets the same damage and tells it.
    }
    learnt.learn(batch)
    mask = learnt
  }

  private mutating func writeChunks() throws(CaptureError) {
    var input = try LogInput(
      source, format: settings.format, among: FormatRegistry.all + settings.dialects, capture: settings.capture)
    var batch = ChunkBatch()
    var bytes: [UInt8] = []
    var writer: ChunkWriter?
    var goesOn = true
    var told = 0
    while goesOn {
      settings.progress?.move(by: input.bytesRead - told)
      told = input.bytesRead
      batch.removeAll()
      do throws(CaptureError) {
        goesOn = try input.next(into: &batch)
      } catch {
        guard writer != nil else { throw error }
        damage(error)
        goesOn = false
      }
      mask?.apply(to: &batch)
      if writer == nil {
        // The header says what is known of the log when its first block has been read.
        writer = ChunkWriter(target, input)
        writer?.begin(into: &bytes)
      }
      writer?.name(ports: input.facts.ports)
      do throws(SerialCaptureWriter.Problem) {
        try writer?.write(batch, into: &bytes)
      } catch {
        throw CaptureError("\(source.name): \(Self.text(error))")
      }
      try flush(&bytes)
    }
    remarks += (writer?.losses ?? []) + input.facts.warnings
  }

  private static func text(_ problem: SerialCaptureWriter.Problem) -> String {
    switch problem {
    case .directionUnknown: "the log does not tell who sent what, which this format needs; write .trace or .jsonl"
    case .severalPorts: "the log has several ports, which pcap cannot hold; use --to serial-pcapng"
    }
  }

  private mutating func damage(_ error: CaptureError) {
    isDamaged = true
    remarks.append(error.message)
  }

  private func flush(_ bytes: inout [UInt8]) throws(CaptureError) {
    try file.write(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}

/// Writes chunks in one of the formats that keep them.
private enum ChunkWriter {
  case trace(TraceWriter)
  case serial(SerialCaptureWriter)
  case lines(ChunkJSONLines)

  init(_ target: ConvertCommand.Target, _ input: LogInput) {
    switch target {
    case .trace: self = .trace(TraceWriter(input.facts))
    case .jsonl: self = .lines(ChunkJSONLines(ports: input.facts.ports, isCapture: input.format.isCapture))
    case .pcap: self = .serial(SerialCaptureWriter(input.facts, pcapng: false))
    case .serialPcapng, .pcapng: self = .serial(SerialCaptureWriter(input.facts, pcapng: true))
    }
  }

  mutating func begin(into bytes: inout [UInt8]) {
    switch self {
    case .trace(let writer): writer.writeHeader(into: &bytes)
    case .serial(var writer):
      writer.writeHeader(into: &bytes)
      self = .serial(writer)
    case .lines: break
    }
  }

  mutating func name(ports: [String]) {
    switch self {
    case .trace(var writer):
      writer.name(ports: ports)
      self = .trace(writer)
    case .serial(var writer):
      writer.name(ports: ports)
      self = .serial(writer)
    case .lines(var writer):
      writer.name(ports: ports)
      self = .lines(writer)
    }
  }

  mutating func write(_ batch: ChunkBatch, into bytes: inout [UInt8]) throws(SerialCaptureWriter.Problem) {
    switch self {
    case .trace(let writer): writer.write(batch, into: &bytes)
    case .lines(let writer): bytes += writer.text(batch).utf8
    case .serial(var writer):
      try writer.write(batch, into: &bytes)
      self = .serial(writer)
    }
  }

  var losses: [String] {
    if case .serial(let writer) = self { return writer.losses }
    return []
  }
}
