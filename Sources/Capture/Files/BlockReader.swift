/// Reads a file, pipe or standard input block by block, in constant memory; compressed files come out plain.
///
/// Of damaged or truncated compressed data, what could be read comes first; the error follows it.
public final class BlockReader {
  public static let blockSize = 65_536
  /// How often a decompressor may neither take nor give anything before its data counts as broken.
  private static let idleLimit = 2

  public let path: String
  /// How many bytes of the file were read, before decompression.
  public private(set) var position = 0

  private let file: FileBytes
  private var decompressor: (any Decompressor)?
  private var name = ""
  /// The bytes of the file that were read but not handed on or decompressed: `input[inputStart..<inputEnd]`.
  private var input = [UInt8](repeating: 0, count: BlockReader.blockSize)
  private var inputStart = 0
  private var inputEnd = 0
  private var output: [UInt8] = []
  private var isAtEnd = false
  private var isMemberComplete = false
  private var failure: CaptureError?

  /// Opens a file; `-` is standard input.
  public init(path: String) throws(CaptureError) {
    self.path = path
    file = try FileBytes(path: path)
    // A pipe may give the signature in parts.
    while inputEnd < Decompression.longestSignature, !isAtEnd { try readInput() }
    let type = input.withUnsafeBytes { Decompression.type(for: UnsafeRawBufferPointer(rebasing: $0[..<inputEnd])) }
    if let type {
      decompressor = type.init()
      name = type.name
      guard decompressor != nil else { throw CaptureError(path, "no memory to decompress \(name) data") }
      output = [UInt8](repeating: 0, count: BlockReader.blockSize)
    }
  }

  /// Hands the next block to `take`; `false` when there is none.
  public func next(_ take: (Span<UInt8>) -> Void) throws(CaptureError) -> Bool {
    if let failure { throw failure }
    do throws(CaptureError) {
      guard let decompressor else { return try nextPlain(take) }
      return try nextDecompressed(decompressor, take)
    } catch {
      failure = error
      throw error
    }
  }

  /// Whether more could be read within `milliseconds`, or is at hand.
  func isReady(within milliseconds: Int32) -> Bool {
    inputStart < inputEnd || isAtEnd || file.isReady(within: milliseconds)
  }

  private func nextPlain(_ take: (Span<UInt8>) -> Void) throws(CaptureError) -> Bool {
    if inputStart == inputEnd { try readInput() }
    guard inputStart < inputEnd else { return false }
    input.withUnsafeBufferPointer { take(UnsafeBufferPointer(rebasing: $0[inputStart..<inputEnd]).span) }
    inputStart = inputEnd
    return true
  }

  private func nextDecompressed(
    _ decompressor: any Decompressor, _ take: (Span<UInt8>) -> Void
  ) throws(CaptureError) -> Bool {
    var produced = 0
    var idleSteps = 0
    while produced < output.count {
      if inputStart == inputEnd, !isAtEnd { try readInput() }
      if isMemberComplete, skipPadding() { continue }
      if isMemberComplete, inputStart == inputEnd { break }
      let step = input.withUnsafeBytes { source in
        output.withUnsafeMutableBytes { target in
          decompressor.step(
            UnsafeRawBufferPointer(rebasing: source[inputStart..<inputEnd]), isLast: isAtEnd,
            into: UnsafeMutableRawBufferPointer(rebasing: target[produced...]))
        }
      }
      inputStart += step.consumed
      produced += step.produced
      isMemberComplete = step.state == .complete
      if step.state == .damaged {
        failure = damage("is damaged near")
        break
      }
      idleSteps = step.consumed == 0 && step.produced == 0 && step.state == .running ? idleSteps + 1 : 0
      if idleSteps > BlockReader.idleLimit {
        failure = damage(inputStart == inputEnd ? "is truncated at" : "is damaged near")
        break
      }
    }
    if produced > 0 {
      output.withUnsafeBufferPointer { take(UnsafeBufferPointer(rebasing: $0[..<produced]).span) }
      return true
    }
    if let failure { throw failure }
    return false
  }

  /// Zeros after a member are padding (tape blocks, xz stream padding).
  private func skipPadding() -> Bool {
    guard inputStart < inputEnd, input[inputStart] == 0 else { return false }
    while inputStart < inputEnd, input[inputStart] == 0 { inputStart += 1 }
    return true
  }

  private func damage(_ what: String) -> CaptureError {
    let byte = position - (inputEnd - inputStart)
    return CaptureError(path, "\(name) data \(what) byte \(byte); what came before it was read, fetch the file again")
  }

  private func readInput() throws(CaptureError) {
    if inputStart == inputEnd {
      inputStart = 0
      inputEnd = 0
    }
    let start = inputEnd
    let count = try readFile(from: start)
    if count == 0 { isAtEnd = true }
    inputEnd += count
    position += count
  }

  private func readFile(from start: Int) throws(CaptureError) -> Int {
    let result = input.withUnsafeMutableBytes { target in
      Result { () throws(CaptureError) in
        try file.read(into: UnsafeMutableRawBufferPointer(rebasing: target[start...]))
      }
    }
    return try result.get()
  }
}
