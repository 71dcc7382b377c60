import Profile
import Trace

/// `thresholds: {throughput: {xmodem: 800}, latency: {"+CSQ": 0.5}}`: payload bytes per second that transfers of a kind
/// must reach, and seconds that a command may take.
enum ThresholdSection: ConfigSection {
  static let key = "thresholds"
  private static let parts = ["throughput", "latency"]

  static func read(_ node: YAMLNode, _ reader: inout ConfigReader, into config: inout Config) {
    for entry in reader.map(node, "write `thresholds: {throughput: {xmodem: 800}}`") {
      switch entry.key {
      case "throughput": throughput(entry.value, &reader, into: &config)
      case "latency": latency(entry.value, &reader, into: &config)
      default: reader.unknown(entry.key, entry.keyMark, among: parts)
      }
    }
  }

  private static func throughput(_ node: YAMLNode, _ reader: inout ConfigReader, into config: inout Config) {
    for entry in reader.map(node, "write `throughput: {xmodem: 800}`") {
      guard let kind = TransferKind(name: entry.key) else {
        reader.unknown(entry.key, entry.keyMark, among: TransferKind.allCases.map(\.name))
        continue
      }
      guard let floor = reader.number(entry.value, upTo: 1e12, "payload bytes per second") else { continue }
      config.user.throughputFloors[kind] = floor
    }
  }

  private static func latency(_ node: YAMLNode, _ reader: inout ConfigReader, into config: inout Config) {
    for entry in reader.map(node, "write `latency: {\"+CSQ\": 0.5}`") {
      let upper = entry.key.uppercased()
      let name = upper.hasPrefix("AT") && upper.count > 2 ? String(upper.dropFirst(2)) : upper
      guard !name.isEmpty, name.utf8.count <= 32, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
        reader.fail(
          entry.keyMark, "'\(Diagnostic.shown(entry.key))' is no name of a command",
          "write it as in the manual: \"+CSQ\"")
        continue
      }
      guard let seconds = reader.number(entry.value, upTo: 1e6, "seconds, such as 0.5") else { continue }
      config.user.limit(name, to: Nanoseconds(seconds * 1e9))
    }
  }
}
