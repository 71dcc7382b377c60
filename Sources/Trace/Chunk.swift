/// What one entry of a log or capture says: bytes that went one way, or something that happened to the line.
///
/// The bytes themselves stand in the batch that holds the chunk. How bytes were cut into chunks carries no meaning.
public struct Chunk: Hashable, Sendable {
  public enum Kind: UInt8, Sendable {
    /// Bytes on the line.
    case data
    /// A control line changed: the bytes read like `dtr=0`.
    case control
    /// The log itself says that bytes are missing here.
    case gap
    /// The log's clock went backwards here; `instant` is the new time.
    case clockStep
    /// An entry the reader could not make sense of; the bytes are the entry.
    case malformed
    /// Text of the log that was never on the line (a comment, another program's line), kept at its place.
    case remark
  }

  public var kind: Kind
  public var direction: Direction
  public var port: Port
  /// When the bytes were seen (for a read: when the last of them arrived).
  public var instant: Instant
  /// The 1-based line of the input, or the packet number of a capture.
  public var place: Int
  /// Where the bytes stand in `ChunkBatch.bytes`.
  public var start: Int
  public var count: Int

  public init(
    kind: Kind = .data, direction: Direction, port: Port = .first, instant: Instant = .unknown, place: Int,
    start: Int, count: Int
  ) {
    self.kind = kind
    self.direction = direction
    self.port = port
    self.instant = instant
    self.place = place
    self.start = start
    self.count = count
  }
}

/// Chunks with their bytes, as a reader hands them on: borders between rooms are crossed once a batch.
///
/// A reader appends to one batch and empties it when it was taken, so that its storage is reused and the
/// steady state allocates nothing.
public struct ChunkBatch: Sendable {
  public var chunks: [Chunk] = []
  public var bytes: [UInt8] = []

  public init() {}

  public var isEmpty: Bool { chunks.isEmpty }

  public mutating func removeAll() {
    chunks.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }

  /// Appends a chunk whose bytes are copied from `source`.
  public mutating func append(
    _ kind: Chunk.Kind = .data, _ direction: Direction, port: Port = .first, at instant: Instant, place: Int,
    bytes source: some Collection<UInt8>
  ) {
    let start = bytes.count
    bytes.append(contentsOf: source)
    chunks.append(
      Chunk(
        kind: kind, direction: direction, port: port, instant: instant, place: place, start: start,
        count: bytes.count - start))
  }
}
