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
  /// How many profiles may build on one another.
  static let extendsLimit = 8

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
  public static var builtIn: [String] { names(embedded) }

  private static func names(_ files: [ManualFile]) -> [String] { Set(files.map(\.profile)).sorted() }

  /// Where a built-in profile lists the sections of its document, and nothing else.
  private static let sectionsFile = "/sections.yaml"

  /// Loads a built-in profile with what it extends. No trace is checked by its sections, so they are read on request only.
  public static func load(_ name: String, withSections: Bool = false) throws(ProfileError) -> Book {
    let files = embedded.filter { $0.profile == name && (withSections || !$0.file.hasSuffix(sectionsFile)) }
    guard !files.isEmpty else {
      let near = Spelling.nearest(to: name, among: builtIn).map { "did you mean \($0)? " } ?? ""
      throw ProfileError(
        "there is no profile '\(Diagnostic.shown(name))'; \(near)built in are \(builtIn.joined(separator: ", ")); "
          + "one of your own is named by its path: my-modem.yaml, or a folder my-modem/")
    }
    return try load(files: files)
  }

  /// Loads a profile from its files, which may extend one of `library` (by default the built-in ones).
  public static func load(files: [ManualFile], library: [ManualFile]? = nil) throws(ProfileError) -> Book {
    let built = build(Layer(files: files), library ?? embedded)
    let errors = (built.own + built.base).filter { $0.severity == .error }
    guard let book = built.book, errors.isEmpty else {
      let first = errors.first?.text ?? "the profile is empty"
      let more = errors.count > 1 ? " (and \(errors.count - 1) more; `attrace profiles lint` shows all)" : ""
      throw ProfileError(first + more)
    }
    return book
  }

  /// Every mistake in the files of one profile, in the order of their places. It may extend one of `library` (by default
  /// the built-in ones).
  public static func lint(files: [ManualFile], library: [ManualFile]? = nil) -> [Diagnostic] {
    build(Layer(files: files), library ?? embedded).own.sorted { $0.mark < $1.mark }
  }

  /// The book, and what is wrong with `own` and with what it extends.
  private static func build(
    _ own: Layer, _ library: [ManualFile]
  ) -> (book: Book?, own: [Diagnostic], base: [Diagnostic]) {
    var own = own
    own.isOwn = true
    var layers = [own]
    var problems = own.problems
    while let base = layers.first?.extends {
      if layers.contains(where: { $0.name == base.name }) || layers.count >= extendsLimit {
        problems.append(
          Diagnostic(
            mark: base.mark, message: "the profile extends itself, or too many others",
            suggestion: "at most \(extendsLimit) build on one another"))
        break
      }
      let found = library.filter { $0.profile == base.name }
      guard !found.isEmpty else {
        problems.append(
          Diagnostic(
            mark: base.mark, message: "there is no profile '\(Diagnostic.shown(base.name))' to extend",
            suggestion: Spelling.suggestion(
              base.name, names(library), "there are \(names(library).joined(separator: ", "))")))
        break
      }
      layers.insert(Layer(files: found), at: 0)
    }
    let base = layers.dropLast().flatMap(\.problems)
    guard layers.contains(where: { !$0.roots.isEmpty }) else { return (nil, problems, base) }
    var reader = LayerReader(layers)
    reader.read()
    return (reader.book, problems + reader.ownProblems, base + reader.baseProblems)
  }
}
