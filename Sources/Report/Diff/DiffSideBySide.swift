import Inspect

/// Both sessions side by side: what differs, and a little of what is around it.
enum DiffSideBySide {
  /// So many rows stand on the page, and so many around each that differs.
  private static let limit = 600
  private static let around = 2

  static func text(_ diff: DiffReport) -> String {
    let rows = diff.comparison.rows
    let changed = rows.indices.filter { differs(rows[$0]) }
    guard !changed.isEmpty else { return "" }
    var shown: [Int] = []
    var left = 0
    for at in changed {
      if shown.count >= limit {
        left += 1
        continue
      }
      let from = max((shown.last ?? -1) + 1, at - around)
      let to = min(rows.count - 1, at + around)
      if from <= to { shown += from...to }
    }
    var text =
      "<h3>Side by side</h3>\n<div class=\"scroll\"><table class=\"pair\"><thead><tr><th scope=\"col\">What</th>"
    text += "<th scope=\"col\" class=\"n\">Line</th><th scope=\"col\">Old</th>"
    text += "<th scope=\"col\" class=\"n\">Line</th><th scope=\"col\">New</th></tr></thead><tbody>\n"
    var last = -1
    for at in shown {
      if at > last + 1 { text += skipped(at - last - 1) }
      text += row(rows[at], diff)
      last = at
    }
    if last >= 0, last < rows.count - 1, left == 0 { text += skipped(rows.count - 1 - last) }
    text += "</tbody></table></div>\n"
    if left > 0 {
      text += "<p class=\"left\">\(left) more places differ further on; the changes above count them all.</p>\n"
    }
    return text
  }

  private static func differs(_ row: Comparison.Row) -> Bool { row.changes.contains { $0 != .values } || row.isEnd }

  private static func skipped(_ number: Int) -> String {
    "<tr><td colspan=\"5\" class=\"faint\">… \(HTMLText.plural(number, "command line")) as before …</td></tr>\n"
  }

  private static func row(_ row: Comparison.Row, _ diff: DiffReport) -> String {
    let kinds = row.isEnd ? "moved" : row.changes.map(\.rawValue).joined(separator: ", ")
    let isPair = row.old != nil && row.new != nil
    let style = !differs(row) ? "" : isPair || row.isEnd || row.changes.contains(.moved) ? "other" : ""
    return "<tr><th scope=\"row\" class=\"kind\">\(kinds)</th>"
      + cell(
        row.old.map { diff.comparison.old[$0] }, diff.old, diff.oldTexts, differs(row) && style.isEmpty ? "gone" : style
      )
      + cell(
        row.new.map { diff.comparison.new[$0] }, diff.new, diff.newTexts, differs(row) && style.isEmpty ? "come" : style
      ) + "</tr>\n"
  }

  private static func cell(_ step: Step?, _ input: InputReport, _ texts: Transcript, _ style: String) -> String {
    guard let step else { return "<td class=\"n\"></td><td></td>" }
    var text = "<td class=\"n\">\(step.place)</td><td\(style.isEmpty ? "" : " class=\"\(style)\"")>"
    text += "<code>\(HTMLText.escaped(texts.text(of: step)))</code>"
    let answer = DiffWords.answer(step, texts)
    let result = (answer.isEmpty ? "" : answer + " · ") + texts.result(of: step)
    return text + "<br><span class=\"faint\">\(HTMLText.escaped(result))</span></td>"
  }
}
