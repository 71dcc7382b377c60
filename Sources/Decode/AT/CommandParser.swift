import Profile
import Trace

/// One command of a command line, as the decoder remembers it.
struct ParsedCommand {
  var subject: Int32 = -1
  var form: Form = .exec
  /// Where the command (name and values) stands in `EventBatch.text`.
  var text: Slice = .none
  var name: Slice = .none
  var fields: Slice = .none
}

/// Splits the body of a command line into its commands (V.250 5.3 to 5.4).
///
/// Basic commands follow each other without a separator, extended ones are separated by `;`, `D` takes the rest of the
/// line up to `;`, blanks outside quotes carry no meaning, and letters have no case.
struct CommandParser {
  private var at: Int
  private let end: Int
  private let book: Book

  init(body: Range<Int>, book: Book) {
    at = body.lowerBound
    end = body.upperBound
    self.book = book
  }

  /// The next command, or `nil` at the end of the line.
  mutating func next(in batch: inout EventBatch) -> ParsedCommand? {
    while at < end, batch.text[at] == 0x20 || batch.text[at] == 0x3B { at += 1 }
    guard at < end else { return nil }
    let sign = batch.text[at]
    switch sign {
    case 0x2B, 0x5E, 0x23, 0x24, 0x2A, 0x25, 0x21, 0x40, 0x2D, 0x5F: return extended(in: &batch)
    default: return basic(in: &batch)
    }
  }

  // MARK: Extended

  private mutating func extended(in batch: inout EventBatch) -> ParsedCommand {
    let start = at
    at += 1
    while at < end, Self.isNameByte(batch.text[at]) { at += 1 }
    return finishCommand(start: start, nameEnd: at, in: &batch)
  }

  /// `=?`, `?`, `=…` or nothing behind a name, up to `;` outside quotes.
  private mutating func finishCommand(start: Int, nameEnd: Int, in batch: inout EventBatch) -> ParsedCommand {
    var command = ParsedCommand()
    command.name = Slice(start: start, count: nameEnd - start)
    command.subject = Int32(truncatingIfNeeded: find(start..<nameEnd, in: batch))
    skipBlanks(in: batch)
    if at < end, batch.text[at] == 0x3F {
      command.form = .read
      at += 1
      skipToSeparator(in: batch)
    } else if at < end, batch.text[at] == 0x3D {
      at += 1
      skipBlanks(in: batch)
      if at < end, batch.text[at] == 0x3F, isEndOfCommand(after: at, in: batch) {
        command.form = .test
        at += 1
        skipToSeparator(in: batch)
      } else {
        command.form = .write
        let valueStart = at
        skipToSeparator(in: batch)
        command.fields = FieldParser.parse(valueStart..<at, in: &batch)
      }
    } else if at < end, batch.text[at] != 0x3B {
      // Something that no grammar has: shown as a value, so that rules can name it.
      let valueStart = at
      skipToSeparator(in: batch)
      command.fields = FieldParser.parse(valueStart..<at, in: &batch)
    }
    var stop = at
    while stop > nameEnd, batch.text[stop - 1] == 0x20 { stop -= 1 }
    command.text = Slice(start: start, count: stop - start)
    return command
  }

  private func isEndOfCommand(after index: Int, in batch: borrowing EventBatch) -> Bool {
    var next = index + 1
    while next < end, batch.text[next] == 0x20 { next += 1 }
    return next >= end || batch.text[next] == 0x3B
  }

  // MARK: Basic

  private mutating func basic(in batch: inout EventBatch) -> ParsedCommand {
    let start = at
    if batch.text[at] == 0x26 || batch.text[at] == 0x5C { at += 1 }
    guard at < end, Self.isLetter(batch.text[at]) else {
      // No command begins like this; the rest of the line is one unknown command.
      skipToSeparator(in: batch)
      return ParsedCommand(
        subject: -1, form: .exec, text: Slice(start: start, count: at - start),
        name: Slice(start: start, count: at - start))
    }
    let letter = NameLetter.upper(batch.text[at])
    at += 1
    if letter == 0x44, at - start == 1 { return dial(start: start, in: &batch) }
    if letter == 0x53, at - start == 1 {
      while at < end, Self.isDigit(batch.text[at]) { at += 1 }
      return register(start: start, nameEnd: at, in: &batch)
    }
    let nameEnd = at
    if at < end, batch.text[at] == 0x3D || batch.text[at] == 0x3F {
      return finishCommand(start: start, nameEnd: nameEnd, in: &batch)
    }
    var command = ParsedCommand()
    command.name = Slice(start: start, count: nameEnd - start)
    command.subject = Int32(truncatingIfNeeded: find(start..<nameEnd, in: batch))
    skipBlanks(in: batch)
    let numberStart = at
    while at < end, Self.isDigit(batch.text[at]) { at += 1 }
    if at > numberStart {
      command.form = .write
      command.fields = FieldParser.parse(numberStart..<at, in: &batch)
    }
    command.text = Slice(start: start, count: at - start)
    return command
  }

  /// `S0=3` or `S0?`: the value is a number, and the next command follows it at once (V.250 5.3.2).
  private mutating func register(start: Int, nameEnd: Int, in batch: inout EventBatch) -> ParsedCommand {
    var command = ParsedCommand()
    command.name = Slice(start: start, count: nameEnd - start)
    command.subject = Int32(truncatingIfNeeded: find(start..<nameEnd, in: batch))
    if at < end, batch.text[at] == 0x3F {
      command.form = .read
      at += 1
    } else if at < end, batch.text[at] == 0x3D {
      at += 1
      if at < end, batch.text[at] == 0x3F {
        command.form = .test
        at += 1
      } else {
        command.form = .write
        let valueStart = at
        while at < end, Self.isDigit(batch.text[at]) { at += 1 }
        command.fields = FieldParser.parse(valueStart..<at, in: &batch)
      }
    }
    command.text = Slice(start: start, count: at - start)
    return command
  }

  private mutating func dial(start: Int, in batch: inout EventBatch) -> ParsedCommand {
    var command = ParsedCommand()
    command.name = Slice(start: start, count: 1)
    command.subject = Int32(truncatingIfNeeded: find(start..<start + 1, in: batch))
    let valueStart = at
    while at < end, batch.text[at] != 0x3B { at += 1 }
    if at < end { at += 1 }  // `;` is part of the dial string: a voice call
    if at > valueStart {
      command.form = .write
      let first = batch.fields.count
      batch.fields.append(FieldParser.describe(valueStart..<at, in: batch))
      command.fields = Slice(start: first, count: 1)
    }
    command.text = Slice(start: start, count: at - start)
    return command
  }

  // MARK: Scanning

  private func find(_ range: Range<Int>, in batch: borrowing EventBatch) -> Int {
    book.command(batch.text.span.extracting(range))
  }

  private mutating func skipBlanks(in batch: borrowing EventBatch) {
    while at < end, batch.text[at] == 0x20 { at += 1 }
  }

  private mutating func skipToSeparator(in batch: borrowing EventBatch) {
    var inQuotes = false
    while at < end {
      let byte = batch.text[at]
      if byte == 0x22 { inQuotes.toggle() } else if byte == 0x3B, !inQuotes { return }
      at += 1
    }
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == 0x5F || byte == 0x2D || byte == 0x2E || byte == 0x2F || byte == 0x21
      || byte == 0x25
  }
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }
  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}

enum NameLetter {
  static func upper(_ byte: UInt8) -> UInt8 { byte >= 0x61 && byte <= 0x7A ? byte & 0xDF : byte }
  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(upper(byte))
  }
}
