import CManuals

/// One YAML file of a profile.
public struct ManualFile: Sendable {
  /// The folder it lies in: all files of one profile have the same.
  public var profile: String
  public var file: String
  public var bytes: [UInt8]

  public init(profile: String, file: String, bytes: [UInt8]) {
    self.profile = profile
    self.file = file
    self.bytes = bytes
  }
}

/// Why a profile cannot be used, in one line.
public struct ProfileError: Error, Hashable, Sendable {
  public let message: String
  public init(_ message: String) { self.message = message }
}

/// The profiles that are built in, and those of the user.
public enum Profiles {
  private static let extendsLimit = 8

  /// The files embedded in the program.
  private static let embedded: [ManualFile] = (0..<attrace_manual_count).compactMap { index in
    guard let manual = attrace_manual_at(index), let profile = manual.pointee.profile, let file = manual.pointee.file,
      let bytes = manual.pointee.bytes
    else { return nil }
    return ManualFile(
      profile: String(cString: profile), file: String(cString: file),
      bytes: Array(UnsafeBufferPointer(start: bytes, count: manual.pointee.count)))
  }

  /// Names of the built-in profiles, sorted.
  public static var builtIn: [String] { Set(embedded.map(\.profile)).sorted() }

  /// Loads a built-in profile with what it extends.
  public static func load(_ name: String) throws(ProfileError) -> Book {
    let files = embedded.filter { $0.profile == name }
    guard !files.isEmpty else {
      let near = Diagnostic.nearest(to: name, among: builtIn).map { "did you mean \($0)? " } ?? ""
      throw ProfileError(
        "there is no profile '\(Diagnostic.shown(name))'; \(near)built in are \(builtIn.joined(separator: ", ")); a file of your own is named by its path")
    }
    return try load(files: files)
  }

  /// Loads a profile from its files; it may extend a built-in one.
  public static func load(files: [ManualFile]) throws(ProfileError) -> Book {
    let (book, problems) = build(files)
    let errors = problems.filter { $0.severity == .error }
    guard let book, errors.isEmpty else {
      let first = errors.first?.text ?? "the profile is empty"
      let more = errors.count > 1 ? " (and \(errors.count - 1) more; `attrace profiles lint` shows all)" : ""
      throw ProfileError(first + more)
    }
    return book
  }

  /// Every mistake in these files, in the order of their places.
  public static func lint(files: [ManualFile]) -> [Diagnostic] {
    let names = Set(files.map(\.file))
    return build(files).problems.filter { names.contains($0.mark.file) }
      .sorted { ($0.mark.file, $0.mark.line, $0.mark.column) < ($1.mark.file, $1.mark.line, $1.mark.column) }
  }

  private static func build(_ files: [ManualFile]) -> (book: Book?, problems: [Diagnostic]) {
    var problems: [Diagnostic] = []
    var layers = [Layer(files: files, problems: &problems)]
    while let base = layers.first?.extends, layers.count < extendsLimit {
      let found = embedded.filter { $0.profile == base.name }
      guard !found.isEmpty, !layers.contains(where: { $0.name == base.name }) else {
        problems.append(
          Diagnostic(
            mark: base.mark, message: "there is no profile '\(Diagnostic.shown(base.name))' to extend",
            help: "built in are \(builtIn.joined(separator: ", "))"))
        break
      }
      layers.insert(Layer(files: found, problems: &problems), at: 0)
    }
    guard layers.contains(where: { !$0.roots.isEmpty }) else { return (nil, problems) }
    var reader = LayerReader()
    for layer in layers { reader.read(layer) }
    problems += reader.problems
    return (reader.book(names: layers.reversed().map(\.name)), problems)
  }
}

/// The files of one profile, parsed.
struct Layer {
  var name = ""
  var title = ""
  var strict = true
  var extends: (name: String, mark: FileMark)?
  /// The root map of each file.
  var roots: [[YAMLNode.Entry]] = []

  init(files: [ManualFile], problems: inout [Diagnostic]) {
    for file in files {
      var parser = YAMLParser(file: file.file)
      let root = parser.parse(file.bytes)
      problems += parser.problems
      guard let root else {
        if parser.problems.isEmpty {
          problems.append(
            Diagnostic(
              mark: FileMark(file: file.file, line: 1, column: 1), message: "the file is empty",
              help: "a profile begins with `profile: name`"))
        }
        continue
      }
      guard let entries = root.entries else {
        problems.append(
          Diagnostic(mark: root.mark, message: "\(root.kind) where a map is expected", help: "a profile begins with `profile: name`"))
        continue
      }
      roots.append(entries)
      name = root["profile"]?.scalar ?? name
      title = root["title"]?.scalar ?? title
      if let strict = root["strict"]?.scalar { self.strict = strict != "false" }
      if let node = root["extends"], let base = node.scalar { extends = (base, node.textMark) }
    }
    if name.isEmpty, let first = files.first {
      name = first.profile
      if !roots.isEmpty {
        problems.append(
          Diagnostic(
            mark: FileMark(file: first.file, line: 1, column: 1), message: "no `profile:` in any file of the profile",
            help: "write `profile: \(first.profile)` in one of them"))
      }
    }
  }
}
