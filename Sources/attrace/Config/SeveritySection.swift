import Check
import Profile
import Trace

/// `severity: {at.unknown-command: off}`: what findings of a rule weigh: error, warning, note, or off.
enum SeveritySection: ConfigSection {
  static let key = "severity"

  static func read(_ node: YAMLNode, _ reader: inout ConfigReader, into config: inout Config) {
    let weights = Severity.allCases.map(\.name) + ["off"]
    for entry in reader.map(node, "write `severity: {at.unknown-command: note}`") {
      let word = entry.value.scalar ?? ""
      if word == "off" {
        config.user.weights[entry.key] = .off
      } else if let severity = Severity(name: word) {
        config.user.weights[entry.key] = .severity(severity)
      } else {
        reader.unknown(word, entry.value.mark, among: weights)
        continue
      }
      config.weighedRules.append((entry.key, entry.keyMark))
    }
  }

  /// Whether every rule named exists, here or in a profile; the first that does not is complained of.
  static func check(_ config: Config, _ books: [Book]) throws(ConfigError) {
    for rule in config.weighedRules where RuleRegistry.info(named: rule.name) == nil {
      if books.contains(where: { $0.statements.contains { $0.rule == rule.name } }) { continue }
      // The rules of a built-in profile that is not in use.
      let layer = rule.name.split(separator: ".").first.map(String.init) ?? ""
      if Profiles.builtIn.contains(layer), !books.contains(where: { $0.names.contains(layer) }) { continue }
      let names = RuleRegistry.generic.map(\.name) + books.flatMap { $0.statements.map(\.rule) }
      let near = Spelling.nearest(to: rule.name, among: names).map { "did you mean '\($0)'?" }
      throw ConfigError(
        Diagnostic(
          mark: rule.mark, message: "there is no rule '\(Diagnostic.shown(rule.name))'",
          suggestion: near ?? "'attrace explain' lists all"
        ).text)
    }
  }
}
