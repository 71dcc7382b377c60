import Profile

/// `profile: NAME|FILE`: as `--profile`; a path is taken from the folder of the configuration.
enum ProfileSection: ConfigSection {
  static let key = "profile"

  static func read(_ node: YAMLNode, _ reader: inout ConfigReader, into config: inout Config) {
    if let name = name(node, &reader, config) { config.profile = name }
  }

  /// A built-in name, or a path from the working directory; `nil` after a complaint.
  static func name(_ node: YAMLNode, _ reader: inout ConfigReader, _ config: Config) -> String? {
    guard let name = reader.text(node, "a profile is a name, or the path of a .yaml file or a folder") else {
      return nil
    }
    let isPath = name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    if !isPath, name != "auto", !Profiles.builtIn.contains(name) {
      reader.unknown(name, node.mark, among: ["auto"] + Profiles.builtIn)
      return nil
    }
    let folder = config.path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let isAbsolute = !isPath || name.hasPrefix("/") || folder.isEmpty
    return isAbsolute ? name : (folder + [Substring(name)]).joined(separator: "/")
  }
}

/// `baud: N`: as `--baud`.
enum BaudSection: ConfigSection {
  static let key = "baud"
  private static let rates = 50...100_000_000

  static func read(_ node: YAMLNode, _ reader: inout ConfigReader, into config: inout Config) {
    if let value = rate(node, &reader) { config.baud = value }
  }

  static func rate(_ node: YAMLNode, _ reader: inout ConfigReader) -> Int? {
    if let value = node.scalar.flatMap({ Int($0) }), rates.contains(value) { return value }
    let seen = node.scalar.map { "'\(Diagnostic.shown($0))'" } ?? node.kind
    reader.fail(
      node.mark, "\(seen) where the rate of a line is expected", "\(rates.lowerBound) to \(rates.upperBound)")
    return nil
  }
}
