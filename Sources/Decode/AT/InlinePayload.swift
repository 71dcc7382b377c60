import Profile
import Trace

/// Lines whose values are followed by payload in the same line: `^IPDATA: 1,4,` and four bytes of anything.
extension Channel {
  /// Where the piece of a line ends that may be followed by payload: behind a separator of values.
  func endOfInlineHead(_ bytes: Span<UInt8>, from at: Int, to stop: Int) -> Int {
    guard book.hasInlinePayload else { return stop }
    let first = modemLine.isEmpty ? bytes[at] : modemLine.bytes.first ?? 0
    guard Self.isSign(first) else { return stop }
    var index = at
    while index < stop {
      if bytes[index] == 0x2C || bytes[index] == 0x20 { return index + 1 }
      index += 1
    }
    return stop
  }

  private static func isSign(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x2B, 0x5E, 0x23, 0x24, 0x2A, 0x25, 0x26: true
    default: false
    }
  }

  /// Begins the payload when the line so far is the whole head of one; `false`: it is not, or not yet.
  mutating func beginsInlinePayload(_ separator: UInt8, _ out: inout EventBatch) -> Bool {
    guard book.hasInlinePayload, separator == 0x2C || separator == 0x20, !inferred || phase == nil else { return false }
    let bytes = modemLine.bytes
    let prefix = LinePrefix(bytes.span)
    guard prefix.hasColon, prefix.nameEnd < bytes.count, bytes.count == modemLine.length else { return false }
    guard let spec = inlineLine(bytes.span.extracting(0..<prefix.nameEnd), separator) else { return false }
    // As many values as the line has: the separators among them are commas.
    var commas = 0
    var values = 0
    for index in prefix.valueStart..<bytes.count - 1 {
      if bytes[index] == 0x2C { commas += 1 }
      if bytes[index] > 0x20 { values += 1 }
    }
    guard values > 0, commas == spec.signature.parameters.count - 1 else { return false }
    // `1, 5 Hello`: the blank behind the comma is not the one before the payload.
    guard separator == 0x2C || Self.isDigit(bytes[bytes.count - 2]) else { return false }
    // `1, 5, Hello`: where a blank stands behind the other commas, that before the payload is none of it.
    let spaced = separator == 0x2C && Self.hasSpacedComma(bytes.span.extracting(prefix.valueStart..<bytes.count - 1))
    modemLine.truncate(to: bytes.count - 1)
    let before = phase == nil
    readAnswer(&out)
    modemLine.removeAll()
    // The line may have been another's, or its number none.
    guard before, phase != nil else { return true }
    self.before = .both
    skipsBlank = spaced
    isInline = true
    return true
  }

  /// The first byte behind the data of a line: a LF whose CR was counted among them shows that they are one short.
  mutating func checkInlineEnd(_ byte: UInt8, _ out: inout EventBatch) {
    isInline = false
    guard byte == 0x0A, !lossy, !inferred, let current = phase, current.state == .closing, current.tail.last == 0x0D
    else { return }
    endPhase(.short, difference: 1, &out)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  private static func hasSpacedComma(_ values: Span<UInt8>) -> Bool {
    var index = 1
    while index < values.count {
      if values[index] == 0x20, values[index - 1] == 0x2C { return true }
      index += 1
    }
    return false
  }

  private func inlineLine(_ name: Span<UInt8>, _ separator: UInt8) -> LineSpec? {
    var next = book.unsolicited(name)
    while next >= 0 {
      if book.unsolicited[next].inlineAfter == separator { return book.unsolicited[next] }
      next = book.next(ofUnsolicited: next)
    }
    for transaction in open where !transaction.answered {
      for command in transaction.commands where command.subject >= 0 {
        guard let form = book.commands[Int(command.subject)].form(command.form) else { continue }
        for spec in form.gives where spec.inlineAfter == separator && Self.equal(spec.prefix, name) { return spec }
      }
    }
    return nil
  }
}
