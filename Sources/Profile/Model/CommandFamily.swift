/// Commands that differ in one number of their names and share everything else: `#BODY<i:int 1..3>`.
public struct CommandFamily: Sendable {
  /// What stands before and behind the number.
  public let head: [UInt8]
  public let tail: [UInt8]
  /// How the document calls the number.
  public let parameter: String
  public let numbers: [ClosedRange<Int64>]
  public let source: Source

  public init(
    head: [UInt8], tail: [UInt8], parameter: String, numbers: [ClosedRange<Int64>],
    source: Source = Source(document: -1, section: "")
  ) {
    self.head = head
    self.tail = tail
    self.parameter = parameter
    self.numbers = numbers
    self.source = source
  }

  /// So many digits are a number of a family.
  private static let digits = 6

  /// The number that a name of this family has, whether the family goes that far or not.
  public func number(in name: Span<UInt8>) -> Int64? {
    let count = name.count - head.count - tail.count
    guard count > 0, count <= Self.digits else { return nil }
    for index in head.indices where NameIndex.fold(name[index]) != NameIndex.fold(head[index]) { return nil }
    let behind = head.count + count
    for index in tail.indices where NameIndex.fold(name[behind + index]) != NameIndex.fold(tail[index]) { return nil }
    var value: Int64 = 0
    for index in head.count..<behind {
      guard name[index] >= 0x30, name[index] <= 0x39 else { return nil }
      value = value * 10 + Int64(name[index] - 0x30)
    }
    return value
  }

  static func isLetter(_ byte: UInt8) -> Bool { NameIndex.fold(byte) >= 0x41 && NameIndex.fold(byte) <= 0x5A }

  func name(_ number: Int64) -> String {
    String(decoding: head + Array(String(number).utf8) + tail, as: UTF8.self)
  }
}
