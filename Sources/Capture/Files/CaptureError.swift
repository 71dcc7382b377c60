import Glibc

/// Why an input or output could not be used: one line that says what, where, and what to do.
public struct CaptureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One line, safe to print.
  public let message: String

  public init(_ message: String) { self.message = message }

  public var description: String { message }

  /// An error about a file, whose name is made safe to print.
  init(_ path: String, _ problem: String) {
    self.init("\(CaptureError.shown(path)): \(problem)")
  }

  /// An error that the system reported with `errno`.
  init(_ path: String, doing what: String, code: Int32) {
    switch code {
    case ENOENT: self.init(path, "no such file or folder; check the path")
    case EACCES, EPERM: self.init(path, "permission denied to \(what); check who may, or run as another user")
    case ENOSPC: self.init(path, "no space left on the device; make room or write elsewhere")
    case ENOTDIR: self.init(path, "a part of the path is not a folder; check the path")
    case EISDIR: self.init(path, "is a folder, not a file; name a file in it")
    case EMFILE, ENFILE: self.init(path, "too many open files; raise the limit with ulimit -n")
    default: self.init(path, "cannot \(what): \(CaptureError.text(of: code))")
    }
  }

  /// An output whose folder is not there is told so; else the error that the system reported.
  init(writing path: String, code: Int32) {
    guard code == ENOENT, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex else {
      self.init(path, doing: "write it", code: code)
      return
    }
    self.init(path, "there is no folder '\(CaptureError.shown(String(path[..<slash])))'; make it first (mkdir -p)")
  }

  static func shown(_ path: String) -> String {
    path == InputSource.standardInputName ? "standard input" : Printable.text(path)
  }

  private static func text(of code: Int32) -> String {
    guard let text = strerror(code) else { return "error \(code)" }
    return String(cString: text)
  }
}
