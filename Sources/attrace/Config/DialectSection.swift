import Capture
import Profile

/// `dialects: {NAME: {pattern: …, time: …, host: …, modem: …, escapes: …, line-ends: …}}`: log formats of the user's own.
enum DialectSection: ConfigSection {
  static let key = "dialects"
  private static let keys = ["pattern", "time", "host", "modem", "escapes", "line-ends"]
  private static let example = "write `my-log: {pattern: '^(?<time>[0-9.]+) (?<direction>TX|RX) (?<data>.*)', …}`"

  static func read(_ node: YAMLNode, _ reader: inout ConfigReader, into config: inout Config) {
    for entry in reader.map(node, example) {
      guard let dialect = dialect(entry, &reader) else { continue }
      config.dialects.append(dialect.format)
    }
  }

  private static func dialect(_ entry: YAMLNode.Entry, _ reader: inout ConfigReader) -> CustomDialect? {
    var pattern: String?
    var time: String?
    var marks: (host: [String], modem: [String]) = ([], [])
    var (escapes, ends) = ("none", "kept")
    for part in reader.map(entry.value, example) {
      switch part.key {
      case "pattern": pattern = reader.text(part.value, "a regular expression, in single quotes")
      case "time": time = reader.text(part.value, "how the time is written, such as hh:mm:ss.f")
      case "host": marks.host = texts(part.value, &reader)
      case "modem": marks.modem = texts(part.value, &reader)
      case "escapes": escapes = reader.text(part.value, "none, c, angle, caret or hex") ?? escapes
      case "line-ends": ends = reader.text(part.value, "kept or restored") ?? ends
      default: reader.unknown(part.key, part.keyMark, among: keys)
      }
    }
    guard let pattern else {
      if reader.problems.isEmpty {
        reader.fail(entry.keyMark, "the dialect '\(Diagnostic.shown(entry.key))' has no pattern", example)
      }
      return nil
    }
    do throws(CaptureError) {
      return try CustomDialect(
        CustomDialect.Description(
          name: entry.key, pattern: pattern, time: time, hostMarks: marks.host, modemMarks: marks.modem,
          escapes: escapes, lineEnds: ends))
    } catch {
      reader.fail(entry.keyMark, error.message, "see 'attrace man' for what a dialect is made of")
      return nil
    }
  }

  /// One text, or a list of them.
  private static func texts(_ node: YAMLNode, _ reader: inout ConfigReader) -> [String] {
    (node.items ?? [node]).compactMap { reader.text($0, "a text of the log, such as TX, or a list of them") }
  }
}
