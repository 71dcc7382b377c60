import Trace

/// Reads a type: a base, then its limits and modifiers, in any order.
struct TypeParser {
  let types: [String: String]
  let codeTables: [String]

  static let bases = ["int", "str", "word", "host", "ip", "mailbox", "ranges", "limit", "rest", "any"]
  static let modifiers = [
    "bare", "quoted", "ascii", "printable", "graphic", "alphanumeric", "digits", "hex", "even", "blank", "secret",
    "user", "phone", "identity", "body", "means",
  ]

  private struct Draft {
    var base: Parameter.Base?
    var ranges: [ClosedRange<Int64>] = []
    var values: [String] = []
    var length: ClosedRange<Int>?
    var traits: Field.Traits = []
    var bare = false
    var quoted = false
    var even = false
    var blank = false
    var mask = Parameter.Mask.none
    var meaning = -1
    var defaultValue = Value.unknown
  }

  func parameter(name: String, type: String, at offset: Int) throws(LanguageError) -> Parameter {
    var draft = Draft()
    try read(type, at: offset, into: &draft, depth: 0)
    guard let base = draft.base else { throw LanguageError(offset, "<\(name)> has no type", help: "write <\(name):int>") }
    let quotes: Parameter.Quotes =
      switch base {
      case .int, .limit: draft.quoted ? .required : draft.bare ? .optional : .forbidden
      case .word: draft.bare ? .optional : .forbidden
      case .string, .host, .ip, .mailbox: draft.bare ? .optional : .required
      default: .optional
      }
    return Parameter(
      name: name, base: base, ranges: draft.ranges, values: draft.values, length: draft.length, traits: draft.traits,
      quotes: quotes, even: draft.even, blank: draft.blank, mask: draft.mask, meaning: draft.meaning,
      defaultValue: draft.defaultValue, pattern: type)
  }

  private func read(_ text: String, at offset: Int, into draft: inout Draft, depth: Int) throws(LanguageError) {
    var scanner = TextScanner(text)
    scanner.skipBlanks()
    while !scanner.isAtEnd {
      let start = scanner.at
      if scanner.take("=") {
        scanner.skipBlanks()
        draft.defaultValue = try defaultValue(&scanner, offset)
      } else if scanner.peek == 0x22 {
        repeat { draft.values.append(try quotedText(&scanner, offset)) } while scanner.take("|")
      } else if let byte = scanner.peek, byte >= 0x30 && byte <= 0x39 || byte == 0x2E || byte == 0x2D {
        try limits(&scanner, offset, &draft)
      } else {
        let word = scanner.name()
        guard !word.isEmpty else {
          throw LanguageError(offset + start, "'\(Diagnostic.shown(String(decoding: scanner.bytes[start...].prefix(1), as: UTF8.self)))' in a type", help: "see the list of types and modifiers")
        }
        try take(word, at: offset + start, &scanner, offset, &draft, depth)
      }
      scanner.skipBlanks()
    }
  }

