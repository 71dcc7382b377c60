import Glibc

/// Files that a user wrote (profiles): found by path, read whole up to a limit.
public enum YAMLFiles {
  public static let byteLimit = 4 << 20

  /// A file itself, or the `.yaml` files of a folder in the order of their names.
  public static func paths(_ path: String) throws(CaptureError) -> [String] {
    guard FileKind(of: path) == .folder else { return [path] }
    let files = try FolderWalk.files(in: path).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
    guard !files.isEmpty else {
      throw CaptureError(path, "the folder holds no .yaml file; name the folder of a profile")
    }
    return files
  }

  public static func read(_ path: String) throws(CaptureError) -> [UInt8] {
    let reader = try BlockReader(path: path)
    var bytes: [UInt8] = []
    while try reader.next({ $0.withUnsafeBufferPointer { bytes.append(contentsOf: $0) } }) {
      guard bytes.count <= byteLimit else { throw CaptureError(path, "the file is larger than 4 MiB; split it") }
    }
    return bytes
  }
}
