import Capture
import Glibc
import Profile

/// Finds the configuration file and reads it.
enum ConfigFile {
  static let name = ".attrace.yaml"
  /// So many folders upward it is looked for.
  private static let heightLimit = 64

  /// The file that the user named, else the nearest one upward from the working directory; without any, nothing is set.
  static func load(named path: String?) throws(ConfigError) -> Config {
    guard let path = path ?? nearest() else { return Config() }
    return try ConfigReader.read(bytes(of: path), path: path)
  }

  /// Adds the expectations of a file of their own.
  static func addExpectations(_ path: String, to config: inout Config) throws(ConfigError) {
    let file = try ConfigReader.read(bytes(of: path), path: path, sections: [ExpectSection.self])
    guard !file.expectations.isEmpty else {
      throw ConfigError(
        "\(Printable.text(path)): it expects nothing; see 'attrace help check' for --write-expectations")
    }
    for var placed in file.expectations {
      placed.isAsked = true
      guard !config.expectations.contains(where: { $0.expectation.name == placed.expectation.name }) else {
        throw ConfigError(
          Diagnostic(
            mark: placed.mark, message: "there is an expectation '\(placed.expectation.name)' already",
            suggestion: "give this one another name"
          ).text)
      }
      config.expectations.append(placed)
    }
  }

  private static func bytes(of path: String) throws(ConfigError) -> [UInt8] {
    do throws(CaptureError) {
      return try YAMLFiles.read(path)
    } catch {
      throw ConfigError(error.message)
    }
  }

  private static func nearest() -> String? {
    var folder = ""
    for _ in 0..<heightLimit {
      let path = folder + name
      var status = stat()
      if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return path }
      if isRoot(folder) { return nil }
      folder += "../"
    }
    return nil
  }

  /// Whether a folder is its own parent.
  private static func isRoot(_ folder: String) -> Bool {
    var here = stat()
    var above = stat()
    guard stat(folder + ".", &here) == 0, stat(folder + "..", &above) == 0 else { return true }
    return here.st_dev == above.st_dev && here.st_ino == above.st_ino
  }
}
