import Trace

/// What a type says, before it belongs to a parameter.
struct TypeDraft {
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
  var defaultAt = 0
  var defaultText = ""

  /// Stands for a named type that is itself wrong: the mistake is reported where it is defined.
  static var broken: TypeDraft {
    var draft = TypeDraft()
    draft.base = .any
    draft.bare = true
    return draft
  }

  var quotes: Parameter.Quotes {
    switch base {
    case .int, .limit: quoted ? .required : bare ? .optional : .forbidden
    case .word: bare ? .optional : .forbidden
    case .rest: quoted ? .required : .optional
    case .string, .host, .ip, .mailbox: bare ? .optional : .required
    default: .optional
    }
  }
}

/// Reads a type: a base, then its limits and modifiers, in any order.
struct TypeParser {
  /// The named types, read.
  var named: [String: TypeDraft] = [:]
  /// Names of the code tables, by their index.
  var codeTables: [String: Int] = [:]

  static let bases = ["int", "str", "word", "host", "ip", "mailbox", "ranges", "limit", "rest", "any"]
  static let modifiers = [
    "bare", "quoted", "ascii", "printable", "graphic", "alphanumeric", "digits", "hex", "even", "blank", "secret",
    "user", "phone", "identity", "body", "means",
  ]

  /// The type that stands in `scanner` up to its end; places are counted in the scanner's text.
  func draft(_ scanner: inout TextScanner) throws(LanguageError) -> TypeDraft {
    var draft = TypeDraft()
    let start = scanner.at
    scanner.skipBlanks()
    while !scanner.isAtEnd {
      let at = scanner.at
      if scanner.take("=") {
        scanner.skipBlanks()
        try readDefault(&scanner, &draft)
      } else if scanner.peek == 0x22 {
        try readValues(&scanner, &draft)
      } else if let byte = scanner.peek, TextScanner.isDigit(byte) || byte == 0x2E || byte == 0x2D {
        try readLimits(&scanner, &draft)
      } else if draft.base == .word, isValue(scanner) {
        try readValues(&scanner, &draft)
      } else {
        let word = scanner.name()
        guard !word.isEmpty else {
          throw LanguageError(
            at, "'\(Diagnostic.shown(scanner.character))' in a type",
            help: "types are written like `int 0..3`, `str 1..20 ascii`")
        }
        try readWord(word, at, &scanner, &draft)
      }
      if let byte = scanner.peek, byte != 0x20 && byte != 0x3D && byte != 0x0A {
        throw LanguageError(
          scanner.at, "'\(Diagnostic.shown(scanner.character))' in a type",
          help: "put a blank between the parts of a type; a range is written 0..3, a choice 0|1")
      }
      scanner.skipBlanks()
    }
    guard draft.base != nil else {
      throw LanguageError(start, "a type without a base", help: "bases: \(Self.bases.joined(separator: ", "))")
    }
    try checkDefault(draft)
    return draft
  }

  func parameter(name: String, _ draft: TypeDraft, pattern: String) -> Parameter {
    Parameter(
      name: name, base: draft.base ?? .any, ranges: draft.ranges, values: draft.values, length: draft.length,
      traits: draft.traits, quotes: draft.quotes, even: draft.even, blank: draft.blank, mask: draft.mask,
      meaning: draft.meaning, defaultValue: draft.defaultValue, pattern: pattern)
  }

  // MARK: Words

