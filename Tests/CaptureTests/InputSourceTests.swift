import Glibc
import Testing

@testable import Capture

@Suite("Paths, folders and patterns")
struct InputSourceTests {
  private let log = Array("AT\r\nOK\r\n".utf8)

  private func names(_ expansion: InputSource.Expansion, below folder: ScratchFolder) -> [String] {
    expansion.sources.map { String($0.path.dropFirst(folder.path.utf8.count + 1)) }
  }

  private func tree() throws -> ScratchFolder {
    let scratch = try ScratchFolder()
    _ = scratch.folder("b")
    _ = scratch.folder("b/deep")
    _ = scratch.folder(".hidden")
    for name in ["z.log", "a.log", "b/c.log", "b/deep/d.txt", ".secret.log", ".hidden/x.log"] {
      _ = try scratch.file(name, log)
    }
    _ = try scratch.file("readme.md", Array("Nothing to see.\n".utf8))
    _ = try scratch.file("packed.gz", BlockReaderTests.gzip(log))
    return scratch
  }

  @Test func `a folder is walked in order, without what is no log`() throws {
    let scratch = try tree()
    let expansion = InputSource.expand([scratch.path])
    #expect(names(expansion, below: scratch) == ["a.log", "b/c.log", "b/deep/d.txt", "packed.gz", "z.log"])
    #expect(expansion.errors.isEmpty)
  }

  @Test func `links that lead round in circles do no harm`() throws {
    let scratch = try tree()
    #expect(symlink("..", scratch.path + "/b/up") == 0)
    #expect(symlink("../a.log", scratch.path + "/b/linked.log") == 0)
    #expect(
      names(InputSource.expand([scratch.path + "/b"]), below: scratch) == ["b/c.log", "b/deep/d.txt", "b/linked.log"])
  }

  @Test func `a folder without a log is an error, and the others still count`() throws {
    let scratch = try tree()
    let empty = scratch.folder("empty")
    let expansion = InputSource.expand([empty, scratch.path + "/a.log", "-", ""])
    #expect(expansion.sources.map(\.path) == [scratch.path + "/a.log", "-"])
    #expect(expansion.errors.count == 2)
    #expect(expansion.errors.first?.message.contains("holds no log") == true)
  }

  @Test func `patterns that the shell left`() throws {
    let scratch = try tree()
    func found(_ pattern: String) -> [String] {
      names(InputSource.expand([scratch.path + "/" + pattern]), below: scratch)
    }
    #expect(found("*.log") == ["a.log", "z.log"])
    #expect(found("?.log") == ["a.log", "z.log"])
    #expect(found("[a-c].log") == ["a.log"])
    #expect(found("[!a-c].log") == ["z.log"])
    #expect(found("**/*.log") == ["a.log", "b/c.log", "z.log"])
    #expect(found("**/d.txt") == ["b/deep/d.txt"])
    #expect(found("*/c.log") == ["b/c.log"])
    #expect(found(".s*") == [".secret.log"])
    #expect(found("b*") == ["b/c.log", "b/deep/d.txt"])
    let none = InputSource.expand([scratch.path + "/*.none"])
    #expect(none.errors.first?.message.contains("no file matches") == true)
  }

  @Test func `a file whose name looks like a pattern is that file`() throws {
    let scratch = try tree()
    _ = try scratch.file("odd[1]*.log", log)
    #expect(names(InputSource.expand([scratch.path + "/odd[1]*.log"]), below: scratch) == ["odd[1]*.log"])
  }

  @Test(arguments: [
    ("abc", "a*c", true), ("abc", "*", true), ("", "*", true), ("abc", "a?c", true), ("abc", "a?", false),
    ("a]c", "a[]]c", true), ("a-c", "a[x-]c", true), ("abc", "a[^b]c", false), ("a[c", "a[c", true),
    ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "*a*a*a*a*a*a*a*a*a*c", false), ("mississippi", "*sip*", true),
  ])
  func `matching names`(name: String, pattern: String, matches: Bool) {
    #expect(PathPattern.matches(Array(name.utf8)[...], Array(pattern.utf8)[...]) == matches)
  }

  @Test func `a file that may not be read says so`() throws {
    let scratch = try tree()
    let path = try scratch.file("locked", log)
    chmod(path, 0)
    // The superuser may read everything.
    guard geteuid() != 0 else { return }
    #expect(readAll(path).failure?.message.contains("permission denied") == true)
  }
}
