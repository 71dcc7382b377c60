/// Finds the place in the file of a byte inside a scalar: through quotes, escapes and folded lines.
///
/// Only used when there is something to report, so the file is simply read again up to there.
struct ScalarPlace {
  private let bytes: [UInt8]
  private var at: Int
  private var line: Int
  private var column: Int

  /// The place of `offset` (in bytes of the scalar's text) of the scalar that begins at `mark`.
  static func find(_ offset: Int, in bytes: [UInt8], from mark: FileMark) -> FileMark {
    var place = ScalarPlace(bytes, mark)
    place.advance(by: offset)
    return FileMark(file: mark.file, line: place.line, column: place.column)
  }

  /// The place of a byte of the file.
  static func find(byte: Int, in bytes: [UInt8], file: String) -> FileMark {
    var place = ScalarPlace(bytes, FileMark(file: file, line: 1, column: 1))
    while place.at < min(byte, bytes.count) { place.step() }
    return FileMark(file: file, line: place.line, column: place.column)
  }

  private init(_ bytes: [UInt8], _ mark: FileMark) {
    self.bytes = bytes
    at = 0
    line = 1
    column = 1
    // A byte order mark is no character.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    while at < bytes.count, line < mark.line || line == mark.line && column < mark.column { step() }
  }

  private var byte: UInt8? { at < bytes.count ? bytes[at] : nil }

  /// Over one character.
  private mutating func step() {
    guard let first = byte else { return }
    at += 1
    if first == 0x0A || first == 0x0D {
      if first == 0x0D, byte == 0x0A { at += 1 }
      line += 1
      column = 1
      return
    }
    while let next = byte, next & 0xC0 == 0x80 { at += 1 }
    column += 1
  }

  private mutating func advance(by offset: Int) {
    switch byte {
    case 0x22:
      step()
      advanceFlow(offset, quote: 0x22)
    case 0x27:
      step()
      advanceFlow(offset, quote: 0x27)
    case 0x7C, 0x3E: advanceBlock(offset)
    default: advanceFlow(offset, quote: 0)
    }
  }

  private mutating func advanceFlow(_ offset: Int, quote: UInt8) {
    var left = offset
    while left > 0, let next = byte {
      if next == 0x20 || next == 0x09 || next == 0x0A || next == 0x0D {
        left -= skipBlanks(left)
      } else if quote == 0x27, next == 0x27 {
        step()
        step()
        left -= 1
      } else if quote == 0x22, next == 0x5C {
        left -= escape()
      } else {
        let before = at
        step()
        left -= at - before
      }
    }
  }

  /// Blanks stand for themselves, unless a line ends there: then all of them are one blank, or the empty lines.
  private mutating func skipBlanks(_ left: Int) -> Int {
    var ahead = self
    var breaks = 0
    var count = 0
    while let next = ahead.byte, next == 0x20 || next == 0x09 || next == 0x0A || next == 0x0D {
      if next == 0x0A || next == 0x0D { breaks += 1 }
      ahead.step()
      count += 1
    }
    if breaks > 0 {
      self = ahead
      return max(1, breaks - 1)
    }
    let steps = min(left, count)
    for _ in 0..<steps { step() }
    return steps
  }

  /// Over an escape of a double-quoted text; how many bytes it makes.
  private mutating func escape() -> Int {
    step()
    let kind = byte
    step()
    let digits: Int
    switch kind {
    case 0x78: digits = 2
    case 0x75: digits = 4
    case 0x55: digits = 8
    case 0x0A, 0x0D:
      while byte == 0x20 || byte == 0x09 { step() }
      return 0
    case 0x4E, 0x5F: return 2
    case 0x4C, 0x50: return 3
    default: return 1
    }
    var value: UInt32 = 0
    for _ in 0..<digits {
      if let next = byte, let digit = Character(UnicodeScalar(next)).hexDigitValue {
        value = value &* 16 &+ UInt32(digit)
        step()
      }
    }
    return Unicode.Scalar(value).map { UTF8.width($0) } ?? 1
  }

  /// `|` and `>`: the text begins on the next line, behind its indentation.
  private mutating func advanceBlock(_ offset: Int) {
    endLine()
    var left = offset
    var indentation = 0
    var ahead = self
    while let next = ahead.byte, next == 0x20 || next == 0x0A || next == 0x0D {
      indentation = next == 0x20 ? indentation + 1 : 0
      ahead.step()
    }
    while byte != nil {
      for _ in 0..<indentation where byte == 0x20 { step() }
      while left > 0, let next = byte, next != 0x0A, next != 0x0D {
        let before = at
        step()
        left -= at - before
      }
      if left <= 0 { return }
      left -= 1
      endLine()
    }
  }

  private mutating func endLine() {
    let start = line
    while byte != nil, line == start { step() }
  }
}
