import Glibc
import Testing
import Trace

@testable import Capture

/// What a test compares: a chunk with its bytes as text.
struct Seen: Equatable, CustomStringConvertible {
  var kind = Chunk.Kind.data
  var direction = Direction.unknown
  var port = 0
  var nanoseconds: Int64? = 0
  var place = 1
  var text = ""

  var description: String { "\(kind) \(direction) port \(port) at \(nanoseconds ?? -1) line \(place): \(text)" }
}

struct ReadResult: Equatable {
  var batch: ChunkBatch
  var facts: LogFacts

  static func == (a: ReadResult, b: ReadResult) -> Bool {
    a.batch.chunks == b.batch.chunks && a.batch.bytes == b.batch.bytes && a.facts == b.facts
  }

  var seen: [Seen] {
    batch.chunks.map { chunk in
      Seen(
        kind: chunk.kind, direction: chunk.direction, port: Int(chunk.port.index),
        nanoseconds: chunk.instant.isKnown ? chunk.instant.nanoseconds : nil, place: chunk.place,
        text: Printable.text(batch.bytes[chunk.start..<(chunk.start + chunk.count)]))
    }
  }

  func bytes(_ index: Int) -> [UInt8] {
    let chunk = batch.chunks[index]
    return [UInt8](batch.bytes[chunk.start..<(chunk.start + chunk.count)])
  }
}

/// Reads `input` in the blocks that `cuts` make of it.
func read(_ input: [UInt8], with reader: some LogReader, cuts: [Int] = []) -> ReadResult {
  var reader = reader
  var batch = ChunkBatch()
  var start = 0
  for end in cuts + [input.count] {
    reader.read([UInt8](input[start..<end]).span, into: &batch)
    start = end
  }
  reader.finish(into: &batch)
  return ReadResult(batch: batch, facts: reader.facts)
}

func readTrace(_ text: String) -> ReadResult { read([UInt8](text.utf8), with: TraceReader()) }

func readRaw(_ text: String) -> ReadResult { read([UInt8](text.utf8), with: RawReader()) }

/// The whole is read, each single cut, byte by byte, and with empty blocks between: nothing may change.
func expectSplitIndependence(_ input: [UInt8], _ make: () -> any LogReader) {
  let whole = read(input, with: make())
  for cut in 0...input.count {
    let parted = read(input, with: make(), cuts: [cut, cut])
    guard parted == whole else {
      Issue.record("cut at \(cut): \(parted.seen) instead of \(whole.seen)")
      return
    }
  }
  #expect(read(input, with: make(), cuts: Array(0..<input.count)) == whole)
}

/// Numbers that look random and are the same in each run.
struct FixedRandom: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed &* 2_685_821_657_736_338_717 | 1 }
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}

/// A folder that is gone after the test.
final class ScratchFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/attrace-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw CaptureError("no scratch folder") }
    path = String(cString: made)
  }

  deinit { ScratchFolder.remove(path) }

  func file(_ name: String, _ bytes: some Collection<UInt8>) throws -> String {
    let full = path + "/" + name
    let descriptor = open(full, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw CaptureError("cannot make \(full)") }
    defer { close(descriptor) }
    let all = [UInt8](bytes)
    guard Glibc.write(descriptor, all, all.count) == all.count else { throw CaptureError("cannot write \(full)") }
    return full
  }

  func folder(_ name: String) -> String {
    let full = path + "/" + name
    mkdir(full, 0o755)
    return full
  }

  var names: [String] { (try? FolderWalk.names(in: path)) ?? [] }

  private static func remove(_ path: String) {
    for name in (try? FolderWalk.names(in: path)) ?? [] { remove(path + "/" + name) }
    if unlink(path) != 0 { rmdir(path) }
  }
}

/// All bytes of a file as the reader under test gives them, and the error that followed.
func readAll(_ path: String) -> (bytes: [UInt8], failure: CaptureError?) {
  var bytes: [UInt8] = []
  do throws(CaptureError) {
    let reader = try BlockReader(path: path)
    while try reader.next({ block in for index in block.indices { bytes.append(block[index]) } }) {}
    return (bytes, nil)
  } catch {
    return (bytes, error)
  }
}

/// The root of the project, and beside it the folder of real logs, which not every place has.
enum Places {
  static let root: String = {
    var path = #filePath
    if let real = realpath(path, nil) {
      path = String(cString: real)
      free(real)
    }
    return path.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
  }()
  static let dialects = root + "/fixtures/dialects"
  static let realLogs = root + "/../shared/corpus/logs"
  static let realCaptures = root + "/../shared/corpus/captures"
  static var hasRealCaptures: Bool { FileKind(of: realCaptures) == .folder }
  static var hasRealLogs: Bool { FileKind(of: realLogs) == .folder }
}
