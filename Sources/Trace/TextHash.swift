/// The hash by which texts are compared (FNV-1a, 64 bits).
public enum TextHash {
  public static let seed: UInt64 = 0xcbf2_9ce4_8422_2325
  @inlinable public static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x100_0000_01b3
  }
  public static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var hash = seed
    for byte in bytes { hash = step(hash, byte) }
    return hash
  }
}
