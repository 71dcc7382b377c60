/// Texts by the hash of what is printed of them, each kept once; in a session most are said again and again.
struct TextTable: Sendable {
  /// So many different ones are kept.
  static let limit = 20_000

  private var numbers: [UInt64: Int32] = [:]
  private var texts: [String] = []

  /// The number of a text; -1 where there is no more room.
  mutating func number(of hash: UInt64, _ make: () -> String) -> Int32 {
    if let known = numbers[hash] { return known }
    guard texts.count < Self.limit else { return -1 }
    let number = Int32(texts.count)
    numbers[hash] = number
    texts.append(make())
    return number
  }

  subscript(_ number: Int32) -> String? {
    texts.indices.contains(Int(number)) ? texts[Int(number)] : nil
  }
}
