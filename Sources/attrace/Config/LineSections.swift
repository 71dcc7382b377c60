import Profile

/// `profile: NAME|FILE`: as `--profile`; a path is taken from the folder of the configuration.
enum ProfileSection: ConfigSection {
  static let key = "profile"

  static func read(_ node: YAMLNode, _ reader: inout ConfigReader, into config: inout Config) {
    guard let name = reader.text(node, "a profile is a name, or the path of a .yaml file or a folder") else { return }
    let isPath = name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    if !isPath, name != "auto", !Profiles.builtIn.contains(name) {
      return reader.unknown(name, node.mark, among: ["auto"] + Profiles.builtIn)
    }
    let folder = config.path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    let isAbsolute = !isPath || name.hasPrefix("/") || folder.isEmpty
    config.profile = isAbsolute ? name : (folder + [Substring(name)]).joined(separator: "/")
  }
}

/// `baud: N`: as `--baud`.
enum BaudSection: ConfigSection {
  static let key = "baud"
  private static let rates = 50...100_000_000

  static func read(_ node: YAMLNode, _ reader: inout ConfigReader, into config: inout Config) {
    guard let value = node.scalar.flatMap({ Int($0) }), rates.contains(value) else {
      let seen = node.scalar.map { "'\(Diagnostic.shown($0))'" } ?? node.kind
      return reader.fail(
        node.mark, "\(seen) where the rate of a line is expected", "\(rates.lowerBound) to \(rates.upperBound)")
    }
    config.baud = value
  }
}
