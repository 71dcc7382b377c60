import Trace

/// What a test command reports for a parameter: numbers (`(0-2)`, `(0,1,5-7)`, `1-1460`) and texts (`("GSM","UCS2")`).
public struct ReportedRange: Sendable {
  public static let limit = 256

  /// Sorted, merged.
  public private(set) var numbers: [ClosedRange<Int64>] = []
  /// Hashes of the texts.
  public private(set) var texts: [UInt64] = []

  /// `nil` when the field is no such list.
  public init?(_ field: Field, text: Span<UInt8>) {
    if field.kind == .integer {
      numbers = [field.number...field.number]
      return
    }
    var range = field.text.range
    guard range.upperBound <= text.count else { return nil }
    if field.kind == .quoted {
      texts = [field.hash]
      return
    }
    if let first = range.first, text[first] == 0x28 {
      guard let last = range.last, last > first, text[last] == 0x29 else { return nil }
      range = (first + 1)..<last
    }
    var scanner = Scanner(text: text, at: range.lowerBound, end: range.upperBound)
    var found: [ClosedRange<Int64>] = []
    while true {
      guard found.count + texts.count < Self.limit else { return nil }
      switch scanner.item(text) {
      case .number(let low, let high): found.append(low...high)
      case .text(let hash): texts.append(hash)
      case .wrong: return nil
      }
      if scanner.at >= scanner.end { break }
      guard text[scanner.at] == 0x2C else { return nil }
      scanner.at += 1
    }
    numbers = Self.merged(found)
  }

  public func contains(_ field: Field) -> Bool? {
    switch field.kind {
    case .integer: return numbers.isEmpty ? nil : numbers.contains { $0.contains(field.number) }
    case .quoted, .bare: return texts.isEmpty ? nil : texts.contains(field.hash)
    default: return nil
    }
  }

  public static func merged(_ ranges: [ClosedRange<Int64>]) -> [ClosedRange<Int64>] {
    var result: [ClosedRange<Int64>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, last.upperBound == .max || range.lowerBound <= last.upperBound + 1 {
        result[result.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }

  private struct Scanner {
    enum Item {
      case number(Int64, Int64)
      case text(UInt64)
      case wrong
    }
    var at: Int
    let end: Int

    init(text: Span<UInt8>, at: Int, end: Int) {
      self.at = at
      self.end = end
    }

    mutating func item(_ text: Span<UInt8>) -> Item {
      skipBlanks(text)
      guard at < end else { return .wrong }
      if text[at] == 0x22 {
        at += 1
        var hash = TextHash.seed
        while at < end, text[at] != 0x22 {
          hash = TextHash.step(hash, text[at])
          at += 1
        }
        guard at < end else { return .wrong }
        at += 1
        skipBlanks(text)
        return .text(hash)
      }
      guard let low = number(text) else { return .wrong }
      skipBlanks(text)
      guard at < end, text[at] == 0x2D else { return .number(low, low) }
      at += 1
      skipBlanks(text)
      guard let high = number(text), high >= low else { return .wrong }
      skipBlanks(text)
      return .number(low, high)
    }

    private mutating func skipBlanks(_ text: Span<UInt8>) { while at < end, text[at] == 0x20 { at += 1 } }

    private mutating func number(_ text: Span<UInt8>) -> Int64? {
      var value: Int64 = 0
      var digits = 0
      let negative = at < end && text[at] == 0x2D
      if negative { at += 1 }
      while at < end, text[at] >= 0x30, text[at] <= 0x39, digits < 18 {
        value = value * 10 + Int64(text[at] - 0x30)
        digits += 1
        at += 1
      }
      return digits > 0 ? (negative ? -value : value) : nil
    }
  }
}
