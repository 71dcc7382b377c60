import Capture
import Glibc
import Inspect
import Profile
import Trace

/// Finds the profile that the user named, or recognises it.
struct ProfileSource {
  /// How much of an input is looked at before the profile is chosen.
  static let recognitionLimit = 1 << 20

  /// The profile of a name, or of a path to a file or folder of YAML.
  static func load(_ name: String, withSections: Bool = false) throws(ProfileError) -> Book {
    if Profiles.builtIn.contains(name) { return try Profiles.load(name, withSections: withSections) }
    guard name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") || isFolder(name) else {
      return try Profiles.load(name)
    }
    return try Profiles.load(files: files(name))
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The YAML files that a path means.
  static func files(_ path: String) throws(ProfileError) -> [ManualFile] {
    do throws(CaptureError) {
      let paths = try YAMLFiles.paths(path)
      var files: [ManualFile] = []
      for one in paths {
        files.append(ManualFile(profile: path, file: one, bytes: try YAMLFiles.read(one)))
      }
      return files
    } catch {
      throw ProfileError(error.message)
    }
  }

  /// All built-in profiles beside the base, for recognition.
  static func candidates() throws(ProfileError) -> [Book] {
    var books: [Book] = []
    for name in Profiles.builtIn where name != baseName { books.append(try Profiles.load(name)) }
    return books
  }

  static let baseName = "3gpp"

  /// What the flags say about profile and format, loaded.
  static func settings(_ options: CommonOptions) throws(ProfileError) -> InputJob.Settings {
    do throws(ConfigError) {
      var config = try ConfigFile.load(named: options.configPath)
      for path in options.expect { try ConfigFile.addExpectations(path, to: &config) }
      let settings = try settings(options, config)
      try SeveritySection.check(
        config,
        [settings.book, settings.base].compactMap { $0 } + settings.candidates + settings.others
          + settings.byPath.books)
      return settings
    } catch {
      throw ProfileError(error.message)
    }
  }

  private static func settings(
    _ options: CommonOptions, _ config: Config
  ) throws(ConfigError) -> InputJob.Settings {
    do throws(ProfileError) {
      return try loaded(options, config)
    } catch {
      throw ConfigError(error.message)
    }
  }

  /// A dialect of this name, built in or of the user's own.
  private static func format(_ name: String, _ own: [LogFormat]) throws(ProfileError) -> LogFormat {
    if let format = own.first(where: { $0.name == name }) ?? FormatRegistry.format(named: name) { return format }
    let near = Spelling.nearest(to: name, among: own.map(\.name) + FormatRegistry.names)
    throw ProfileError(
      "--input-format: there is no dialect '\(Printable.text(name))'; "
        + (near.map { "did you mean \($0)?" }
          ?? "a terminal's capture is raw, or stamped where each line has a time; 'attrace formats' lists all"))
  }

  /// Flags win over the configuration.
  private static func loaded(_ options: CommonOptions, _ config: Config) throws(ProfileError) -> InputJob.Settings {
    var settings = InputJob.Settings()
    settings.baud = options.baud ?? config.baud
    settings.user = config.user
    settings.diff = config.diff
    settings.redact = options.redact
    settings.capture = options.capture
    settings.dialects = config.dialects
    settings.format = try options.inputFormat.map { name throws(ProfileError) in try format(name, config.dialects) }
    var profiles = options.profiles
    if !options.recognises, profiles.isEmpty, let own = config.profile, own != "auto" { profiles = [own] }
    settings.byPath = try PathSettings(config, options, load: { name throws(ProfileError) in try load(name) })
    if profiles.isEmpty || settings.byPath.recognises {
      settings.base = try load(baseName)
      settings.candidates = try candidates()
    }
    for (index, name) in profiles.enumerated() {
      let book = try load(name)
      if index == 0 { settings.book = book } else { settings.others.append(book) }
    }
    return settings
  }
}
