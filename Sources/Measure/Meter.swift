import Profile
import Trace

/// Counts and times commands and transfers from the events of a trace, in constant memory.
public struct Meter {
  private var commandMeter: CommandMeter
  private var transferMeter: TransferMeter

  public var commands: [CommandFigures] { commandMeter.figures }
  public var transfers: [TransferFigures] { transferMeter.figures }
  public var transactions: Int { commandMeter.transactions }
  /// The first rate of the line that a command set.
  public var rateSeen: LineRate? { transferMeter.rateSeen }
  public private(set) var hostBytes: UInt64 = 0
  public private(set) var modemBytes: UInt64 = 0
  /// Of `modemBytes`, those of which the log does not say whose they are.
  public private(set) var unsidedBytes: UInt64 = 0
  public private(set) var first = Instant.unknown
  public private(set) var last = Instant.unknown

  /// `rate`: how fast the line is, where the log or the user tells.
  public init(book: Book, rate: LineRate? = nil) {
    commandMeter = CommandMeter(book: book)
    transferMeter = TransferMeter(book: book, rate: rate)
  }

  /// Counts the bytes of a batch of chunks.
  public mutating func count(_ batch: borrowing ChunkBatch) {
    for chunk in batch.chunks where chunk.kind == .data {
      if chunk.direction == .hostToModem {
        hostBytes &+= UInt64(chunk.count)
      } else {
        modemBytes &+= UInt64(chunk.count)
        if chunk.direction == .unknown { unsidedBytes &+= UInt64(chunk.count) }
      }
      if chunk.instant.isKnown {
        if !first.isKnown { first = chunk.instant }
        last = chunk.instant
      }
    }
  }

  public mutating func take(_ batch: borrowing EventBatch) {
    for at in batch.events.indices {
      let event = batch.events[at]
      switch event.kind {
      case .commandLine:
        commandMeter.begin(event)
        transferMeter.noteLine(event)
      case .command: commandMeter.note(event, batch)
      case .final:
        commandMeter.end(event)
        transferMeter.noteLine(event)
      case .late:
        commandMeter.late(event)
        transferMeter.noteLine(event)
      case .information, .unsolicited, .prompt: transferMeter.noteLine(event)
      case .unanswered: commandMeter.giveUp(event)
      case .dataBegin: transferMeter.noteName(event, batch)
      case .data: transferMeter.take(event, batch)
      case .payload: transferMeter.noteBlock(event, batch)
      case .dataEnd: transferMeter.endPart(event, batch)
      case .transferEnd: transferMeter.end(event)
      case .mode: transferMeter.noteMode(event)
      case .clockStep: transferMeter.noteClock(event)
      case .finish: transferMeter.finish()
      default: break
      }
    }
  }
}
