import Profile
import Report

/// What is said of the inputs whose paths fit a pattern.
struct InputRule {
  var path: PathGlob
  /// As `Config.profile`; `auto`: recognise it.
  var profile: String?
  var baud: Int?
  var mark: FileMark
}

/// `inputs: [{path: "field/*.log", profile: NAME|FILE, baud: N}]`: profile and rate by path; the first that fits counts.
enum InputSection: ConfigSection {
  static let key = "inputs"
  static let limit = 256
  private static let keys = ["path", "profile", "baud"]
  private static let example = "write `- {path: \"field/*.log\", profile: 3gpp, baud: 9600}`"

  static func read(_ node: YAMLNode, _ reader: inout ConfigReader, into config: inout Config) {
    for item in reader.list(node, example) {
      guard config.inputs.count < limit else {
        return reader.fail(item.mark, "more than \(limit) entries", "join some by a wider pattern")
      }
      var path: PathGlob?
      var rule = InputRule(path: PathGlob(""), mark: item.mark)
      let before = reader.problems.count
      for part in reader.map(item, example) {
        switch part.key {
        case "path": path = reader.path(part.value)
        case "profile": rule.profile = ProfileSection.name(part.value, &reader, config)
        case "baud": rule.baud = BaudSection.rate(part.value, &reader)
        default: reader.unknown(part.key, part.keyMark, among: keys)
        }
      }
      guard reader.problems.count == before else { continue }
      guard let path else {
        reader.fail(item.mark, "it is not said which inputs are meant: there is no path", example)
        continue
      }
      guard rule.profile != nil || rule.baud != nil else {
        reader.fail(item.mark, "nothing is said of these inputs", "add a profile, or baud")
        continue
      }
      rule.path = path
      config.inputs.append(rule)
    }
  }
}
