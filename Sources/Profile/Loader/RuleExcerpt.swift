import CManuals

/// A few lines of a session that keeps a rule, and of one that breaks it: what `explain` shows.
///
/// They are cut from the sessions that test the rule, and embedded in the program: a line `= rule`, then lines of the
/// session behind `+ ` (kept), `- ` (broken) and `> ` (broken, and the finding points there).
public struct RuleExcerpt: Hashable, Sendable {
  public struct Line: Hashable, Sendable {
    public let text: String
    /// The finding points to it.
    public let isMarked: Bool
  }
  public private(set) var keeps: [Line] = []
  public private(set) var breaks: [Line] = []

  /// All of them, by rule. A user's own rules have none.
  public static let all: [String: RuleExcerpt] = {
    var found: [String: RuleExcerpt] = [:]
    for index in 0..<attrace_excerpt_count {
      guard let file = attrace_excerpt_at(index), let bytes = file.pointee.bytes else { continue }
      let text = String(decoding: UnsafeBufferPointer(start: bytes, count: file.pointee.count), as: UTF8.self)
      read(text, into: &found)
    }
    return found
  }()

  static func read(_ text: String, into found: inout [String: RuleExcerpt]) {
    var rule = ""
    var excerpt = RuleExcerpt()
    for line in text.split(separator: "\n") {
      let rest = String(line.dropFirst(2))
      switch line.first {
      case "=":
        if !rule.isEmpty, found[rule] == nil { found[rule] = excerpt }
        rule = rest
        excerpt = RuleExcerpt()
      case "+": excerpt.keeps.append(Line(text: rest, isMarked: false))
      case ">": excerpt.breaks.append(Line(text: rest, isMarked: true))
      default: excerpt.breaks.append(Line(text: rest, isMarked: false))
      }
    }
    if !rule.isEmpty, found[rule] == nil { found[rule] = excerpt }
  }
}
