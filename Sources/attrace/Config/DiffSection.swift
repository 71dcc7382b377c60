import Inspect
import Profile

/// `diff: {latency: 20%, throughput: 10%, new-errors: 0, changes: off}`: what counts as a regression of `attrace diff`.
enum DiffSection: ConfigSection {
  static let key = "diff"
  private static let parts = ["latency", "throughput", "new-errors", "changes"]
  private static let mostPercent = 100_000.0
  private static let mostCount = 1_000_000_000

  static func read(_ node: YAMLNode, _ reader: inout ConfigReader, into config: inout Config) {
    for entry in reader.map(node, "write `diff: {latency: 20%, throughput: 10%}`") {
      switch entry.key {
      case "latency": share(entry.value, &reader) { config.diff.latency = $0 }
      case "throughput": share(entry.value, &reader) { config.diff.throughput = $0 }
      case "new-errors": count(entry.value, &reader) { config.diff.newErrors = $0 }
      case "changes": count(entry.value, &reader) { config.diff.changes = $0 }
      default: reader.unknown(entry.key, entry.keyMark, among: parts)
      }
    }
  }

  private static func share(_ node: YAMLNode, _ reader: inout ConfigReader, _ set: (Double?) -> Void) {
    if node.scalar == "off" { return set(nil) }
    if let text = node.scalar, text.hasSuffix("%") {
      let digits = String(text.dropLast()).split(separator: " ").joined()
      if let value = Double(digits), value >= 0, value <= mostPercent { return set(value / 100) }
    }
    reader.fail(node.mark, "\(seen(node)) where a percentage is expected", "write 20%, or off")
  }

  private static func count(_ node: YAMLNode, _ reader: inout ConfigReader, _ set: (Int?) -> Void) {
    if node.scalar == "off" { return set(nil) }
    if let value = node.scalar.flatMap({ Int($0) }), (0...mostCount).contains(value) { return set(value) }
    reader.fail(node.mark, "\(seen(node)) where a number is expected", "so many are allowed, 0 or more; or off")
  }

  private static func seen(_ node: YAMLNode) -> String {
    node.scalar.map { "'\(Diagnostic.shown($0))'" } ?? node.kind
  }
}
