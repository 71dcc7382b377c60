import Capture
import Trace

/// A reader gives the same chunks however the input was cut into blocks.
enum Readings {
  private struct Outcome: Equatable {
    var chunks: [Chunk] = []
    var bytes: [UInt8] = []
    var facts: LogFacts
  }

  /// Bytes that a reader may see twice of each piece of a long line.
  private static let repeated = 64
  private static let pieceLength = 65_536

  /// `growth`: how many times larger than the input the chunks may be.
  static func broken(_ input: [UInt8], growth: Int = 1, _ make: () -> any LogReader) -> String? {
    let whole = read(input, block: max(1, input.count), make())
    for chunk in whole.chunks where chunk.start < 0 || chunk.count < 0 || chunk.start + chunk.count > whole.bytes.count
    {
      return "a chunk reaches beyond the bytes of its batch"
    }
    let allowance = growth > 1 ? 1_024 : 0
    if whole.bytes.count > input.count * growth + allowance + repeated * (1 + input.count / pieceLength) {
      return "\(input.count) bytes of input became \(whole.bytes.count)"
    }
    if let warning = whole.facts.warnings.first(where: { !Printed.isSafe($0) }) {
      return "a warning that is not fit for printing: \(warning.debugDescription)"
    }
    for block in [1, 7, max(1, input.count / 2)] where read(input, block: block, make()) != whole {
      return "blocks of \(block) bytes give other chunks than the whole"
    }
    return nil
  }

  private static func read(_ input: [UInt8], block: Int, _ reader: any LogReader) -> Outcome {
    var reader = reader
    var batch = ChunkBatch()
    var at = 0
    while at < input.count {
      let piece = Array(input[at..<min(input.count, at + block)])
      reader.read(piece.span, into: &batch)
      at += piece.count
    }
    reader.finish(into: &batch)
    return Outcome(chunks: batch.chunks, bytes: batch.bytes, facts: reader.facts)
  }
}
