import Trace

/// A log from its source to its chunks: opens it, finds or is told the format, and reads block by block.
public struct LogInput {
  public let source: InputSource
  public let format: LogFormat
  /// The format that was nearly as likely, when the format was detected.
  public let runnerUp: LogFormat?

  private let blocks: BlockReader
  private var reader: any LogReader
  private var peeked: [UInt8]
  private var failure: CaptureError?
  private var isFinished = false

  /// What is known of the log so far; complete once `next` returned `false`.
  public var facts: LogFacts { reader.facts }

  /// How many bytes of the file were read, before decompression.
  public var bytesRead: Int { blocks.position }

  /// Opens a source.
  ///
  /// - Parameters:
  ///   - format: the format that the user named; `nil` to detect it from the first 64 KiB.
  ///   - formats: those among which it is detected: the built-in ones, and what a configuration declares.
  ///   - capture: what the user says about captures; a log that is none refuses it.
  ///   - patience: for how many milliseconds a live source may be silent before detection makes do with what has
  ///     come; `nil` to wait for 64 KiB or the end.
  public init(
    _ source: InputSource, format: LogFormat? = nil, among formats: [LogFormat] = FormatRegistry.all,
    capture: CaptureOptions = CaptureOptions(),
    patience: Int32? = nil
  ) throws(CaptureError) {
    self.source = source
    blocks = try BlockReader(path: source.path)
    let peek = Peek(blocks, limit: format == nil ? LogBeginning.byteLimit : 1, patience: patience)
    peeked = peek.bytes
    failure = peek.failure
    guard !peeked.isEmpty else {
      throw failure ?? CaptureError(source.path, "the file is empty; there is nothing to read")
    }
    if let format {
      self.format = format
      runnerUp = nil
    } else {
      switch Detection.detect(peeked, among: formats) {
      case .found(let format, _, let second):
        self.format = format
        runnerUp = second
      case .unrecognised(let why):
        throw CaptureError(source.path, why.message)
      }
    }
    guard capture.filter == nil || self.format.isCapture else {
      throw CaptureError(source.path, "--filter is for captures, and this is a \(self.format.name) log; leave it out")
    }
    reader = self.format.makeReader(capture)
  }

  /// Reads one block and appends its chunks to `batch`; `false` when there is no more. `batch` may stay empty.
  ///
  /// When the source fails half way, the chunks before it come first and the error is thrown by the next call.
  public mutating func next(into batch: inout ChunkBatch) throws(CaptureError) -> Bool {
    guard !isFinished else {
      if let failure { throw failure }
      return false
    }
    if !peeked.isEmpty {
      let first = peeked
      peeked = []
      reader.read(first.span, into: &batch)
      if let refusal = reader.facts.refusal { throw refuse(refusal) }
      return true
    }
    if failure == nil {
      do throws(CaptureError) {
        if try blocks.next({ reader.read($0, into: &batch) }) {
          if let refusal = reader.facts.refusal { throw refuse(refusal) }
          return true
        }
      } catch {
        if isFinished { throw error }
        failure = error
      }
    }
    isFinished = true
    reader.finish(into: &batch)
    if let refusal = reader.facts.refusal { throw refuse(refusal) }
    if batch.isEmpty, let failure { throw failure }
    return failure != nil || !batch.isEmpty
  }
}

extension LogInput {
  /// The input is of a kind that cannot be read; nothing more comes of it.
  private mutating func refuse(_ why: String) -> CaptureError {
    isFinished = true
    let error = CaptureError(source.path, why)
    failure = error
    return error
  }
}

/// The beginning of a source, read ahead.
struct Peek {
  private(set) var bytes: [UInt8] = []
  /// What went wrong after these bytes.
  private(set) var failure: CaptureError?

  init(_ reader: BlockReader, limit: Int = LogBeginning.byteLimit, patience: Int32? = nil) {
    do throws(CaptureError) {
      while bytes.count < limit {
        if let patience, !bytes.isEmpty, !reader.isReady(within: patience) { return }
        guard try reader.next({ $0.withUnsafeBufferPointer { bytes.append(contentsOf: $0) } }) else { return }
      }
    } catch {
      failure = error
    }
  }
}
