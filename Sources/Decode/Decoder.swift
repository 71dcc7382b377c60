import Profile
import Trace

/// Turns the chunks of a trace into events: one AT decoder for each port, in the order of the log.
///
/// Sans-I/O: bytes and their instants come in as arguments, events go out into a batch; the same input gives the same
/// events however it is cut.
public struct Decoder {
  private let book: Book
  private let transactions = TransactionCounter()
  private var channels: [ChannelBox] = []
  private var ports: [Port] = []
  private let lossy: Bool
  private var contents: [LineContent] = []

  /// `lossy`: the log does not keep line ends and control bytes exactly, so their form is not judged.
  public init(book: Book, lossy: Bool = false) {
    self.book = book
    self.lossy = lossy
  }

  /// What the ports carry from their beginning on, by `Port.index`; commands where nothing is said.
  public mutating func expect(_ contents: [LineContent]) { self.contents = contents }

  /// Decodes a batch; the events are appended to `out`.
  public mutating func decode(_ batch: borrowing ChunkBatch, into out: inout EventBatch) {
    let bytes = batch.bytes.span
    for chunk in batch.chunks {
      // A remark belongs to no port; it must not make one.
      guard chunk.kind != .remark else { continue }
      guard chunk.start >= 0, chunk.count >= 0, chunk.start + chunk.count <= bytes.count else { continue }
      let index = channel(for: chunk.port)
      if channels.count > 1 {
        for other in channels.indices where other != index && channels[other].channel.isOlder(than: chunk.instant) {
          channels[other].channel.settle(&out)
        }
      }
      channels[index].channel.take(chunk, bytes.extracting(chunk.start..<chunk.start + chunk.count), &out)
    }
  }

  /// The ports that stand in the middle of a line or of data.
  public var busyPorts: [Port] { channels.indices.filter { channels[$0].channel.isBusy }.map { ports[$0] } }

  /// The end of the input: what is still open is reported, and a `finish` event closes the stream.
  public mutating func finish(into out: inout EventBatch) {
    for index in channels.indices { channels[index].channel.finish(&out) }
    var end = Event(
      .finish, direction: .unknown, port: .first, start: .unknown, end: .unknown, place: 0, offset: 0)
    for box in channels {
      let now = box.channel.now
      if now.isKnown, !end.start.isKnown || end.start < now {
        end.start = now
        end.end = now
      }
      end.place = max(end.place, box.channel.place)
    }
    out.events.append(end)
  }

  private mutating func channel(for port: Port) -> Int {
    if let found = ports.firstIndex(of: port) { return found }
    if channels.count >= Limits.ports { return channels.count - 1 }
    var channel = Channel(port: port, book: book, transactions: transactions)
    channel.lossy = lossy
    if contents.indices.contains(Int(port.index)) { channel.content = contents[Int(port.index)] }
    channels.append(ChannelBox(channel))
    ports.append(port)
    return channels.count - 1
  }
}
