import Glibc
import Trace

/// What takes the lines that a `LineCutter` cuts.
protocol LineTaker {
  /// Takes one line, or one piece of a line longer than `LineCutter.pieceLimit`.
  ///
  /// - Returns: how many bytes at the end of an unfinished piece stand again at the beginning of the next one
  ///   (an escape sequence that the cut went through). Not looked at when the line ends with the piece.
  mutating func take(_ piece: UnsafeBufferPointer<UInt8>, _ cut: LineCut, into batch: inout ChunkBatch) -> Int
}

/// How a piece of text stands in its line.
struct LineCut {
  enum End {
    /// The line goes on in the next piece.
    case goesOn
    /// A line feed follows, which is not part of the piece.
    case lineFeed
    /// The input ends here.
    case input
  }
  /// The 1-based number of the line.
  var place: Int
  /// Whether the piece is the beginning of its line.
  var starts: Bool
  var end: End
}

/// Cuts blocks of text into lines at LF. Lines that lie within a block are handed on where they stand; of a line that
/// crosses a border at most `pieceLimit` bytes are kept. The pieces depend on the text alone, never on the blocks.
struct LineCutter: Sendable {
  /// The longest line that is handed on whole; longer ones come in pieces of this length.
  static let pieceLimit = 65_536
  /// The most bytes of a piece that a taker can ask to see again.
  static let overlapLimit = 64

  private var carry: [UInt8] = []
  private var place = 1
  private var starts = true

  private static let lineFeed: Int32 = 0x0A

  mutating func cut<Taker: LineTaker>(_ block: Span<UInt8>, to taker: inout Taker, into batch: inout ChunkBatch) {
    block.withUnsafeBufferPointer { bytes in
      var position = finishCarried(bytes, to: &taker, into: &batch)
      while position < bytes.count {
        // One byte more than the limit tells a line of just that length from a longer one.
        let window = min(bytes.count - position, LineCutter.pieceLimit + 1)
        let rest = UnsafeBufferPointer(rebasing: bytes[position..<(position + window)])
        if let length = LineCutter.firstLineFeed(rest) {
          hand(UnsafeBufferPointer(rebasing: rest[..<length]), .lineFeed, to: &taker, into: &batch)
          position += length + 1
        } else if window > LineCutter.pieceLimit {
          let piece = UnsafeBufferPointer(rebasing: rest[..<LineCutter.pieceLimit])
          position += LineCutter.pieceLimit - hand(piece, .goesOn, to: &taker, into: &batch)
        } else {
          carry.append(contentsOf: rest)
          return
        }
      }
    }
  }

  mutating func finish<Taker: LineTaker>(to taker: inout Taker, into batch: inout ChunkBatch) {
    guard !carry.isEmpty else { return }
    let last = carry
    carry.removeAll()
    last.withUnsafeBufferPointer { _ = hand($0, .input, to: &taker, into: &batch) }
  }

  /// Completes the line that the blocks before this one left open; returns where the next line begins.
  private mutating func finishCarried<Taker: LineTaker>(
    _ bytes: UnsafeBufferPointer<UInt8>, to taker: inout Taker, into batch: inout ChunkBatch
  ) -> Int {
    var position = 0
    while !carry.isEmpty, position < bytes.count {
      let window = min(bytes.count - position, LineCutter.pieceLimit + 1 - carry.count)
      let rest = UnsafeBufferPointer(rebasing: bytes[position..<(position + window)])
      let length = LineCutter.firstLineFeed(rest)
      carry.append(contentsOf: rest[..<(length ?? window)])
      position += length.map { $0 + 1 } ?? window
      guard length != nil || carry.count > LineCutter.pieceLimit else { return position }

      // Taken out of `self`, so that the taker reads it while the cutter counts lines.
      var line: [UInt8] = []
      swap(&line, &carry)
      let kept = line.withUnsafeBufferPointer { text in
        guard length == nil else {
          return hand(text, .lineFeed, to: &taker, into: &batch)
        }
        let piece = UnsafeBufferPointer(rebasing: text[..<LineCutter.pieceLimit])
        return hand(piece, .goesOn, to: &taker, into: &batch)
      }
      swap(&line, &carry)
      if length != nil {
        carry.removeAll(keepingCapacity: true)
      } else {
        carry.removeSubrange(..<(LineCutter.pieceLimit - kept))
      }
    }
    return position
  }

  @discardableResult
  private mutating func hand<Taker: LineTaker>(
    _ piece: UnsafeBufferPointer<UInt8>, _ end: LineCut.End, to taker: inout Taker, into batch: inout ChunkBatch
  ) -> Int {
    let kept = taker.take(piece, LineCut(place: place, starts: starts, end: end), into: &batch)
    starts = end != .goesOn
    if starts { place &+= 1 }
    return max(0, min(kept, LineCutter.overlapLimit))
  }

  private static func firstLineFeed(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = bytes.baseAddress, let found = memchr(base, lineFeed, bytes.count) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }
}
