import Trace

/// What a live line is saved as.
public enum SavedForm: String, Hashable, Sendable {
  case trace, pcap, pcapng

  init(path: String) {
    let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
    if name.hasSuffix(".pcapng") || name.hasSuffix(".ntar") {
      self = .pcapng
    } else if name.hasSuffix(".pcap") || name.hasSuffix(".cap") {
      self = .pcap
    } else {
      self = .trace
    }
  }

  /// Places in it are packets, not lines.
  public var isCapture: Bool { self != .trace }

  static func refusal(_ problem: SerialCaptureWriter.Problem, _ path: String) -> String {
    switch problem {
    case .directionUnknown:
      "\(Printable.text(path)): packets need a direction, which this line does not tell; save .trace"
    case .severalPorts:
      "\(Printable.text(path)): the format of libpcap has one port, and there are several; save .pcapng"
    }
  }
}

/// Writes the chunks of a live line in the form that it is saved in, and numbers them as they stand there: by lines of
/// text, or by packets, of all files put together.
struct LiveWriter {
  private enum Form {
    case text(TraceWriter)
    case packets(SerialCaptureWriter)
  }

  private var form: Form
  /// The next line.
  private var line = 1

  init(_ facts: LogFacts, as saved: SavedForm, findsPorts: Bool) {
    form =
      saved.isCapture
      ? .packets(SerialCaptureWriter(facts, pcapng: saved == .pcapng))
      : .text(TraceWriter(facts, namesPorts: findsPorts))
  }

  mutating func name(ports: [String]) {
    switch form {
    case .text(var writer):
      writer.name(ports: ports)
      form = .text(writer)
    case .packets(var writer):
      writer.name(ports: ports)
      form = .packets(writer)
    }
  }

  /// The head of a file, the first one or a further one.
  mutating func writeHeader(into text: inout [UInt8]) {
    switch form {
    case .text(let writer):
      let start = text.count
      writer.writeHeader(into: &text)
      line &+= text[start...].count { $0 == Ascii.lineFeed }
    case .packets(var writer):
      writer.writeHeader(into: &text)
      form = .packets(writer)
    }
  }

  /// Writes a batch; what cannot be written ends it.
  mutating func write(
    _ batch: inout ChunkBatch, numbers: Bool, into text: inout [UInt8]
  ) throws(SerialCaptureWriter.Problem) {
    switch form {
    case .text(let writer):
      writer.write(batch, into: &text)
      if numbers { number(&batch) }
    case .packets(var writer):
      // Two owners would copy what it keeps.
      form = .text(TraceWriter(LogFacts(format: "")))
      defer { form = .packets(writer) }
      for index in batch.chunks.indices {
        let place = try writer.write(batch.chunks[index], of: batch, into: &text)
        if numbers { batch.chunks[index].place = place }
      }
    }
  }

  /// Numbers the lines of a batch that nobody saves.
  mutating func number(_ batch: inout ChunkBatch) {
    for index in batch.chunks.indices {
      batch.chunks[index].place = line
      // A clock that was set back needs no line of its own.
      if batch.chunks[index].kind != .clockStep { line &+= 1 }
    }
  }
}
