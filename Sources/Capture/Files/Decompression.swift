import CLZMA
import CZlib
import CZstd

/// Turns compressed bytes into plain ones, step by step and in constant memory.
protocol Decompressor: AnyObject, SendableMetatype {
  /// The name of the format, for errors.
  static var name: String { get }
  /// What such data begins with.
  static var signature: [UInt8] { get }

  /// `nil` when there is no memory; `deinit` runs then too.
  init?()

  /// Takes from `input` and puts into `output` what fits. `isLast` says that nothing comes after `input`.
  func step(
    _ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableRawBufferPointer
  ) -> DecompressionStep
}

struct DecompressionStep {
  enum State {
    /// More input or more room is needed.
    case running
    /// The data is complete here; what follows may be another member.
    case complete
    case damaged
  }
  var consumed: Int
  var produced: Int
  var state: State
}

enum Decompression {
  static let all: [any Decompressor.Type] = [GzipDecompressor.self, ZstdDecompressor.self, XZDecompressor.self]

  static let longestSignature = all.map { $0.signature.count }.max() ?? 0

  /// The decompressor for data that begins like this, if it is compressed.
  static func type(for beginning: UnsafeRawBufferPointer) -> (any Decompressor.Type)? {
    all.first { beginning.starts(with: $0.signature) }
  }
}

/// RFC 1952, any number of members.
final class GzipDecompressor: Decompressor {
  static let name = "gzip"
  static let signature: [UInt8] = [0x1F, 0x8B, 0x08]

  // zlib keeps the address of its stream, so the stream must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  /// 15: the largest window; 16 more: a gzip wrapper is expected.
  private static let windowBits: Int32 = 15 + 16

  init?() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, GzipDecompressor.windowBits, ZLIB_VERSION, size) == Z_OK else { return nil }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func step(
    _ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableRawBufferPointer
  ) -> DecompressionStep {
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(truncatingIfNeeded: input.count)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(truncatingIfNeeded: output.count)
    let result = inflate(stream, Z_NO_FLUSH)
    let consumed = input.count - Int(stream.pointee.avail_in)
    let produced = output.count - Int(stream.pointee.avail_out)
    switch result {
    case Z_STREAM_END:
      let isReset = inflateReset(stream) == Z_OK
      return DecompressionStep(consumed: consumed, produced: produced, state: isReset ? .complete : .damaged)
    case Z_OK, Z_BUF_ERROR: return DecompressionStep(consumed: consumed, produced: produced, state: .running)
    default: return DecompressionStep(consumed: consumed, produced: produced, state: .damaged)
    }
  }
}

/// RFC 8878, any number of frames.
final class ZstdDecompressor: Decompressor {
  static let name = "zstd"
  static let signature: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

  private let stream: OpaquePointer

  init?() {
    guard let stream = ZSTD_createDStream() else { return nil }
    self.stream = stream
    guard ZSTD_isError(ZSTD_initDStream(stream)) == 0 else { return nil }
  }

  deinit { ZSTD_freeDStream(stream) }

  func step(
    _ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableRawBufferPointer
  ) -> DecompressionStep {
    var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let result = ZSTD_decompressStream(stream, &target, &source)
    let state: DecompressionStep.State =
      ZSTD_isError(result) != 0 ? .damaged : (result == 0 ? .complete : .running)
    return DecompressionStep(consumed: source.pos, produced: target.pos, state: state)
  }
}

/// The .xz format, any number of streams.
final class XZDecompressor: Decompressor {
  static let name = "xz"
  static let signature: [UInt8] = [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]

  // liblzma keeps its state behind the stream; it must not be copied while in use.
  private let stream: UnsafeMutablePointer<lzma_stream>
  /// The most memory that a file may ask for: enough for the strongest setting of the xz tool.
  private static let memoryLimit: UInt64 = 128 << 20

  init?() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: lzma_stream())
    guard lzma_stream_decoder(stream, XZDecompressor.memoryLimit, 0) == LZMA_OK else { return nil }
  }

  deinit {
    lzma_end(stream)
    stream.deallocate()
  }

  func step(
    _ input: UnsafeRawBufferPointer, isLast: Bool, into output: UnsafeMutableRawBufferPointer
  ) -> DecompressionStep {
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = input.count
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = output.count
    let result = lzma_code(stream, isLast ? LZMA_FINISH : LZMA_RUN)
    let consumed = input.count - stream.pointee.avail_in
    let produced = output.count - stream.pointee.avail_out
    switch result {
    case LZMA_STREAM_END:
      let isReset = lzma_stream_decoder(stream, XZDecompressor.memoryLimit, 0) == LZMA_OK
      return DecompressionStep(consumed: consumed, produced: produced, state: isReset ? .complete : .damaged)
    case LZMA_OK, LZMA_BUF_ERROR: return DecompressionStep(consumed: consumed, produced: produced, state: .running)
    default: return DecompressionStep(consumed: consumed, produced: produced, state: .damaged)
    }
  }
}
