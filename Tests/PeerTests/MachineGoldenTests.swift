import Foundation
import Testing

/// `reports/machines/`: what programs read, byte for byte. `ATTRACE_UPDATE_GOLDENS=1` rewrites it; the difference is to
/// be read.
@Suite struct MachineGoldenTests {
  private static let updates = ProcessInfo.processInfo.environment["ATTRACE_UPDATE_GOLDENS"] != nil
  private static let fixtures = [
    "sim900/mail-session", "3gpp/firmware-dies", "l610/broken-framing", "3gpp/multiplexed-broken",
  ]
  /// These stand elsewhere or are for people.
  private static let notHere: Set = ["text", "html"]

  private func compare(_ seen: Data, _ file: String) throws {
    let golden = ReportFolder.root.appending(path: file)
    if Self.updates {
      try FileManager.default.createDirectory(
        at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
      try seen.write(to: golden)
      return
    }
    #expect(try Data(contentsOf: golden) == seen, "\(file) is stale; make goldens rewrites it")
  }

  @Test(arguments: fixtures) func reportsAreAsTheyWere(_ fixture: String) throws {
    let folder = try ReportFolder()
    let profile = String(fixture.prefix { $0 != "/" })
    let input = "fixtures/\(fixture)/input.trace"
    var names = try folder.writeAll("a", ["--profile", profile, input])
    try folder.attrace([
      "decode", "--profile", profile, "--format", "jsonl", "-o", folder.path("a.session.jsonl"), input,
    ])
    try folder.attrace(["convert", input, "--mask", "--to", "jsonl", "-o", folder.path("a.chunks.jsonl")])
    names += ["a.session.jsonl", "a.chunks.jsonl"]
    try folder.expectSound(names)
    let dump = try folder.reader("dump_database.py", [folder.path("a.db")])
    try Data(dump.output.utf8).write(to: URL(filePath: folder.path("a.database.txt")))
    let skipped = Set(ReportFolder.formats.filter { Self.notHere.contains($0.format) }.map { "a.\($0.kind)" })
    for name in names + ["a.database.txt"] where name != "a.db" && !skipped.contains(name) {
      let golden = fixture.replacingOccurrences(of: "/", with: "-") + name.dropFirst()
      try compare(try folder.bytes(name), "reports/machines/\(golden)")
    }
  }

  /// The page of recipes is what the queries on it give.
  @Test func recipesGiveWhatStandsBelowThem() throws {
    let folder = try ReportFolder()
    let base = folder.path("runs.db")
    for inputs in [["sim900/mail-session", "l610/broken-framing"], ["3gpp/firmware-dies", "sim900/mail-session"]] {
      let words = ["check", "--fail-on", "never", "--format", "sqlite", "-o", base]
      let result = try folder.attrace(words + inputs.map { "fixtures/\($0)/input.trace" })
      #expect(result.code == 0, "\(result.errors)")
    }
    let page = ReportFolder.root.appending(path: "reports/sqlite.md").path
    let made = try folder.reader("run_recipes.py", [base, page])
    try #require(made.code == 0, "\(made.errors)")
    #expect(made.output.contains("```sql"))
    try compare(Data(made.output.utf8), "reports/sqlite.md")
  }
}