  private func readWord(
    _ word: String, _ at: Int, _ scanner: inout TextScanner, _ draft: inout TypeDraft
  ) throws(LanguageError) {
    if let base = Self.base(word) { return try setBase(base, at, &draft) }
    switch word {
    case "limit":
      scanner.skipBlanks()
      let name = scanner.name()
      guard !name.isEmpty else {
        throw LanguageError(
          scanner.at, "limit of which parameter?", help: "name one of the write form: `limit subject`")
      }
      try setBase(.limit(of: name), at, &draft)
    case "bare": draft.bare = true
    case "quoted": draft.quoted = true
    case "even": draft.even = true
    case "blank": draft.blank = true
    case "secret": draft.mask = .secret
    case "user": draft.mask = .user
    case "phone": draft.mask = .phone
    case "identity": draft.mask = .identity
    case "body": draft.mask = .body
    case "means":
      scanner.skipBlanks()
      let place = scanner.at
      let name = scanner.name()
      guard let index = codeTables[name] else {
        throw LanguageError(
          place,
          name.isEmpty ? "means which table of codes?" : "there is no table of codes '\(Diagnostic.shown(name))'",
          help: Spelling.suggestion(name, codeTables.keys.sorted(), "declare it under errors:"))
      }
      draft.meaning = index
    default:
      if let traits = Self.traits(word) {
        draft.traits.insert(traits)
        return
      }
      guard let type = named[word] else {
        throw LanguageError(
          at, "'\(Diagnostic.shown(word))' is no type and no modifier",
          help: Spelling.suggestion(
            word, Self.bases + Self.modifiers + named.keys.sorted(), "bases: \(Self.bases.joined(separator: ", "))"))
      }
      guard draft.base == nil else { throw Self.secondBase(at) }
      // What stood before the name stays.
      var merged = type
      merged.bare = merged.bare || draft.bare
      merged.quoted = merged.quoted || draft.quoted
      merged.even = merged.even || draft.even
      merged.blank = merged.blank || draft.blank
      merged.traits.formUnion(draft.traits)
      if draft.mask != .none { merged.mask = draft.mask }
      if draft.meaning >= 0 { merged.meaning = draft.meaning }
      draft = merged
    }
  }

  private func setBase(_ base: Parameter.Base, _ at: Int, _ draft: inout TypeDraft) throws(LanguageError) {
    guard draft.base == nil else { throw Self.secondBase(at) }
    draft.base = base
  }

  private static func secondBase(_ at: Int) -> LanguageError {
    LanguageError(
      at, "a second base in one type", help: "a type has one base; `bare` lets the quotes of a str be missing")
  }

  private static func base(_ word: String) -> Parameter.Base? {
    switch word {
    case "int": .int
    case "str": .string
    case "word": .word
    case "host": .host
    case "ip": .ip
    case "mailbox": .mailbox
    case "ranges": .ranges
    case "rest": .rest
    case "any": .any
    default: nil
    }
  }

  /// The charset of this name.
  static func traits(_ word: String) -> Field.Traits? {
    switch word {
    case "ascii": .ascii
    case "printable": .printable
    case "graphic": .graphic
    case "alphanumeric": .alphanumeric
    case "digits": .digits
    case "hex": .hex
    default: nil
    }
  }
}

// MARK: - Limits, values and defaults

extension TypeParser {
  /// Behind `word`, everything that is no modifier and no type is one of its values; so is what stands beside a `|`.
  private func isValue(_ scanner: TextScanner) -> Bool {
    var ahead = scanner
    let text = ahead.prefix { $0 > 0x20 && $0 != 0x7C }
    if ahead.peek == 0x7C { return true }
    return !text.isEmpty && !Self.modifiers.contains(text) && named[text] == nil && !Self.bases.contains(text)
  }

  private func readValues(_ scanner: inout TextScanner, _ draft: inout TypeDraft) throws(LanguageError) {
    let start = scanner.at
    switch draft.base {
    case .string, .word, .any: break
    case nil: throw LanguageError(start, "values before their type", help: "write `str \"IP\"|\"PPP\"`")
    default: throw LanguageError(start, "only str and word take a list of texts", help: "write `str \"IP\"|\"PPP\"`")
    }
    repeat {
      if scanner.peek == 0x22 {
        draft.values.append(try readQuoted(&scanner))
      } else {
        let text = scanner.prefix { $0 > 0x20 && $0 != 0x7C }
        guard !text.isEmpty else {
          throw LanguageError(scanner.at, "a value is expected behind |", help: "write word A|B or str \"A\"|\"B\"")
        }
        draft.values.append(text)
      }
    } while scanner.take("|")
  }

