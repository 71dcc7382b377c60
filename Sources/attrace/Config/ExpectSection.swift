import Check
import Profile
import Report
import Trace

/// An expectation and the inputs that it is for.
struct PlacedExpectation {
  var expectation: Expectation
  /// `nil`: every input.
  var path: PathGlob?
  var mark: FileMark
  /// It was asked for with --expect.
  var isAsked = false
}

/// `expect: [{name: …, path: …, severity: …, must-see: […], must-not-see: […], in-order: […], transfers: […]}]`: what a
/// session must show.
enum ExpectSection: ConfigSection {
  static let key = "expect"
  static let limit = 1024
  private static let keys = ["name", "path", "severity", "must-see", "must-not-see", "in-order", "transfers"]
  private static let example = "write `- {name: signal, must-see: [{command: AT+CSQ, result: OK}]}`"

  static func read(_ node: YAMLNode, _ reader: inout ConfigReader, into config: inout Config) {
    for item in reader.list(node, example) {
      guard config.expectations.count < limit else {
        return reader.fail(item.mark, "more than \(limit) expectations", "put them into several files")
      }
      guard let placed = placed(item, &reader) else { continue }
      if config.expectations.contains(where: { $0.expectation.name == placed.expectation.name }) {
        reader.fail(
          item.mark, "there are two expectations of the name '\(placed.expectation.name)'", "give this one another name"
        )
        continue
      }
      config.expectations.append(placed)
    }
  }

  private static func placed(_ node: YAMLNode, _ reader: inout ConfigReader) -> PlacedExpectation? {
    var one = Expectation(name: "")
    var path: PathGlob?
    let before = reader.problems.count
    for part in reader.map(node, example) {
      switch part.key {
      case "name": one.name = name(part.value, &reader) ?? ""
      case "path": path = reader.path(part.value)
      case "severity":
        if let severity = part.value.scalar.flatMap({ Severity(name: $0) }) {
          one.severity = severity
        } else {
          reader.unknown(part.value.scalar ?? part.value.kind, part.value.mark, among: Severity.allCases.map(\.name))
        }
      case "must-see": one.mustSee += ExpectReader.commands(part.value, .mustSee, &reader)
      case "must-not-see": one.mustNotSee += ExpectReader.commands(part.value, .mustNotSee, &reader)
      case "in-order": one.inOrder += ExpectReader.commands(part.value, .step, &reader)
      case "transfers": one.transfers += ExpectReader.transfers(part.value, &reader)
      default: reader.unknown(part.key, part.keyMark, among: keys)
      }
    }
    guard reader.problems.count == before else { return nil }
    guard !one.name.isEmpty else {
      reader.fail(node.mark, "the expectation has no name, which its findings are known by", example)
      return nil
    }
    let parts = one.mustSee.count + one.mustNotSee.count + one.inOrder.count
    guard parts + one.transfers.count > 0 else {
      reader.fail(node.mark, "nothing is expected here", "add must-see, must-not-see, in-order or transfers")
      return nil
    }
    guard parts <= ExpectationWatch.entryLimit else {
      reader.fail(node.mark, "more than \(ExpectationWatch.entryLimit) commands", "leave the less important ones out")
      return nil
    }
    return PlacedExpectation(expectation: one, path: path, mark: node.mark)
  }

  private static func name(_ node: YAMLNode, _ reader: inout ConfigReader) -> String? {
    guard let text = reader.text(node, "a name, such as mail-session") else { return nil }
    let isPlain = text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    if isPlain, !text.isEmpty, text.utf8.count <= 64, !text.hasPrefix("-"), !text.hasSuffix("-") { return text }
    reader.fail(node.mark, "'\(Diagnostic.shown(text))' is no name", "small letters, digits and hyphens: mail-session")
    return nil
  }
}
