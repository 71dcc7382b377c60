import Trace

/// Reads the shapes of lines: `+NAME: 2,<a:int>`, a free text, `<text:rest>`.
struct LineParser {
  /// One shape.
  struct Line {
    var prefix: [UInt8]
    var isText: Bool
    var signature: Signature
    /// Words with values between them.
    var template: LineTemplate?
    /// The values of the names that stand in the prefix.
    var constants: [(name: String, value: Int64)] = []
  }

  /// So many lines may come of the values that stand before the colon.
  static let variantLimit = 32

  let signatures: SignatureParser

  /// Usually one; a name before the colon (`+NAME <cid:int 1..3>: GONE`) makes one line for each of its values.
  func lines(_ text: String) throws(LanguageError) -> [Line] {
    let bytes = Array(text.utf8)
    guard bytes.contains(where: { $0 != 0x20 }) else {
      throw LanguageError(0, "an empty line", help: "write the line as the modem prints it")
    }
    let open = bytes.firstIndex(of: 0x3C)
    if let template = try template(bytes) { return [template] }
    if open == 0 { return [Line(prefix: [], isText: false, signature: try signatures.signature(text))] }
    let limit = open ?? bytes.count
    if let colon = bytes[..<limit].firstIndex(of: 0x3A), open != nil || Self.isSign(bytes[0]) {
      let prefix = Self.trimmed(bytes[..<colon])
      guard !prefix.isEmpty else {
        throw LanguageError(colon, "nothing before the colon", help: "write `+NAME: <value:int>`")
      }
      return [Line(prefix: prefix, isText: false, signature: try signatures.signature(text, from: colon + 1))]
    }
    guard let open else { return [Line(prefix: Self.trimmed(bytes[...]), isText: true, signature: .none)] }
    return try variants(text, bytes, open)
  }

  /// `CONNECT <speed:int>`: values between words; nil for what is written otherwise.
  private func template(_ bytes: [UInt8]) throws(LanguageError) -> Line? {
    guard let first = bytes.first, !Self.isSign(first), let open = bytes.firstIndex(of: 0x3C),
      !bytes[..<open].contains(0x3A)
    else { return nil }
    var words: [[UInt8]] = [[]]
    var values: [[UInt8]] = []
    var quoted = false
    var at = 0
    while at < bytes.count {
      if bytes[at] == 0x3C {
        var value: [UInt8] = []
        repeat {
          if bytes[at] == 0x22 { quoted.toggle() }
          value.append(bytes[at])
          at += 1
        } while at < bytes.count && (quoted || bytes[at - 1] != 0x3E)
        values.append(value)
        words.append([])
      } else {
        words[words.count - 1].append(bytes[at])
        at += 1
      }
    }
    // Values alone, with commas, brackets and literals between them, are a signature; one before a colon is a variant.
    let isVariant = words.count > 1 && !words[0].isEmpty && words[1].first { $0 != 0x20 } == 0x3A
    let hasWords = words.contains { $0.contains { CommandFamily.isLetter($0) } && !$0.contains(0x22) }
    guard hasWords, !isVariant else { return nil }
    let signature = try signatures.signature(
      values.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ","))
    return Line(prefix: [], isText: false, signature: signature, template: LineTemplate(words: words))
  }

  private func variants(_ text: String, _ bytes: [UInt8], _ open: Int) throws(LanguageError) -> [Line] {
    let wanted =
      "write `+NAME: <value:int>`, `<text:rest>`, or a number of few values in the prefix: `+NAME <cid:int 1..3>: …`"
    guard let close = bytes[open...].firstIndex(of: 0x3E), let colon = bytes[close...].firstIndex(of: 0x3A),
      !bytes[close...colon].contains(0x3C)
    else { throw LanguageError(open, "a value without a prefix before it", help: wanted) }
    let inner = String(decoding: bytes[open...close], as: UTF8.self)
    let named: Signature
    do throws(LanguageError) { named = try signatures.signature(inner) } catch { throw error.moved(by: open) }
    var numbers: [Int64] = []
    for range in named.parameters.first?.ranges ?? [] {
      guard range.lowerBound >= 0, range.upperBound &- range.lowerBound < Int64(Self.variantLimit),
        range.upperBound < .max
      else { throw LanguageError(open, "too many values in a prefix", help: wanted) }
      numbers += range
    }
    guard let parameter = named.parameters.first, parameter.base == .int, !numbers.isEmpty,
      numbers.count <= Self.variantLimit
    else { throw LanguageError(open, "a value in the prefix that is no number of few values", help: wanted) }
    let signature = try signatures.signature(text, from: colon + 1)
    return numbers.map { number in
      let prefix = Array(bytes[..<open]) + Array(String(number).utf8) + Array(bytes[(close + 1)..<colon])
      return Line(
        prefix: Self.trimmed(prefix[...]), isText: false, signature: signature, constants: [(parameter.name, number)])
    }
  }

  /// Characters that names of extended commands begin with.
  static func isSign(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x2B, 0x5E, 0x23, 0x24, 0x2A, 0x25, 0x26, 0x5C: true
    default: false
    }
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var slice = bytes
    while slice.first == 0x20 { slice.removeFirst() }
    while slice.last == 0x20 { slice.removeLast() }
    return Array(slice)
  }

  /// The pattern as a manual would print it: names without types.
  static func plain(_ pattern: String) -> String {
    var result: [UInt8] = []
    var inName = false
    var inType = false
    var quoted = false
    for byte in pattern.utf8 {
      if inType {
        if byte == 0x22 { quoted.toggle() }
        if byte != 0x3E || quoted { continue }
        inType = false
        inName = false
      } else if byte == 0x3C {
        inName = true
      } else if byte == 0x3A, inName {
        inType = true
        quoted = false
        continue
      }
      result.append(byte)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
