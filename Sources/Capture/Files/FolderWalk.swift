import Glibc

/// What a path leads to.
enum FileKind {
  case folder
  /// A file, pipe or device.
  case other
  /// Nothing, or nothing that may be looked at: opening it tells why.
  case missing

  init(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      self = .missing
      return
    }
    self = status.st_mode & S_IFMT == S_IFDIR ? .folder : .other
  }
}

/// Lists folders in a fixed order.
enum FolderWalk {
  /// How deep folders are followed; links to folders are not.
  static let depthLimit = 64

  /// All files below a folder, sorted by path, without the hidden ones.
  static func files(in folder: String) throws(CaptureError) -> [String] {
    var files: [String] = []
    try collect(folder, depth: 0, into: &files)
    return files
  }

  private static func collect(_ folder: String, depth: Int, into files: inout [String]) throws(CaptureError) {
    for name in try names(in: folder) where !name.hasPrefix(".") {
      let path = join(folder, name)
      switch kind(ofEntry: path) {
      case .folder:
        // A folder below the one asked for that may not be read is like a file that is no log.
        if depth < depthLimit { try? collect(path, depth: depth + 1, into: &files) }
      case .other: files.append(path)
      case .missing: break
      }
    }
  }

  /// Links to files count as files; links to folders are left out, since they may lead round in circles.
  private static func kind(ofEntry path: String) -> FileKind {
    var status = stat()
    guard lstat(path, &status) == 0 else { return .missing }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .folder
    case S_IFREG: return .other
    case S_IFLNK:
      return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? .other : .missing
    default: return .missing
    }
  }

  static func isRealFolder(_ path: String) -> Bool { kind(ofEntry: path) == .folder }

  /// The names in a folder, sorted by their bytes, without `.` and `..`.
  static func names(in folder: String) throws(CaptureError) -> [String] {
    guard let directory = opendir(folder) else { throw CaptureError(folder, doing: "list it", code: errno) }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : (folder.hasSuffix("/") ? folder + name : folder + "/" + name)
  }
}
