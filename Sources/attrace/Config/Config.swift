import Capture
import Check
import Inspect
import Profile
import Report

/// What the configuration file says. Flags say more.
struct Config {
  /// Where it stands; empty: there is none.
  var path = ""
  /// A built-in name, or a path (from the working directory).
  var profile: String?
  var baud: Int?
  var user = UserSettings()
  /// What counts as a regression of `diff`.
  var diff = ComparisonLimits()
  /// Log formats of the user's own.
  var dialects: [LogFormat] = []
  /// Profiles and rates of inputs, by their paths; the first that fits counts.
  var inputs: [InputRule] = []
  /// What inputs must show.
  var expectations: [PlacedExpectation] = []
  var suppressions: [Suppression] = []
  /// The rules whose weight it changes, to be looked for among those of the profiles.
  var weighedRules: [(name: String, mark: FileMark)] = []

  /// The parts that it may have: one file each, beside this one. A new part is a new file and a line here.
  static let sections: [any ConfigSection.Type] = [
    ProfileSection.self, BaudSection.self, ThresholdSection.self, SeveritySection.self, DialectSection.self,
    DiffSection.self,
    InputSection.self, ExpectSection.self, SuppressSection.self,
  ]
}

/// One part of the configuration: the value of one key.
protocol ConfigSection: SendableMetatype {
  static var key: String { get }
  /// Reads the value; what is wrong with it goes into the reader's problems.
  static func read(_ node: YAMLNode, _ reader: inout ConfigReader, into config: inout Config)
}

/// Why the configuration cannot be used, in one line.
struct ConfigError: Error {
  let message: String
  init(_ message: String) { self.message = message }
}
