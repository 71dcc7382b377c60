import Foundation
import Testing

/// `--format sqlite`: runs are appended, and a file that is none of ours stays as it is.
@Suite struct DatabaseTests {
  private static let clean = "fixtures/sim900/mail-session/input.trace"

  private func check(_ folder: ReportFolder, _ base: String, _ more: [String] = [clean]) throws -> ReportFolder.Result {
    try folder.attrace(
      ["check", "--fail-on", "never", "--quiet", "--format", "sqlite", "-o", folder.path(base)] + more)
  }

  private func rows(_ folder: ReportFolder, _ table: String) throws -> [String] {
    let dump = try folder.reader("dump_database.py", [folder.path("a.db")]).output
    let part = try #require(dump.components(separatedBy: "\n-- \(table): ").last)
    return part.components(separatedBy: "\n\n")[0].split(separator: "\n").dropFirst().map(String.init)
  }

  @Test func aFurtherRunIsAppended() throws {
    let folder = try ReportFolder()
    #expect(try check(folder, "a.db").code == 0)
    let once = try rows(folder, "transactions")
    #expect(try check(folder, "a.db", [Self.clean, "fixtures/3gpp/firmware-dies/input.trace"]).code == 0)
    #expect(try rows(folder, "runs").map { $0.components(separatedBy: " | ").last } == ["1", "2"])
    let inputs = try rows(folder, "inputs").map { $0.components(separatedBy: " | ").prefix(2).joined(separator: "/") }
    #expect(inputs == ["1/1", "2/2", "3/2"])
    let twice = try rows(folder, "transactions")
    #expect(!once.isEmpty && Array(twice.prefix(once.count)) == once)
    #expect(twice.count { $0.hasPrefix("2 | ") } == once.count)
    try folder.expectSound(["a.db"])
  }

  @Test func filesOfOthersStayAsTheyAre() throws {
    let folder = try ReportFolder()
    try Data("a letter to somebody\n".utf8).write(to: URL(filePath: folder.path("letter.db")))
    #expect(try check(folder, "a.db").code == 0)
    // The same file as an older or newer attrace would have written it, and as somebody else's.
    let ours = try folder.bytes("a.db")
    var newer = ours
    newer[63] = 9
    try newer.write(to: URL(filePath: folder.path("newer.db")))
    var foreign = ours
    foreign.replaceSubrange(68..<72, with: [0, 0, 0, 1])
    try foreign.write(to: URL(filePath: folder.path("foreign.db")))
    for (name, word) in [
      ("letter.db", "no database of attrace's"), ("newer.db", "version 9"), ("foreign.db", "attrace's"),
    ] {
      let before = try folder.bytes(name)
      let result = try check(folder, name)
      #expect(result.code == 2)
      #expect(result.errors.split(separator: "\n").count == 1 && result.errors.contains(word), "\(result.errors)")
      #expect(try folder.bytes(name) == before, "\(name) was changed")
    }
  }

  @Test func aFailedRunLeavesNothing() throws {
    let folder = try ReportFolder()
    #expect(try check(folder, "none.db", ["/no/such/file"]).code == 2)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { !$0.hasPrefix(".") } == [])
    #expect(try check(folder, "a.db").code == 0)
    let before = try rows(folder, "runs")
    #expect(try check(folder, "a.db", ["/no/such/file"]).code == 2)
    #expect(try rows(folder, "runs") == before)
    #expect(try folder.attrace(["check", "--format", "sqlite", Self.clean]).errors.contains("-o FILE"))
  }

  @Test func aFullDiskLeavesTheOlderRuns() throws {
    let folder = try ReportFolder()
    let words = ["check", "--fail-on", "never", "--quiet", "--format", "sqlite", "-o", folder.path("a.db"), Self.clean]
    let first = try folder.attrace(words, filesUpTo: 30_000)
    #expect(first.code == 2 && first.errors.split(separator: "\n").count == 1, "\(first)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("a.db")))
    #expect(try check(folder, "a.db").code == 0)
    let size = try folder.bytes("a.db").count
    let second = try folder.attrace(words + [Self.clean], filesUpTo: size + 4096)
    #expect(second.code == 2 && second.errors.split(separator: "\n").count == 1, "\(second)")
    #expect(try rows(folder, "runs").count == 1)
    try folder.expectSound(["a.db"])
  }

  @Test func secretsAreMaskedUnlessAsked() throws {
    let folder = try ReportFolder()
    let input = folder.path("in.trace")
    try Data("#!attrace 1\n0.1 --> \"AT+CPIN=\\\"1234\\\"\\r\"\n0.2 <-- \"\\r\\nOK\\r\\n\"\n".utf8)
      .write(to: URL(filePath: input))
    for (name, more) in [("a", []), ("open", ["--no-redact"])] {
      for name in try folder.writeAll(name, more + [input]) where !name.hasSuffix("report.txt") {
        let isShown = try folder.bytes(name).range(of: Data("1234".utf8)) != nil
        let holdsLines = [".db", ".html", ".transactions.csv", ".timeline.json"].contains { name.hasSuffix($0) }
        #expect(isShown == (holdsLines && !more.isEmpty), "\(name)")
      }
    }
  }
}
