/// How much of a long session stands on a page. Whatever is left out is said beside it, with the command that lists it.
struct HTMLLimits {
  /// Inputs with a section of their own; the others stand in the table of inputs only.
  static let sections = 40
  static let inputRows = 500

  let transactions: Int
  let findings: Int
  let perRule: Int
  let marks: Int
  let plots: Int
  let transferRows: Int
  let commands: Int

  init(sections: Int) {
    let share = max(1, sections)
    transactions = max(40, 2000 / share)
    findings = max(6, 240 / share)
    perRule = sections > 1 ? 4 : 12
    marks = max(40, 1500 / share)
    plots = max(2, 12 / share)
    transferRows = max(5, 120 / share)
    commands = max(10, 160 / share)
  }
}