  private func take(
    _ word: String, at position: Int, _ scanner: inout TextScanner, _ offset: Int, _ draft: inout Draft, _ depth: Int
  ) throws(LanguageError) {
    if draft.base == .word, scanner.peek == 0x7C || (!Self.modifiers.contains(word) && types[word] == nil) {
      draft.values.append(word)
      while scanner.take("|") { draft.values.append(scanner.while_ { $0 != 0x7C && $0 != 0x20 }) }
      return
    }
    switch word {
    case "int": draft.base = .int
    case "str": draft.base = .string
    case "word": draft.base = .word
    case "host": draft.base = .host
    case "ip": draft.base = .ip
    case "mailbox": draft.base = .mailbox
    case "ranges": draft.base = .ranges
    case "rest": draft.base = .rest
    case "any": draft.base = .any
    case "limit":
      scanner.skipBlanks()
      let name = scanner.name()
      guard !name.isEmpty else {
        throw LanguageError(position, "limit of which parameter?", help: "write `limit subject`")
      }
      draft.base = .limit(of: name)
    case "bare": draft.bare = true
    case "quoted": draft.quoted = true
    case "ascii": draft.traits.insert(.ascii)
    case "printable": draft.traits.insert(.printable)
    case "graphic": draft.traits.insert(.graphic)
    case "alphanumeric": draft.traits.insert(.alphanumeric)
    case "digits": draft.traits.insert(.digits)
    case "hex": draft.traits.insert(.hex)
    case "even": draft.even = true
    case "blank": draft.blank = true
    case "secret": draft.mask = .secret
    case "user": draft.mask = .user
    case "phone": draft.mask = .phone
    case "identity": draft.mask = .identity
    case "body": draft.mask = .body
    case "means":
      scanner.skipBlanks()
      let name = scanner.name()
      guard let index = codeTables.firstIndex(of: name) else {
        throw LanguageError(
          position, "there is no table of codes '\(name)'", help: Self.suggestion(name, codeTables, "declare it under errors:"))
      }
      draft.meaning = index
    default:
      guard depth < 8, let type = types[word] else {
        throw LanguageError(
          position, "'\(Diagnostic.shown(word))' is no type",
          help: Self.suggestion(word, Self.bases + Self.modifiers + types.keys.sorted(), "types: \(Self.bases.joined(separator: ", "))"))
      }
      try read(type, at: offset, into: &draft, depth: depth + 1)
    }
  }

  static func suggestion(_ word: String, _ words: [String], _ otherwise: String) -> String {
    Diagnostic.nearest(to: word, among: words).map { "did you mean '\($0)'?" } ?? otherwise
  }

  private func quotedText(_ scanner: inout TextScanner, _ offset: Int) throws(LanguageError) -> String {
    let start = scanner.at
    guard scanner.take("\"") else { throw LanguageError(offset + start, "a value in quotes is expected") }
    let text = scanner.while_ { $0 != 0x22 }
    guard scanner.take("\"") else { throw LanguageError(offset + start, "this quote is not closed") }
    return text
  }

  /// `0..3|5|10..`: numbers of an int or of ranges, the length of everything else.
  private func limits(_ scanner: inout TextScanner, _ offset: Int, _ draft: inout Draft) throws(LanguageError) {
    let start = scanner.at
    var ranges: [ClosedRange<Int64>] = []
    repeat {
      let low = scanner.number()
      if scanner.take("..") {
        let high = scanner.number()
        let range = (low ?? .min, high ?? .max)
        guard range.0 <= range.1 else { throw LanguageError(offset + start, "an empty range", help: "write the smaller number first") }
        ranges.append(range.0...range.1)
      } else if let low {
        ranges.append(low...low)
      } else {
        throw LanguageError(offset + start, "a range is expected", help: "write 1..5, ..5, 1.. or 0|1")
      }
    } while scanner.take("|")
    switch draft.base {
    case .int, .ranges, .limit: draft.ranges += ranges
    case nil: throw LanguageError(offset + start, "a range before its type", help: "write `int 1..5`")
    default:
      guard ranges.count == 1, let range = ranges.first else {
        throw LanguageError(offset + start, "a length is one range", help: "write `str 1..20`")
      }
      let low = Int(clamping: max(0, range.lowerBound))
      draft.length = low...Int(clamping: max(Int64(low), range.upperBound))
    }
  }

  private func defaultValue(_ scanner: inout TextScanner, _ offset: Int) throws(LanguageError) -> Value {
    if let number = scanner.number() { return .number(number) }
    if scanner.peek == 0x22 {
      return .text(hash: TextHash.of(try quotedText(&scanner, offset).utf8))
    }
    let word = scanner.while_ { $0 > 0x20 }
    guard !word.isEmpty else { throw LanguageError(offset + scanner.at, "a default is expected", help: "write `= 25`") }
    return .text(hash: TextHash.of(word.utf8))
  }
}
