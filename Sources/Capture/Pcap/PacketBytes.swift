/// The bytes of a packet, or a part of them, looked at in place. Valid only during the call that hands them over.
///
/// Every access is checked: what lies beyond the end reads as 0, and who needs to know asks for `count` first.
struct PacketBytes: Sequence {
  private let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  static var none: PacketBytes { PacketBytes(UnsafeRawBufferPointer(start: nil, count: 0)) }

  var count: Int { bytes.count }
  var isEmpty: Bool { bytes.isEmpty }
  /// For appending; not to be kept.
  var raw: UnsafeRawBufferPointer { bytes }

  func makeIterator() -> UnsafeRawBufferPointer.Iterator { bytes.makeIterator() }

  @inline(__always)
  subscript(_ at: Int) -> UInt8 { at >= 0 && at < bytes.count ? bytes[at] : 0 }

  /// From a place on; nothing where it lies behind the end.
  @inline(__always)
  func from(_ at: Int) -> PacketBytes { piece(at, bytes.count) }

  /// At most so many bytes from a place on.
  @inline(__always)
  func piece(_ at: Int, _ length: Int) -> PacketBytes {
    let start = Swift.min(Swift.max(0, at), bytes.count)
    let end = start + Swift.min(Swift.max(0, length), bytes.count - start)
    return PacketBytes(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
  }

  @inline(__always)
  private func load<Number: FixedWidthInteger>(_ at: Int, _: Number.Type) -> Number {
    let size = MemoryLayout<Number>.size
    guard at >= 0, bytes.count >= size, at <= bytes.count - size else { return 0 }
    return bytes.loadUnaligned(fromByteOffset: at, as: Number.self)
  }

  @inline(__always)
  func number16(_ at: Int, big: Bool) -> Int {
    let value = load(at, UInt16.self)
    return Int(big ? UInt16(bigEndian: value) : UInt16(littleEndian: value))
  }

  @inline(__always)
  func number32(_ at: Int, big: Bool) -> UInt32 {
    let value = load(at, UInt32.self)
    return big ? UInt32(bigEndian: value) : UInt32(littleEndian: value)
  }

  @inline(__always)
  func number64(_ at: Int, big: Bool) -> UInt64 {
    let value = load(at, UInt64.self)
    return big ? UInt64(bigEndian: value) : UInt64(littleEndian: value)
  }

  func starts(with text: StaticString) -> Bool {
    guard count >= text.utf8CodeUnitCount else { return false }
    for index in 0..<text.utf8CodeUnitCount where self[index] != text.utf8Start[index] { return false }
    return true
  }
}

/// Numbers as captures are written: little-endian, and big-endian within packets.
enum Octets {
  static func little16(_ value: Int) -> [UInt8] { [0, 8].map { UInt8(truncatingIfNeeded: value >> $0) } }
  static func little32(_ value: UInt32) -> [UInt8] { [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) } }
  static func big16(_ value: Int) -> [UInt8] { little16(value).reversed() }
  static func big32(_ value: UInt32) -> [UInt8] { little32(value).reversed() }
}