  private func readQuoted(_ scanner: inout TextScanner) throws(LanguageError) -> String {
    let start = scanner.at
    scanner.at += 1
    let text = scanner.prefix { $0 != 0x22 }
    guard scanner.take("\"") else { throw LanguageError(start, "this quote is not closed", help: "write \"text\"") }
    return text
  }

  /// `0..3|5|10..`: numbers of an int or of ranges, the length of everything else.
  private func readLimits(_ scanner: inout TextScanner, _ draft: inout TypeDraft) throws(LanguageError) {
    let start = scanner.at
    var ranges: [ClosedRange<Int64>] = []
    repeat {
      let at = scanner.at
      let low = scanner.number()
      if scanner.take("..") {
        let high = scanner.number()
        guard low != nil || high != nil else {
          throw LanguageError(at, "a range without an end", help: "write 1..5, ..5 or 1..")
        }
        let (from, to) = (low ?? .min, high ?? .max)
        guard from <= to else {
          throw LanguageError(at, "an empty range", help: "write the smaller number first: \(to)..\(from)")
        }
        ranges.append(from...to)
      } else if let low {
        ranges.append(low...low)
      } else {
        throw LanguageError(at, "a range is expected", help: "write 1..5, ..5, 1.. or 0|1")
      }
    } while scanner.take("|")
    switch draft.base {
    case .int, .ranges, .limit: draft.ranges += ranges
    case nil: throw LanguageError(start, "a range before its type", help: "write `int 1..5`")
    case .any: throw LanguageError(start, "`any` has no limits", help: "write `str 1..20` or `rest 1..20`")
    default:
      guard ranges.count == 1, draft.length == nil, let range = ranges.first else {
        throw LanguageError(start, "a length is one range", help: "write `str 1..20`")
      }
      guard range.upperBound >= 0 else { throw LanguageError(start, "a length below zero", help: "write `str 1..20`") }
      draft.length = Int(clamping: max(0, range.lowerBound))...Int(clamping: range.upperBound)
    }
  }

  private func readDefault(_ scanner: inout TextScanner, _ draft: inout TypeDraft) throws(LanguageError) {
    draft.defaultAt = scanner.at
    if scanner.peek == 0x22 {
      draft.defaultText = try readQuoted(&scanner)
      draft.defaultValue = .text(hash: TextHash.of(draft.defaultText.utf8))
      return
    }
    let word = scanner.prefix { $0 > 0x20 }
    guard !word.isEmpty else { throw LanguageError(scanner.at, "a default is expected", help: "write `= 25`") }
    draft.defaultText = word
    draft.defaultValue = Int64(word).map { .number($0) } ?? .text(hash: TextHash.of(word.utf8))
  }

  private func checkDefault(_ draft: TypeDraft) throws(LanguageError) {
    guard draft.defaultValue.isKnown else { return }
    switch draft.base {
    case .int, .limit:
      guard draft.defaultValue.tag == .number else {
        throw LanguageError(draft.defaultAt, "the default of an int is a number", help: "write `= 25`")
      }
      if !draft.ranges.isEmpty, !draft.ranges.contains(where: { $0.contains(draft.defaultValue.bits) }) {
        throw LanguageError(
          draft.defaultAt, "the default \(draft.defaultValue.bits) lies outside the range",
          help: "correct the default or the range")
      }
    case .string, .word:
      let values = draft.values.map { $0.lowercased() }
      if !values.isEmpty, !values.contains(draft.defaultText.lowercased()) {
        throw LanguageError(
          draft.defaultAt, "the default '\(Diagnostic.shown(draft.defaultText))' is none of the values",
          help: "values: \(draft.values.joined(separator: ", "))")
      }
    default: break
    }
  }
}
