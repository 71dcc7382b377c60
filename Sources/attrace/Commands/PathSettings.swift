import Capture
import Profile
import Report
import Trace

/// What the configuration says of some inputs only, by their paths, and of single findings.
struct PathSettings: Sendable {
  /// Profile and rate of inputs.
  private struct Rule: Sendable {
    var path: PathGlob
    var book: Book?
    var recognises = false
    var baud: Int?
    var reason: String
  }

  private var rules: [Rule] = []
  private var expectations: [PlacedExpectation] = []
  private(set) var suppressions: Suppressions?

  init() {}

  /// Flags win: a profile or rate that they name counts for every input.
  init(
    _ config: Config, _ options: CommonOptions, load: (String) throws(ProfileError) -> Book
  ) throws(ProfileError) {
    let hasProfile = !options.profiles.isEmpty || options.recognises
    var books: [String: Book] = [:]
    for input in config.inputs {
      var rule = Rule(
        path: input.path, baud: options.baud == nil ? input.baud : nil,
        reason: "\(input.mark.file):\(input.mark.line) says so for \(input.path.text)")
      if !hasProfile, let name = input.profile {
        rule.recognises = name == "auto"
        if !rule.recognises {
          if books[name] == nil { books[name] = try load(name) }
          rule.book = books[name]
        }
      }
      rules.append(rule)
    }
    expectations = config.expectations
    if !config.suppressions.isEmpty, let today = options.today ?? Console.today {
      suppressions = Suppressions(config.suppressions, today: today)
    }
  }

  var books: [Book] { rules.compactMap(\.book) }
  /// Whether the profile of some inputs is to be recognised.
  var recognises: Bool { rules.contains(where: \.recognises) }

  fileprivate func fit(_ settings: inout InputJob.Settings, to path: String) {
    if let rule = rules.first(where: { $0.path.matches(path) }) {
      if rule.recognises || rule.book != nil {
        settings.book = rule.book
        settings.others = []
        settings.profileReason = rule.book == nil ? "" : rule.reason
      }
      if let baud = rule.baud { settings.baud = baud }
    }
    settings.user.expectations = expectations.filter { $0.path?.matches(path) ?? true }.map(\.expectation)
  }

  /// What is to be said about the configuration after a run. `isWhole`: every input could be read.
  func notices(_ reports: [InputReport], _ paths: [String], isWhole: Bool) -> [Notice] {
    var notices = suppressions?.notices(reports, isWhole: isWhole) ?? []
    for placed in expectations {
      guard let path = placed.path, !paths.contains(where: { path.matches($0) }) else { continue }
      notices.append(
        Notice(
          placed.isAsked ? .warning : .note,
          "the expectation \(placed.expectation.name) was compared with nothing: no input fits \(Escaped.line(path.text))",
          placed.mark))
    }
    return notices.sorted { ($0.mark, $0.message) < ($1.mark, $1.message) }
  }
}

extension InputJob.Settings {
  /// The settings for one input.
  func fitted(to path: String) -> InputJob.Settings {
    var fitted = self
    byPath.fit(&fitted, to: path)
    return fitted
  }
}
