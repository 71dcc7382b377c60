/// Where a log comes from: a file, or standard input.
public struct InputSource: Hashable, Sendable {
  /// How standard input is named among paths.
  public static let standardInputName = "-"
  public static let standardInput = InputSource(path: standardInputName)

  public let path: String

  public init(path: String) { self.path = path }

  public var isStandardInput: Bool { path == InputSource.standardInputName }

  /// The path as it may be shown.
  public var name: String { CaptureError.shown(path) }

  /// What a list of paths, folders and patterns stands for.
  public struct Expansion: Sendable {
    public var sources: [InputSource] = []
    /// One for each argument that leads to nothing; the others count all the same.
    public var errors: [CaptureError] = []
  }

  /// Finds the files that `arguments` mean: a file or `-` as it is, folders walked, patterns matched.
  ///
  /// - Parameter format: the format that the user named; without it, files of a folder that are no recognisable
  ///   logs are left out.
  public static func expand(_ arguments: [String], format: LogFormat? = nil) -> Expansion {
    var expansion = Expansion()
    for argument in arguments {
      do throws(CaptureError) {
        expansion.sources += try expand(argument, format)
      } catch {
        expansion.errors.append(error)
      }
    }
    return expansion
  }

  private static func expand(_ argument: String, _ format: LogFormat?) throws(CaptureError) -> [InputSource] {
    if argument == standardInputName { return [.standardInput] }
    guard !argument.isEmpty else { throw CaptureError("an empty file name was given; name a file, a folder or -") }
    switch FileKind(of: argument) {
    case .folder: return try walk(argument, format)
    case .other: return [InputSource(path: argument)]
    case .missing where PathPattern.isPattern(argument):
      let matches = PathPattern(argument).matches()
      guard !matches.isEmpty else { throw CaptureError(argument, "no file matches this pattern; check it") }
      var sources: [InputSource] = []
      for match in matches {
        if FileKind(of: match) == .folder {
          sources += try walk(match, format)
        } else {
          sources.append(InputSource(path: match))
        }
      }
      return sources
    case .missing: return [InputSource(path: argument)]
    }
  }

  private static func walk(_ folder: String, _ format: LogFormat?) throws(CaptureError) -> [InputSource] {
    let files = try FolderWalk.files(in: folder)
    let logs = format == nil ? files.filter(isLog) : files
    guard !logs.isEmpty else {
      let seen = files.isEmpty ? "no files" : "\(files.count) files, none of them a recognised log"
      throw CaptureError(folder, "the folder holds no log (\(seen)); name a file, or the format with --input-format")
    }
    return logs.map(InputSource.init(path:))
  }

  private static func isLog(_ path: String) -> Bool {
    // What cannot be opened may well be a log: whoever reads it says so.
    guard let reader = try? BlockReader(path: path) else { return true }
    guard case .found = Detection.detect(Peek(reader).bytes) else { return false }
    return true
  }
}
