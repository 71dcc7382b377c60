import Capture
import Report
import Trace

/// The values of the flags that several commands share.
struct CommonOptions {
  struct Output {
    var format: String
    /// `nil`: standard output.
    var path: String?
  }

  /// Empty: recognise it.
  var profiles: [String]
  /// `--profile auto` was given: the configuration's profile does not count.
  var recognises: Bool
  var inputFormat: String?
  /// The configuration file that was named; `nil`: looked for.
  var configPath: String?
  /// What is said about captures.
  var capture: CaptureOptions
  var outputs: [Output]
  /// `nil`: never.
  var failOn: Severity?
  /// Files of known findings: to read, and to write.
  var baseline: String?
  var writeBaseline: String?
  /// Files of expectations: to read, and to write.
  var expect: [String]
  var writeExpectations: String?
  /// `nil`: the clock tells.
  var today: CalendarDay?
  var baud: Int?
  var jobs: Int?
  var color: String
  var quiet: Bool
  var redact: Bool
  /// Where extracted files go.
  var folder: String?

  /// `format`: `nil` where the command has no choice of formats.
  init(_ arguments: ParsedArguments, format: Flag?) throws(UsageError) {
    let named = arguments.values(.profile)
    guard !named.contains("auto") || named.count == 1 else {
      throw UsageError("--profile auto stands alone; leave it out, or name the profiles only")
    }
    recognises = named == ["auto"]
    profiles = named == ["auto"] ? [] : named
    inputFormat = arguments.value(.inputFormat)
    configPath = arguments.value(.config)
    capture = CaptureOptions(
      filter: arguments.value(.filter),
      userLink: arguments.value(.userLink).flatMap(CaptureOptions.UserLink.init(rawValue:)))
    let formats = format.map { arguments.values($0) } ?? []
    let paths = format == nil ? [] : arguments.values(.output)
    folder = format == nil ? arguments.value(.folder) : nil
    let wanted = formats.isEmpty ? ["text"] : formats
    guard paths.count <= wanted.count else {
      throw UsageError("\(paths.count) -o for \(wanted.count) --format; give each -o its --format")
    }
    outputs = wanted.enumerated().map {
      Output(format: $1, path: $0 < paths.count && paths[$0] != "-" ? paths[$0] : nil)
    }
    guard outputs.count(where: { $0.path == nil }) <= 1 else {
      throw UsageError("two reports for standard output; give each further --format its -o FILE")
    }
    guard Set(outputs.compactMap(\.path)).count == outputs.count(where: { $0.path != nil }) else {
      throw UsageError("two reports for one file; give each -o another name")
    }
    guard outputs.allSatisfy({ $0.format != "sqlite" || $0.path != nil }) else {
      throw UsageError("a database cannot go to standard output; give --format sqlite its -o FILE")
    }
    let severity = arguments.value(.failOn) ?? "error"
    failOn = severity == "never" ? nil : Severity(name: severity) ?? .error
    baseline = arguments.value(.baseline)
    writeBaseline = arguments.value(.writeBaseline)
    expect = arguments.values(.expect)
    writeExpectations = arguments.value(.writeExpectations)
    if let text = arguments.value(.today) {
      guard let day = CalendarDay(text) else {
        throw UsageError("--today cannot be '\(Printable.text(text))'; write a day as 2027-01-31")
      }
      today = day
    }
    baud = arguments.number(.baud)
    jobs = arguments.number(.jobs)
    color = arguments.value(.color) ?? "auto"
    quiet = arguments.has(.quiet)
    redact = !arguments.has(.noRedact)
  }
}
