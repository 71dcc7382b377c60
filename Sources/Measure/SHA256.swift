import CCrypto

/// SHA-256 (FIPS 180-4) over bytes that come in pieces.
public struct SHA256: Sendable {
  private var context = SHA256_CTX()

  public init() { SHA256_Init(&context) }

  public mutating func update(_ bytes: Span<UInt8>) {
    bytes.withUnsafeBufferPointer { buffer in
      _ = SHA256_Update(&context, buffer.baseAddress, buffer.count)
    }
  }

  /// The digest in hexadecimal.
  public func hexDigest() -> String {
    var copy = context
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    SHA256_Final(&digest, &copy)
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
