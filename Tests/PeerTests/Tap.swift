import Glibc
import Sessions
import Testing
import Trace

/// A `tap` between an application and a device, in a folder of its own.
final class Tap {
  let folder = Folder()
  let process: TapProcess
  /// What the application opens.
  var application: String { folder.path("app") }
  var capture: String { folder.path("line.trace") }

  /// Begins to tap, and returns when the application may open its port.
  init(proxy device: String, _ more: [String] = [], saves: Bool = true, profile: String = "3gpp") throws {
    let program = try #require(TapProcess.program(), "the program is not built")
    var arguments = ["--proxy", device, "--link", folder.path("app"), "--profile", profile] + more
    if saves { arguments += ["-w", folder.path("line.trace")] }
    process = try #require(TapProcess(program, arguments, output: folder.path("out")))
    guard process.says("let the application") else {
      Issue.record("tap does not begin: \(process.complaints)")
      return
    }
  }

  func openApplication() throws -> Int32 {
    let opened = PtyPair.open(application)
    try #require(opened >= 0)
    return opened
  }

  /// What the saved capture holds.
  var saved: Session { Session(log: Folder.bytes(capture)) }

  /// Ends the tap; its exit code.
  func end() -> Int32 { process.end() }
}

extension Session {
  /// The bytes of one direction.
  func bytes(_ direction: Direction) -> [UInt8] {
    batch.chunks.filter { $0.kind == .data && $0.direction == direction }.flatMap {
      batch.bytes[$0.start..<$0.start + $0.count]
    }
  }

  func texts(_ kind: Chunk.Kind) -> [String] {
    batch.chunks.filter { $0.kind == kind }.map {
      String(decoding: batch.bytes[$0.start..<$0.start + $0.count], as: UTF8.self)
    }
  }
}
