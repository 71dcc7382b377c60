import Trace

/// The text of a log as it comes: recognised as soon as there is enough of it, then read on.
struct LiveLog {
  /// A log that rests for so long is looked at with what there is of it.
  static let patience: Nanoseconds = 300_000_000

  private let name: String
  private var reader: (any LogReader)?
  private var beginning: [UInt8] = []
  private var lastByte: UInt8?
  /// The line of the last chunk.
  private(set) var lastPlace = 0

  /// `format`: `nil` to recognise it.
  init(name: String, format: LogFormat?) {
    self.name = name
    reader = format?.makeReader()
  }

  var facts: LogFacts? { reader?.facts }
  var isRecognised: Bool { reader != nil }
  /// Something came, and it is not known what.
  var isWaiting: Bool { reader == nil && !beginning.isEmpty }

  mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, into batch: inout ChunkBatch) throws(CaptureError) {
    lastByte = bytes.last ?? lastByte
    guard reader == nil else {
      read(bytes, into: &batch)
      return
    }
    beginning.append(contentsOf: bytes)
    if beginning.count >= LogBeginning.byteLimit { try recognise(isLast: true, into: &batch) }
  }

  /// Looks at what there is. `isLast`: nothing more will help.
  mutating func recognise(isLast: Bool, into batch: inout ChunkBatch) throws(CaptureError) {
    guard reader == nil, !beginning.isEmpty else { return }
    switch Detection.detect(beginning) {
    case .found(let format, _, _):
      var made = format.makeReader()
      made.read(beginning.span, into: &batch)
      reader = made
      beginning = []
      lastPlace = batch.chunks.last?.place ?? 0
    case .unrecognised(let why):
      if isLast { throw CaptureError(name, why.message) }
    }
  }

  /// The text breaks off here, and something else follows.
  mutating func breakOff(into batch: inout ChunkBatch) throws(CaptureError) {
    try recognise(isLast: false, into: &batch)
    guard let last = lastByte, last != Ascii.lineFeed else { return }
    lastByte = nil
    let end: [UInt8] = [Ascii.lineFeed]
    if reader == nil { beginning += end } else { end.withUnsafeBufferPointer { read($0, into: &batch) } }
  }

  private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>, into batch: inout ChunkBatch) {
    reader?.read(bytes.span, into: &batch)
    lastPlace = batch.chunks.last?.place ?? lastPlace
  }

  mutating func finish(into batch: inout ChunkBatch) throws(CaptureError) {
    try recognise(isLast: true, into: &batch)
    reader?.finish(into: &batch)
  }
}
