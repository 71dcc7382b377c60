import Testing
import Trace

@testable import Capture

@Suite("Lines longer than the limit")
struct LongLineTests {
  private static let limit = LineCutter.pieceLimit

  @Test func `a line of 200 MB is handed on in pieces, in constant memory`() {
    var reader = TraceReader()
    var batch = ChunkBatch()
    reader.read([UInt8](#"0.5 <-- ""#.utf8).span, into: &batch)
    // No period of the escapes fits the blocks, so that every way of cutting them happens.
    let block = Array([UInt8](#"abcdefghi\x00\r\\\xFFxyz"#.utf8.map { $0 }))
    var text: [UInt8] = []
    while text.count < 65_536 { text += block }
    var total = 0
    var fed = 0
    var largest = 0
    while fed < 200_000_000 {
      reader.read(text.span, into: &batch)
      fed += text.count
      total += batch.bytes.count
      largest = max(largest, batch.bytes.capacity)
      for chunk in batch.chunks where chunk.place != 1 || chunk.direction != .modemToHost || chunk.kind != .data {
        Issue.record("\(chunk)")
      }
      batch.removeAll()
    }
    reader.read([UInt8]("\"\n1 --> \"next\"\n".utf8).span, into: &batch)
    reader.finish(into: &batch)
    total += batch.bytes.count - 4
    #expect(total == fed / block.count * 16)
    #expect(batch.chunks.last?.place == 2)
    #expect(largest < 1 << 20)
  }

  @Test(arguments: [-3, -2, -1, 0, 1, 2, 3, 4, 5])
  func `escapes at the border of a piece stay whole`(shift: Int) {
    let head = #"1 p --> ""#
    let filler = [UInt8](repeating: 0x61, count: LongLineTests.limit - head.utf8.count - 4 + shift)
    let input = [UInt8](head.utf8) + filler + [UInt8](#"\x41\\\r\"\x42zz"  "#.utf8) + [10]
    let result = read(input, with: TraceReader())
    #expect(result.batch.bytes == filler + [0x41, 0x5C, 0x0D, 0x22, 0x42, 0x7A, 0x7A])
    #expect(result.seen.allSatisfy { $0.kind == .data && $0.place == 1 && $0.nanoseconds == 1_000_000_000 })
  }

  @Test func `pieces do not depend on the blocks`() {
    let part = [UInt8](#"0123456789\x41\r\n"#.utf8)
    var input = [UInt8](#"1 --> ""#.utf8)
    while input.count < 3 * LongLineTests.limit { input += part }
    input += [UInt8]("\"\n2 <-- \"end\"\n".utf8)
    let whole = read(input, with: TraceReader())
    #expect(whole.seen.count == 5)
    for size in [1, 7, 1_000, 65_535, 65_536, 65_537, 100_000] {
      let cuts = Array(stride(from: size, to: input.count, by: size))
      #expect(read(input, with: TraceReader(), cuts: cuts) == whole)
      #expect(read(input, with: RawReader(), cuts: cuts) == read(input, with: RawReader()))
    }
  }

  @Test func `what breaks a long line is handed on once, and the next line is read`() {
    let filler = String(repeating: "a", count: 70_000)
    for bad in [#"\q"#, #"" junk"#] {
      let more = String(repeating: "b", count: 200_000)
      let result = readTrace("1 --> \"\(filler)\(bad)\(more)\"\n2 <-- \"end\"\n")
      #expect(result.seen.map(\.kind) == [.data, .malformed, .data])
      #expect(result.seen.last?.place == 2)
    }
    let comment = readTrace("# \(filler)\(filler)\n2 <-- \"end\"\n")
    #expect(comment.seen.map(\.text) == ["end"])
  }

  @Test func `a line of just the limit is one piece`() {
    for extra in [-1, 0, 1] {
      let body = LongLineTests.limit - #"1 --> """#.utf8.count + extra
      let result = readTrace("1 --> \"\(String(repeating: "a", count: body))\"\n")
      #expect(result.batch.bytes.count == body)
      #expect(result.seen.allSatisfy { $0.kind == .data })
    }
  }
}
