/// A line of text with values between its words: `CONNECT <speed:int>`.
public struct LineTemplate: Sendable {
  /// What stands before, between and behind the values; one more than there are values.
  public let words: [[UInt8]]

  public init(words: [[UInt8]]) { self.words = words }

  /// Where the values stand in a line of this form, without blanks around them.
  public func values(in line: Span<UInt8>) -> [Range<Int>]? {
    guard let first = words.first, Self.find(first, in: line, from: 0, anchored: true) != nil else { return nil }
    var ranges: [Range<Int>] = []
    var at = first.count
    for (index, word) in words.enumerated().dropFirst() {
      let isLast = index == words.count - 1
      let stop: Int?
      if isLast {
        stop = Self.find(word, in: line, from: line.count - word.count, anchored: true)
      } else {
        stop = Self.find(word, in: line, from: at + 1, anchored: false)
      }
      guard let stop, stop > at else { return nil }
      ranges.append(Self.trimmed(at..<stop, line))
      at = stop + word.count
    }
    return at == line.count ? ranges : nil
  }

  private static func trimmed(_ range: Range<Int>, _ line: Span<UInt8>) -> Range<Int> {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high, line[low] == 0x20 { low += 1 }
    while high > low, line[high - 1] == 0x20 { high -= 1 }
    return low..<high
  }

  private static func find(_ word: [UInt8], in line: Span<UInt8>, from start: Int, anchored: Bool) -> Int? {
    var at = start
    while at >= 0, at + word.count <= line.count {
      var index = 0
      while index < word.count, NameIndex.fold(line[at + index]) == NameIndex.fold(word[index]) { index += 1 }
      if index == word.count { return at }
      if anchored { return nil }
      at += 1
    }
    return nil
  }
}
