import Capture
import Foundation
import Profile
import Sessions
import Testing
import Trace

/// A folder of `fixtures/`: an input and what is expected of it.
struct Fixture: CustomTestStringConvertible, Sendable {
  let folder: URL
  let profile: String

  var testDescription: String { "\(profile)/\(folder.lastPathComponent)" }

  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let all: [Fixture] = {
    var found: [Fixture] = []
    for profile in Profiles.builtIn {
      let base = root.appending(path: "fixtures/\(profile)")
      let names = (try? FileManager.default.contentsOfDirectory(atPath: base.path)) ?? []
      for name in names.sorted() {
        let folder = base.appending(path: name)
        let fixture = Fixture(folder: folder, profile: profile)
        if FileManager.default.fileExists(atPath: fixture.input.path) { found.append(fixture) }
      }
    }
    return found
  }()

  var input: URL {
    let trace = folder.appending(path: "input.trace")
    return FileManager.default.fileExists(atPath: trace.path) ? trace : folder.appending(path: "input.log")
  }

  var book: Book { Books.builtIn[profile] ?? Books.generic }

  func session() throws -> Session {
    let bytes = [UInt8](try Data(contentsOf: input))
    return input.pathExtension == "trace" ? Session(log: bytes) : Session(log: bytes, reader: RawReader())
  }

  func expected(_ name: String) -> URL { folder.appending(path: "expected.\(name).txt") }
}
