import Inspect

/// How much of a long session stands on a page. Whatever is left out is said beside it, with the command that lists it.
struct HTMLLimits {
  /// Inputs with a section of their own; the others stand in the table of inputs only.
  static let sections = 40
  static let inputRows = 500

  let transactions: Int
  /// Bytes of text that the listed transactions may have.
  let transactionText: Int
  let findings: Int
  let perRule: Int
  let marks: Int
  let plots: Int
  let transferRows: Int
  let commands: Int

  init(sections: Int) {
    let share = max(1, sections)
    transactions = max(40, 2000 / share)
    transactionText = 320_000 / share
    findings = max(6, 160 / share)
    perRule = sections > 1 ? 3 : 6
    marks = max(40, 1500 / share)
    plots = max(2, 12 / share)
    transferRows = max(5, 120 / share)
    commands = max(10, 160 / share)
  }

  /// The transactions of an input that are listed: fewer where their text is long.
  func transactions(of input: InputReport) -> [ChronicleEntry] {
    guard let chronicle = input.chronicle else { return [] }
    var limit = transactions
    while true {
      let chosen = chronicle.transactions(limit: limit)
      let length = chosen.reduce(0) { $0 + 80 + $1.text.utf8.count + $1.answer.utf8.count }
      if length <= transactionText || limit <= 40 { return chosen }
      limit = limit * 3 / 4
    }
  }
}
