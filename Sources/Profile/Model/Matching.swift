import Trace

/// Why a value, or a whole line, does not fit what the document states.
public struct Mismatch: Hashable, Sendable {
  public enum Reason: UInt8, Hashable, Sendable {
    case missing
    case tooMany
    /// A value of the pattern itself is another one.
    case literal
    case notInteger
    case notQuoted
    case quoted
    case unterminated
    case range
    case length
    case charset
    case value
    case address
    case empty
    case odd
    /// A test command reports another range than the document.
    case reportedRange
  }
  public var reason: Reason
  /// The index of the value.
  public var position: Int

  public init(_ reason: Reason, at position: Int) {
    self.reason = reason
    self.position = position
  }
}

extension Signature {
  /// The first thing wrong with these values, or `nil`. `text` is the arena that the fields point into.
  public func mismatch(_ fields: Span<Field>, text: Span<UInt8>) -> Mismatch? {
    var count = fields.count
    if count == 1, fields[0].kind == .empty, parameters.isEmpty { count = 0 }
    let shared = parameters.last?.base == .rest ? min(count, parameters.count) : count
    var index = 0
    while index < shared {
      guard let parameter = parameter(at: index) else { return Mismatch(.tooMany, at: index) }
      if let reason = parameter.mismatch(fields[index], text: text, optional: index >= required) {
        return Mismatch(reason, at: index)
      }
      index += 1
    }
    if shared < required { return Mismatch(.missing, at: shared) }
    if !allows(count: shared) { return Mismatch(.missing, at: shared) }
    return nil
  }

  /// What else is wrong with single values, where the first mistake is one of a single value too.
  public func others(behind first: Mismatch, _ fields: Span<Field>, text: Span<UInt8>) -> [Mismatch] {
    guard first.reason != .missing, first.reason != .tooMany, parameters.last?.base != .rest else { return [] }
    var found: [Mismatch] = []
    var index = first.position + 1
    while index < fields.count, let parameter = parameter(at: index) {
      if let reason = parameter.mismatch(fields[index], text: text, optional: index >= required) {
        found.append(Mismatch(reason, at: index))
      }
      index += 1
    }
    return found
  }

  /// How many literals at the beginning agree, and whether any does not: what chooses between lines of one prefix.
  public func literalsMatched(_ fields: Span<Field>, text: Span<UInt8>) -> (count: Int, contradicts: Bool) {
    var matched = 0
    for index in parameters.indices where index < fields.count {
      switch parameters[index].base {
      case .literalNumber, .literalText:
        if parameters[index].mismatch(fields[index], text: text, optional: false) != nil { return (matched, true) }
        matched += 1
      default: break
      }
    }
    return (matched, false)
  }
}

extension Parameter {
  /// What is wrong with this value, or `nil`.
  public func mismatch(_ field: Field, text: Span<UInt8>, optional: Bool) -> Mismatch.Reason? {
    if field.kind == .unterminated, base != .rest { return .unterminated }
    switch base {
    case .literalNumber(let number): return field.kind == .integer && field.number == number ? nil : .literal
    case .literalText(let literal): return Bytes.equal(field.text, of: text, literal) ? nil : .literal
    case .any: return nil
    case .rest: return restMismatch(field, text: text)
    default: break
    }
    if field.kind == .empty { return optional || blank ? nil : .empty }
    switch base {
    case .int, .limit: return integerMismatch(field)
    case .ranges: return rangesMismatch(field, text: text)
    default: return textMismatch(field, text: text)
    }
  }

  /// The rest of a line, as one value.
  private func restMismatch(_ field: Field, text: Span<UInt8>) -> Mismatch.Reason? {
    let count = Int(field.text.count)
    if quotes == .required, field.kind != .quoted, field.kind != .unterminated {
      let start = Int(field.text.start)
      guard count > 0, start >= 0, start < text.count, text[start] == 0x22 else { return .notQuoted }
    }
    if count == 0 && blank { return nil }
    if let length, !length.contains(count) { return .length }
    return traits.isEmpty || field.traits.contains(traits) ? nil : .charset
  }

  private func integerMismatch(_ field: Field) -> Mismatch.Reason? {
    switch field.kind {
    case .integer: if quotes == .required { return .notQuoted }
    case .quoted:
      // A number in quotes is let pass only where the document prints it so.
      guard quotes != .forbidden, field.traits.contains(.digits), field.text.count > 0 else { return .notInteger }
    default: return .notInteger
    }
    guard !ranges.isEmpty else { return nil }
    return ranges.contains { $0.contains(field.number) } ? nil : .range
  }

  private func rangesMismatch(_ field: Field, text: Span<UInt8>) -> Mismatch.Reason? {
    guard let reported = ReportedRange(field, text: text) else { return .notInteger }
    if !ranges.isEmpty {
      guard reported.texts.isEmpty else { return .notInteger }
      return reported.numbers == ReportedRange.merged(ranges) ? nil : .reportedRange
    }
    // A bare number is a length or a value, not a range, unless parentheses say so.
    if field.kind == .integer { return .notInteger }
    return nil
  }

  private func textMismatch(_ field: Field, text: Span<UInt8>) -> Mismatch.Reason? {
    switch quotes {
    case .required: if field.kind != .quoted { return .notQuoted }
    case .forbidden: if field.kind == .quoted { return .quoted }
    case .optional: break
    }
    let count = Int(field.text.count)
    if count == 0 && blank { return nil }
    if let length, !length.contains(count) { return .length }
    if !traits.isEmpty, !field.traits.contains(traits) { return .charset }
    if even, count % 2 != 0 { return .odd }
    if !values.isEmpty, !values.contains(where: { Bytes.equal(field.text, of: text, $0) }) { return .value }
    switch base {
    case .ip: return Address.isIPv4(field.text, of: text) ? nil : .address
    case .host:
      let fits = length == nil ? Address.isHost(field.text, of: text) : Address.isLocation(field.text, of: text)
      return fits ? nil : .address
    case .mailbox: return Address.isMailbox(field.text, of: text) ? nil : .address
    default: return nil
    }
  }
}

/// Comparisons of text in an arena, without making a String.
public enum Bytes {
  /// Without regard to case.
  public static func equal(_ slice: Slice, of text: Span<UInt8>, _ literal: String) -> Bool {
    let range = slice.range
    guard range.upperBound <= text.count, range.count == literal.utf8.count else { return false }
    var index = range.lowerBound
    for byte in literal.utf8 {
      if NameIndex.fold(text[index]) != NameIndex.fold(byte) { return false }
      index += 1
    }
    return true
  }
}
