import CLZMA
import CZlib
import CZstd
import Testing

@testable import Capture

@Suite("Reading files")
struct BlockReaderTests {
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    var output = [UInt8](repeating: 0, count: bytes.count + 1_000)
    deflateInit2_(&stream, 6, Z_DEFLATED, 31, 8, 0, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    var input = bytes
    input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { target in
        stream.next_in = source.baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.baseAddress
        stream.avail_out = UInt32(target.count)
        _ = deflate(&stream, Z_FINISH)
      }
    }
    deflateEnd(&stream)
    return [UInt8](output.prefix(Int(stream.total_out)))
  }

  static func zstd(_ bytes: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let count = ZSTD_compress(&output, output.count, bytes, bytes.count, 3)
    return [UInt8](output.prefix(count))
  }

  static func xz(_ bytes: [UInt8]) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: lzma_stream_buffer_bound(bytes.count))
    var position = 0
    _ = lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nil, bytes, bytes.count, &output, &position, output.count)
    return [UInt8](output.prefix(position))
  }

  static let packers: [(name: String, pack: @Sendable ([UInt8]) -> [UInt8])] = [
    ("gzip", { gzip($0) }), ("zstd", { zstd($0) }), ("xz", { xz($0) }),
  ]

  /// Text that does not shrink too much, longer than several blocks.
  static let sample: [UInt8] = {
    var random = FixedRandom(5)
    return (0..<300_000).map { _ in UInt8.random(in: 0x20...0x5F, using: &random) }
  }()

  @Test func `a plain file comes in blocks`() throws {
    let scratch = try ScratchFolder()
    let path = try scratch.file("plain", Self.sample)
    #expect(readAll(path) == (Self.sample, nil))
  }

  @Test(arguments: 0..<3)
  func `compressed files come out plain, members one after the other`(index: Int) throws {
    let scratch = try ScratchFolder()
    let (name, pack) = Self.packers[index]
    let one = pack(Self.sample)
    #expect(readAll(try scratch.file("one", one)) == (Self.sample, nil))
    let two = one + pack(Array("AT\r".utf8)) + pack([]) + pack(Array("OK\r\n".utf8))
    #expect(readAll(try scratch.file("two", two)) == (Self.sample + Array("AT\rOK\r\n".utf8), nil))
    if name != "zstd" {
      let padded = one + [UInt8](repeating: 0, count: 512)
      #expect(readAll(try scratch.file("padded", padded)) == (Self.sample, nil))
    }
  }

  @Test(arguments: 0..<3)
  func `truncated data gives what it holds and then an error`(index: Int) throws {
    let scratch = try ScratchFolder()
    let (name, pack) = Self.packers[index]
    let whole = pack(Self.sample)
    for count in [12, 20, 100, whole.count / 2, whole.count - 1] {
      let (bytes, failure) = readAll(try scratch.file("cut", whole.prefix(count)))
      #expect(Self.sample.starts(with: bytes))
      #expect(failure?.message.contains("\(name) data is truncated at byte \(count)") == true, "\(count)")
      if count > 100, name == "gzip" { #expect(bytes.count > 10_000) }
    }
  }

  @Test(arguments: 0..<3)
  func `damaged data gives an error, whatever byte is wrong`(index: Int) throws {
    let scratch = try ScratchFolder()
    let (name, pack) = Self.packers[index]
    let whole = pack(Array(Self.sample.prefix(2_000)))
    var failures = 0
    for place in stride(from: name == "gzip" ? 10 : 6, to: whole.count, by: 13) {
      var bad = whole
      bad[place] ^= 0x55
      let (_, failure) = readAll(try scratch.file("bad", bad))
      if failure != nil { failures += 1 }
    }
    #expect(failures > 0)
    let (bytes, failure) = readAll(try scratch.file("junk", whole + Array("junk behind it".utf8)))
    #expect(bytes == Array(Self.sample.prefix(2_000)))
    #expect(failure?.message.contains("\(name) data is damaged near byte") == true)
  }

  @Test func `what is no file is an error that says so`() throws {
    let scratch = try ScratchFolder()
    #expect(readAll(scratch.path + "/none").failure?.message.contains("no such file") == true)
    #expect(readAll(scratch.path).failure?.message.contains("is a folder") == true)
    #expect(readAll("no\u{1B}[2Jwhere").failure?.message.hasPrefix(#"no\x1B[2Jwhere: "#) == true)
  }

  @Test func `an empty file and a short one`() throws {
    let scratch = try ScratchFolder()
    #expect(readAll(try scratch.file("empty", [])) == ([], nil))
    #expect(readAll(try scratch.file("short", [0x1F])) == ([0x1F], nil))
  }
}
