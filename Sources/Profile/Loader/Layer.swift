/// The files of one profile, parsed.
struct Layer {
  var name = ""
  var title = ""
  var strict = true
  /// Its time limits take the place of those that what it extends states for single commands.
  var ownLimits = false
  var extends: (name: String, mark: FileMark)?
  /// The root map of each file.
  var roots: [[YAMLNode.Entry]] = []
  /// The text of each file, by its name: to find places inside scalars.
  var sources: [String: [UInt8]] = [:]
  /// The commands that it states, in capital letters.
  var commands: Set<String> = []
  /// Whether this is what was asked for, not what it extends.
  var isOwn = false
  /// What is wrong with the files as YAML.
  var problems: [Diagnostic] = []

  init(files: [ManualFile]) {
    for file in files {
      sources[file.file] = file.bytes
      var parser = YAMLParser(file: file.file)
      let root = parser.parse(file.bytes)
      problems += parser.problems
      let start = FileMark(file: file.file, line: 1, column: 1)
      guard let root else {
        if parser.problems.isEmpty { report(start, "the file is empty", "a profile begins with `profile: name`") }
        continue
      }
      guard let entries = root.entries else {
        report(root.mark, "\(root.kind) where a map is expected", "a profile begins with `profile: name`")
        continue
      }
      roots.append(entries)
      name = root["profile"]?.scalar ?? name
      title = root["title"]?.scalar ?? title
      if let strict = root["strict"]?.scalar { self.strict = strict != "false" }
      if root["limits"]?.scalar == "own" { ownLimits = true }
      if let node = root["extends"], let base = node.scalar { extends = (base, node.mark) }
      for entry in root["commands"]?.entries ?? [] {
        commands.formUnion(LayerReader.names(ofEntry: entry.key).map { $0.uppercased() })
      }
    }
    guard name.isEmpty, let first = files.first else { return }
    name = first.profile
    if !roots.isEmpty {
      report(
        FileMark(file: first.file, line: 1, column: 1), "no `profile:` in any file of the profile",
        "write `profile: name` into one of them")
    }
  }

  private mutating func report(_ mark: FileMark, _ message: String, _ suggestion: String) {
    problems.append(Diagnostic(mark: mark, message: message, suggestion: suggestion))
  }
}
