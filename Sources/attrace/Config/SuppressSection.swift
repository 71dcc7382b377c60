import Check
import Profile
import Report

/// `suppress: [{rule: at.echo-*, path: …, command: …, contains: …, reason: …, expires: 2027-01-31}]`: findings that fail
/// nothing until a day.
enum SuppressSection: ConfigSection {
  static let key = "suppress"
  static let limit = 512
  private static let keys = ["rule", "path", "command", "contains", "reason", "expires"]
  private static let example =
    "write `- {rule: at.reset, path: \"field/*.log\", reason: why, expires: 2027-01-31}`"

  static func read(_ node: YAMLNode, _ reader: inout ConfigReader, into config: inout Config) {
    for item in reader.list(node, example) {
      guard config.suppressions.count < limit else {
        return reader.fail(item.mark, "more than \(limit) suppressions", "join some by a wider pattern")
      }
      if let one = suppression(item, &reader) { config.suppressions.append(one) }
    }
  }

  private static func suppression(_ node: YAMLNode, _ reader: inout ConfigReader) -> Suppression? {
    var rule: StarPattern?
    var path: PathGlob?
    var (command, contains, reason): (String?, String?, String?)
    var expires: CalendarDay?
    let before = reader.problems.count
    for part in reader.map(node, example) {
      switch part.key {
      case "rule": rule = reader.pattern(part.value, "at.reset")
      case "path": path = reader.path(part.value)
      case "command": command = words(part.value, &reader, "the name of a command, such as +CSQ")
      case "contains": contains = words(part.value, &reader, "a part of the finding's message or line")
      case "reason": reason = words(part.value, &reader, "why it may be suppressed")
      case "expires": expires = day(part.value, &reader)
      default: reader.unknown(part.key, part.keyMark, among: keys)
      }
    }
    guard reader.problems.count == before else { return nil }
    guard let rule else {
      reader.fail(node.mark, "it is not said what is suppressed: there is no rule", example)
      return nil
    }
    guard let reason else {
      reader.fail(node.mark, "the suppression has no reason", "add `reason:`; who reads it later will want to know")
      return nil
    }
    guard let expires else {
      reader.fail(
        node.mark, "the suppression never ends: there is no expires", "add `expires:` with a day, as 2027-01-31")
      return nil
    }
    return Suppression(
      rule: rule, path: path, command: command, contains: contains, reason: reason, expires: expires, mark: node.mark)
  }

  private static func words(_ node: YAMLNode, _ reader: inout ConfigReader, _ what: String) -> String? {
    guard let text = reader.text(node, what) else { return nil }
    if !text.isEmpty, text.utf8.count <= 512 { return text }
    reader.fail(node.mark, "1 to 512 characters are expected here", what)
    return nil
  }

  private static func day(_ node: YAMLNode, _ reader: inout ConfigReader) -> CalendarDay? {
    if let day = node.scalar.flatMap({ CalendarDay($0) }) { return day }
    let seen = node.scalar.map { "'\(Diagnostic.shown($0))'" } ?? node.kind
    reader.fail(node.mark, "\(seen) where a day is expected", "write it as 2027-01-31")
    return nil
  }
}
