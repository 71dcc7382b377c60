import Inspect
import Trace

/// The words of a comparison, for people and machines alike.
enum DiffWords {
  static func direction(_ direction: Direction) -> String {
    direction == .hostToModem ? "host to modem" : "modem to host"
  }

  static func percent(_ share: Double) -> String { HTMLText.number(share * 100) + " %" }

  /// How large a shift is, without its sign.
  static func change(_ shift: Shift) -> String {
    let share = (shift.change ?? 0).magnitude
    return Decimal.rounded(min(share, 1e9) * 100, places: 0) + " %"
  }

  static func signed(_ shift: Shift) -> String {
    guard let change = shift.change else { return "-" }
    return (change < 0 ? "-" : "+") + DiffWords.change(shift)
  }

  static func verdict(_ shift: Shift, slower: String, faster: String) -> String {
    switch shift.verdict {
    case .worse: slower
    case .better: faster
    case .withinNoise: "within noise"
    case .tooFew: "too few to judge"
    }
  }

  static func probability(_ shift: Shift) -> String {
    guard let p = shift.probability else { return "-" }
    return p <= RankTest.least ? "<0.000001" : Decimal.rounded(p, places: p < 0.001 ? 6 : 3)
  }

  static func place(_ step: Step, _ input: InputReport) -> String {
    (input.isCapture ? "packet " : "line ") + String(step.place)
  }

  static func lines(_ count: Int) -> String { count == 0 ? "no line" : HTMLText.plural(count, "line") }

  /// What a change shows of one side.
  static func shown(_ step: Step, _ texts: Transcript, _ kind: Change.Kind) -> String {
    let text = texts.text(of: step)
    switch kind {
    case .removed, .added, .moved, .parameters: return text
    case .result: return text + "  " + texts.result(of: step)
    case .answer, .values:
      let answer = texts.values(of: step)
      let first = answer.isEmpty ? "" : (step.answers > 1 ? ", first " : ": ") + answer
      return text + "  " + (kind == .answer || step.answers > 1 ? lines(step.answers) + first : answer)
    }
  }

  /// What was answered, in a line.
  static func answer(_ step: Step, _ texts: Transcript) -> String {
    let answer = texts.answer(of: step)
    var text = answer
    if step.answers > 1 { text += (text.isEmpty ? "" : " ") + "(\(lines(step.answers)) in all)" }
    return text
  }

  /// In the order in which they are told.
  static func ordered(_ changes: ChangeList) -> [Change] {
    let order: [Change.Kind] = [.result, .answer, .parameters, .added, .removed, .moved, .values]
    return order.flatMap { kind in changes.list.filter { $0.kind == kind } }
  }

  /// `3 added, 1 moved`; empty where nothing changed.
  static func counts(_ changes: ChangeList) -> String {
    let words: [(Change.Kind, String)] = [
      (.added, "added"), (.removed, "removed"), (.moved, "moved"), (.parameters, "with other parameters"),
      (.result, "with another result"), (.answer, "with other lines in the answer"),
    ]
    return words.compactMap { kind, word in
      changes.counts[kind].map { "\($0) \(word)" }
    }.joined(separator: ", ")
  }
}
