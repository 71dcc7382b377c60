import Profile
import Trace

/// Codes and texts of failures, against the tables of the document.
extension Checker {
  mutating func checkErrorCode(_ event: Event, _ batch: borrowing EventBatch, _ index: Int, _ final: Final) {
    guard final == .cme || final == .cms, let table = final == .cme ? book.cmeTable : book.cmsTable,
      book.isStrict, book.codes.indices.contains(table), book.codes[table].isOwn
    else { return }
    let track = open[index]
    // A failure of a command from elsewhere may have a cause that only its own document lists.
    guard !track.hasUnknownCommand else {
      coverage.skipped(.errorCode, .unknownCommand)
      return
    }
    coverage.evaluated(.errorCode)
    let cause = cause(event, batch)
    let listed =
      event.a >= 0
      ? book.meaning(table: table, code: event.a) != nil : book.codes[table].lists(cause, of: batch.text.span)
    guard !listed else { return }
    report(
      .errorCode,
      "\(track.name(max(0, track.commands.count - 1))) failed with \(final.name) '\(Printable.text(cause, in: batch.text.span, limit: 40))', which the document does not list",
      at: event.position, related: [asked(track)], inferred: track.inferred)
  }

  /// What stands behind `+CME ERROR:`.
  private func cause(_ event: Event, _ batch: borrowing EventBatch) -> Slice {
    let range = event.text.range
    var start = range.lowerBound
    for at in range where batch.text[at] == 0x3A {
      start = at + 1
      break
    }
    while start < range.upperBound, batch.text[start] == 0x20 { start += 1 }
    return Slice(start: start, count: range.upperBound - start)
  }
}
