import Profile
import Trace

/// Splits values at commas outside quotes and parentheses, and notes of each what rules ask of it.
enum FieldParser {
  /// Appends the values in `range` of `batch.text` to `batch.fields`. Blanks around values carry no meaning.
  /// Nothing at all gives no field; more than `Limits.fields` values are not split further.
  static func parse(_ range: Range<Int>, in batch: inout EventBatch) -> Slice {
    let first = batch.fields.count
    var at = range.lowerBound
    while at < range.upperBound, batch.text[at] == 0x20 { at += 1 }
    guard at < range.upperBound else { return Slice(start: first, count: 0) }
    while true {
      let last = batch.fields.count - first + 1 >= Limits.fields
      at = value(from: at, to: range.upperBound, last: last, in: &batch)
      if at >= range.upperBound { break }
      at += 1  // the comma
      if at == range.upperBound {
        batch.fields.append(Field(kind: .empty, text: Slice(start: at, count: 0)))
        break
      }
    }
    return Slice(start: first, count: batch.fields.count - first)
  }

  /// Reads one value and returns the index of the comma behind it, or the end.
  private static func value(from start: Int, to end: Int, last: Bool, in batch: inout EventBatch) -> Int {
    var begin = start
    while begin < end, batch.text[begin] == 0x20 { begin += 1 }
    guard begin < end else {
      batch.fields.append(Field(kind: .empty, text: Slice(start: begin, count: 0)))
      return end
    }
    if batch.text[begin] == 0x22, !last {
      if let next = quoted(from: begin, to: end, in: &batch) { return next }
    }
    var depth = 0
    var inQuotes = false
    var at = begin
    while at < end {
      let byte = batch.text[at]
      if byte == 0x22 {
        inQuotes.toggle()
      } else if !inQuotes {
        if byte == 0x28 {
          depth += 1
        } else if byte == 0x29 {
          depth -= 1
        } else if byte == 0x2C, depth <= 0, !last {
          break
        }
      }
      at += 1
    }
    if inQuotes && batch.text[begin] != 0x22 {
      // A quote inside an unquoted value is no string; the next comma ends it.
      at = begin
      while at < end, last || batch.text[at] != 0x2C { at += 1 }
    }
    var stop = at
    while stop > begin, batch.text[stop - 1] == 0x20 { stop -= 1 }
    appendBare(begin..<stop, in: &batch)
    return at
  }

  /// A string in quotes; `nil` when something else than a comma follows its closing quote.
  private static func quoted(from begin: Int, to end: Int, in batch: inout EventBatch) -> Int? {
    var close = begin + 1
    while close < end, batch.text[close] != 0x22 { close += 1 }
    guard close < end else {
      var field = describe(begin + 1..<end, in: batch)
      field.kind = .unterminated
      batch.fields.append(field)
      return end
    }
    var next = close + 1
    while next < end, batch.text[next] == 0x20 { next += 1 }
    guard next == end || batch.text[next] == 0x2C else { return nil }
    var field = describe(begin + 1..<close, in: batch)
    field.kind = .quoted
    batch.fields.append(field)
    return next
  }

  private static func appendBare(_ range: Range<Int>, in batch: inout EventBatch) {
    guard let first = range.first else {
      batch.fields.append(Field(kind: .empty, text: Slice(start: range.lowerBound, count: 0)))
      return
    }
    var field = describe(range, in: batch)
    if batch.text[first] == 0x28 {
      field.kind = .list
    } else if field.traits.contains(.digits), range.count <= Limits.digits {
      field.kind = .integer
    } else if batch.text[first] == 0x2D, range.count > 1, range.count <= Limits.digits,
      range.dropFirst().allSatisfy({ batch.text[$0] >= 0x30 && batch.text[$0] <= 0x39 })
    {
      field.kind = .integer
      field.number = 0
      for index in range.dropFirst() { field.number = field.number * 10 - Int64(batch.text[index] - 0x30) }
    }
    batch.fields.append(field)
  }

  /// One value without quotes: a number where it is one.
  static func value(_ range: Range<Int>, in batch: borrowing EventBatch) -> Field {
    var field = describe(range, in: batch)
    if field.traits.contains(.digits), !range.isEmpty, range.count <= Limits.digits { field.kind = .integer }
    return field
  }

  /// One pass over the text: hash, traits and the number it may be.
  static func describe(_ range: Range<Int>, in batch: borrowing EventBatch) -> Field {
    var hash = TextHash.seed
    var missing: UInt8 = 0
    var number: Int64 = 0
    let text = batch.text.span
    for index in range {
      let byte = text[index]
      hash = TextHash.step(hash, byte)
      missing |= CharacterTraits.missing(byte)
      number = number &* 10 &+ Int64(byte & 15)
    }
    let traits = Field.Traits(rawValue: ~missing & Field.Traits.all.rawValue)
    let isNumber = traits.contains(.digits) && !range.isEmpty && range.count <= Limits.digits
    return Field(
      kind: .bare, traits: traits, number: isNumber ? number : 0, hash: hash,
      text: Slice(start: range.lowerBound, count: range.count))
  }
}

/// Which traits a byte does not have.
enum CharacterTraits {
  static func missing(_ byte: UInt8) -> UInt8 {
    switch byte {
    case 0x30...0x39: return 0
    case 0x41...0x46, 0x61...0x66: return Field.Traits.digits.rawValue
    case 0x47...0x5A, 0x67...0x7A: return Field.Traits([.digits, .hex]).rawValue
    case 0x20: return Field.Traits([.digits, .hex, .graphic, .alphanumeric]).rawValue
    case 0x21...0x7E: return Field.Traits([.digits, .hex, .alphanumeric]).rawValue
    case 0x00...0x7F: return Field.Traits([.digits, .hex, .alphanumeric, .graphic, .printable]).rawValue
    default: return Field.Traits.all.rawValue
    }
  }
}
