import Foundation
import Trace

@testable import Capture

/// A folder that is gone with the test.
final class LiveFolder {
  let url = FileManager.default.temporaryDirectory.appending(path: "attrace-live-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }
  func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: url.appending(path: name)) }
  func append(_ text: String, to name: String) throws {
    let file = try FileHandle(forWritingTo: url.appending(path: name))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }
  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: url.appending(path: name)), as: UTF8.self)
  }
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
}

/// Chunks as one readable line each.
func shown(_ batch: ChunkBatch) -> [String] {
  batch.chunks.map { chunk in
    let text = Printable.text(batch.bytes[chunk.start..<chunk.start + chunk.count])
    return "\(chunk.place) \(chunk.kind) \(chunk.direction) \(text)"
  }
}
