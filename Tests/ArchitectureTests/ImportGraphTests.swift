import Foundation
import Testing

/// Each room imports only rooms above it, and the core nothing but rooms.
@Suite struct ImportGraphTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// From the top of the house down.
  static let rooms = [
    "CYAML", "CZlib", "CZstd", "CLZMA", "CCrypto", "CPcap", "CSQLite", "CManuals", "CSerial", "CAllocationCount",
    "Trace", "Profile", "Decode", "Check", "Measure", "Inspect", "Capture", "Report", "attrace", "attrace-bench",
    "attrace-fuzz",
  ]
  static let pure: Set = ["Trace", "Profile", "Decode", "Check", "Measure", "Inspect"]
  static let forbidden: [String: Set<String>] = [
    "Trace": ["Profile"], "Decode": ["Check", "Measure", "CYAML"], "Check": ["Decode"], "Measure": ["Check", "Decode"],
    "Capture": ["Profile", "Decode", "Check", "Measure", "Inspect"], "Report": ["Decode", "Capture"],
  ]
  /// Databases are written by reports, and by nobody else.
  static let ownersOfSQLite: Set = ["Report"]
  static let system: Set = ["Foundation", "FoundationEssentials", "Glibc", "Dispatch"]

  private func swiftFiles(_ room: String) -> [URL] {
    let folder = Self.root.appending(path: "Sources/\(room)")
    let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (found?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
  }

  private func imports(_ file: URL) throws -> [String] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let at = words.firstIndex(of: "import"), at < 2, at + 1 < words.count else { return nil }
      return line.hasPrefix("import") || line.hasPrefix("@") ? String(words[at + 1]) : nil
    }
  }

  @Test func everyRoomIsKnown() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Sources").path)
    #expect(Set(folders).subtracting(Self.rooms + ["README.md"]) == [])
  }

  @Test(arguments: rooms) func importsPointUpwards(_ room: String) throws {
    let own = try #require(Self.rooms.firstIndex(of: room))
    for file in swiftFiles(room) {
      for name in try imports(file) {
        if let other = Self.rooms.firstIndex(of: name) {
          #expect(other < own, "\(file.lastPathComponent) of \(room) imports \(name)")
        } else if Self.pure.contains(room) {
          #expect(!Self.system.contains(name), "\(file.lastPathComponent) of \(room) imports \(name)")
        }
        #expect(Self.forbidden[room]?.contains(name) != true, "\(file.lastPathComponent) of \(room) imports \(name)")
        #expect(
          name != "CSQLite" || Self.ownersOfSQLite.contains(room),
          "\(file.lastPathComponent) of \(room) imports \(name)")
      }
    }
  }

  @Test func filesAreShort() throws {
    for room in Self.rooms {
      for file in swiftFiles(room) {
        let lines = try String(contentsOf: file, encoding: .utf8).split(
          separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count <= 600, "\(file.lastPathComponent) has \(lines.count) lines")
      }
    }
  }

  @Test func noVendorStandsInSwift() throws {
    let names = [
      "sim" + "900", "sim" + "5360", "sim" + "com", "mu" + "709", "hua" + "wei", "fibo" + "com", "l" + "610",
    ]
    for room in Self.rooms {
      for file in swiftFiles(room) {
        let text = try String(contentsOf: file, encoding: .utf8).lowercased()
        for name in names { #expect(!text.contains(name), "\(file.lastPathComponent) names \(name)") }
      }
    }
  }

  @Test func theEmbeddedProfilesAreCurrent() throws {
    let check = Process()
    check.executableURL = Self.root.appending(path: ".ci/embed-manuals")
    check.arguments = ["--check"]
    try check.run()
    check.waitUntilExit()
    #expect(check.terminationStatus == 0, "run make manuals")
  }
}
