import Glibc
import Testing
import Trace

@testable import Capture

@Suite("From a source to chunks")
struct LogInputTests {
  private func readLog(
    _ path: String, format: LogFormat? = nil
  ) throws -> (bytes: [UInt8], chunks: Int, facts: LogFacts) {
    var input = try LogInput(InputSource(path: path), format: format)
    var batch = ChunkBatch()
    var bytes: [UInt8] = []
    var chunks = 0
    while try input.next(into: &batch) {
      bytes += batch.bytes
      chunks += batch.chunks.count
      batch.removeAll()
    }
    return (bytes, chunks, input.facts)
  }

  @Test func `a trace is found out and read whole, compressed or not`() throws {
    let scratch = try ScratchFolder()
    let line = #"0.5 --> "0123456789012345678901234567890123456789\r""# + "\n"
    let text = "#!attrace 1\n" + String(repeating: line, count: 10_000)
    for packed in [[UInt8](text.utf8), BlockReaderTests.gzip([UInt8](text.utf8))] {
      let log = try readLog(try scratch.file("log", packed))
      #expect(log.facts.format == "trace")
      #expect(log.chunks == 10_000)
      #expect(log.bytes.count == 10_000 * 41)
    }
  }

  @Test func `the last line needs no end`() throws {
    let scratch = try ScratchFolder()
    #expect(try readLog(try scratch.file("log", Array("AT\r\nOK".utf8))).bytes == Array("AT\r\nOK".utf8))
  }

  @Test func `what the user named is not doubted`() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.file("log", Array("no modem at all\n".utf8))
    #expect(throws: CaptureError.self) { try readLog(path) }
    #expect(try readLog(path, format: RawFormat.format).chunks == 1)
  }

  @Test func `a truncated archive gives its chunks before the error`() throws {
    let scratch = try ScratchFolder()
    var random = FixedRandom(1)
    var text = "#!attrace 1\n"
    for index in 0..<20_000 { text += "\(index) --> \"\(random.next())\"\n" }
    let packed = BlockReaderTests.gzip([UInt8](text.utf8))
    let path = try scratch.file("log.gz", packed.prefix(packed.count / 2))
    var input = try LogInput(InputSource(path: path))
    var batch = ChunkBatch()
    let error = #expect(throws: CaptureError.self) { while try input.next(into: &batch) {} }
    #expect(batch.chunks.count > 5_000)
    #expect(error?.message.contains("truncated at byte \(packed.count / 2)") == true)
  }

  @Test func `empty files and folders are errors`() throws {
    let scratch = try ScratchFolder()
    let empty = try scratch.file("empty", [])
    let error = #expect(throws: CaptureError.self) { _ = try LogInput(InputSource(path: empty)) }
    #expect(error?.message.contains("is empty") == true)
    #expect(throws: CaptureError.self) { _ = try LogInput(InputSource(path: scratch.path)) }
  }

  @Test func `a named pipe that gives its bytes in parts`() async throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    let parts = ["#", "!attr", "ace 1\n0 --> \"A", "T\\r\"\n", "1 <-- \"OK\"\n"]
    let writer = Task.detached {
      let descriptor = open(path, O_WRONLY)
      for part in parts {
        _ = Glibc.write(descriptor, Array(part.utf8), part.utf8.count)
        usleep(2_000)
      }
      close(descriptor)
    }
    let log = try readLog(path)
    await writer.value
    #expect(log.bytes == Array("AT\rOK".utf8))
  }

  @Test func `a live source that pauses is read with what has come`() async throws {
    let scratch = try ScratchFolder()
    let path = scratch.path + "/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    let holder = open(path, O_RDWR)
    defer { close(holder) }
    let text = Array("AT\r\nOK\r\n".utf8)
    #expect(Glibc.write(holder, text, text.count) == text.count)
    var input = try LogInput(InputSource(path: path), patience: 20)
    var batch = ChunkBatch()
    #expect(try input.next(into: &batch))
    #expect(input.format.name == "raw")
    #expect(batch.bytes == text)
  }

  @Test(arguments: ["session.trace", "raw-minicom.log", "raw-line-feeds.log", "raw-numeric-results.log"])
  func `the samples of this project are what they are called`(name: String) throws {
    let log = try readLog(Places.dialects + "/" + name)
    #expect(log.facts.format == (name.hasSuffix(".trace") ? "trace" : "raw"))
    #expect(log.chunks > 3)
  }

  @Test func `the samples that are no logs are refused`() throws {
    for name in ["not-a-modem.log", "tagged-by-a-program.log"] {
      #expect(throws: CaptureError.self, "\(name)") { try readLog(Places.dialects + "/" + name) }
    }
  }
}
