import Glibc
import Testing

@testable import Capture

@Suite("Files that are whole or not there")
struct AtomicFileTests {
  @Test func `nothing is seen before commit, all of it after`() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/out.json"
    let file = try AtomicFile(path: path)
    let large = [UInt8](repeating: 0x41, count: 200_000)
    try file.write("begin")
    try file.write(large)
    #expect(FileKind(of: path) == .missing)
    try file.commit()
    #expect(readAll(path).bytes == Array("begin".utf8) + large)
    #expect(scratch.names == ["out.json"])
  }

  @Test func `let go without commit, nothing remains and the old file stays`() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.file("out", Array("old".utf8))
    do {
      let file = try AtomicFile(path: path)
      try file.write("new")
      try file.flush()
      #expect(scratch.names.count == 2)
    }
    #expect(scratch.names == ["out"])
    #expect(readAll(path).bytes == Array("old".utf8))
  }

  @Test func `mode and link of the old file stay`() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.file("real", Array("old".utf8))
    chmod(path, 0o640)
    #expect(symlink("real", scratch.path + "/link") == 0)
    let file = try AtomicFile(path: scratch.path + "/link")
    try file.write("new")
    try file.commit()
    var status = stat()
    #expect(lstat(scratch.path + "/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
    #expect(readAll(path).bytes == Array("new".utf8))
  }

  @Test func `a device is written to directly`() throws {
    let file = try AtomicFile(path: "/dev/null")
    try file.write("gone")
    try file.commit()
    #expect(FileKind(of: "/dev/null") == .other)
  }

  @Test func `places that cannot be written to are errors`() throws {
    let scratch = try ScratchFolder()
    #expect(throws: CaptureError.self) { _ = try AtomicFile(path: scratch.path) }
    #expect(throws: CaptureError.self) { _ = try AtomicFile(path: scratch.path + "/none/out") }
    #expect(throws: CaptureError.self) { _ = try AtomicFile(path: "") }
  }
}
