import Profile
import Trace

/// Recognises final results (V.250 5.7.1 table 1, 27.007 9.2, 27.005 3.2.5) in verbose and numeric form.
enum ResultCodes {
  struct Found {
    var final: Final
    /// The number of a CME or CMS error, or -1.
    var number: Int64 = -1
    /// Where the text behind `+CME ERROR:` or `CONNECT` begins, from the start of the line.
    var detail = 0
  }

  /// `line` has no terminator.
  static func verbose(_ line: Span<UInt8>, book: Book) -> Found? {
    guard line.count >= 2 else { return nil }
    switch line[0] {
    case 0x4F: if equal(line, "OK") { return Found(final: .ok) }
    case 0x45: if equal(line, "ERROR") { return Found(final: .error) }
    case 0x43:
      if equal(line, "CONNECT") { return Found(final: .connect, detail: 7) }
      if starts(line, "CONNECT "), line.count > 8, line[8] >= 0x30, line[8] <= 0x39 {
        return Found(final: .connect, detail: 8)
      }
    case 0x4E:
      if equal(line, "NO CARRIER") { return Found(final: .noCarrier) }
      if equal(line, "NO DIALTONE") || equal(line, "NO DIAL TONE") { return Found(final: .noDialtone) }
      if equal(line, "NO ANSWER") { return Found(final: .noAnswer) }
    case 0x42: if equal(line, "BUSY") { return Found(final: .busy) }
    case 0x2B:
      if starts(line, "+CME ERROR") { return extendedError(line, .cme) }
      if starts(line, "+CMS ERROR") { return extendedError(line, .cms) }
    default: break
    }
    for special in book.finals {
      guard let at = special.end(in: line) else { continue }
      let code = special.takesNumber ? number(line, from: at) ?? -1 : -1
      return Found(final: special.success ? .otherSuccess : .otherFailure, number: code, detail: at)
    }
    return nil
  }

  /// What a number stands for: a result of the profile's own, one of V.250, or a code of an own result.
  static func numeric(_ line: Span<UInt8>, book: Book) -> Found? {
    let value = book.finals.isEmpty ? nil : number(line, from: 0)
    if let value, let own = book.finals.first(where: { $0.number == value }) {
      return Found(final: own.success ? .otherSuccess : .otherFailure, number: -1)
    }
    if let found = numeric(line) { return found }
    guard line.count > 2, let value else { return nil }
    for special in book.finals where special.table >= 0 {
      guard book.meaning(table: special.table, code: value) != nil else { continue }
      return Found(final: special.success ? .otherSuccess : .otherFailure, number: value)
    }
    return nil
  }

  /// The numeric form; only the numbers of V.250 and the CONNECT numbers vendors add (10 and above).
  static func numeric(_ line: Span<UInt8>) -> Found? {
    guard line.count == 1 || line.count == 2, let value = number(line, from: 0) else { return nil }
    switch value {
    case 0: return Found(final: .ok)
    case 1: return Found(final: .connect)
    case 3: return Found(final: .noCarrier)
    case 4: return Found(final: .error)
    case 6: return Found(final: .noDialtone)
    case 7: return Found(final: .busy)
    case 8: return Found(final: .noAnswer)
    case 10...99: return Found(final: .connect)
    default: return nil
    }
  }

  private static func extendedError(_ line: Span<UInt8>, _ final: Final) -> Found? {
    var at = 10
    while at < line.count, line[at] == 0x20 { at += 1 }
    guard at < line.count, line[at] == 0x3A else { return nil }
    at += 1
    while at < line.count, line[at] == 0x20 { at += 1 }
    return Found(final: final, number: number(line, from: at) ?? -1, detail: at)
  }

  private static func number(_ line: Span<UInt8>, from start: Int) -> Int64? {
    guard start < line.count, line.count - start <= 9 else { return nil }
    var value: Int64 = 0
    for index in start..<line.count {
      guard line[index] >= 0x30, line[index] <= 0x39 else { return nil }
      value = value * 10 + Int64(line[index] - 0x30)
    }
    return value
  }

  static func equal(_ line: Span<UInt8>, _ text: StaticString) -> Bool {
    line.count == text.utf8CodeUnitCount && starts(line, text)
  }

  static func starts(_ line: Span<UInt8>, _ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard line.count >= count else { return false }
    return text.withUTF8Buffer { literal in
      for index in 0..<count where line[index] != literal[index] { return false }
      return true
    }
  }

  static func ends(_ line: Span<UInt8>, _ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    return line.count > count && starts(line.extracting(last: count), text)
  }

}
