import Trace

/// Reads signatures (`<a:int>[,<b:str>]...`) and lines (`+NAME: 2,<a:int>`).
struct SignatureParser {
  let types: TypeParser

  static let parameterLimit = 128

  struct Line {
    var prefix: [UInt8]
    var isText: Bool
    var signature: Signature
  }

  /// A line: a prefix with values, a free text, or `<text:rest>`.
  func line(_ text: String) throws(LanguageError) -> Line {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty else { throw LanguageError(0, "an empty line", help: "write the line as the modem prints it") }
    let firstValue = bytes.firstIndex(of: 0x3C)
    if firstValue == 0 {
      return Line(prefix: [], isText: false, signature: try signature(text))
    }
    // The prefix ends at the colon before the first value (or at the only colon of a line of literals).
    let limit = firstValue ?? bytes.count
    guard let colon = bytes[..<limit].firstIndex(of: 0x3A), bytes.first.map(Self.isSign) == true || firstValue != nil else {
      guard firstValue == nil else {
        throw LanguageError(firstValue ?? 0, "a value without a prefix before it", help: "write `+NAME: <value:int>` or `<text:rest>`")
      }
      return Line(prefix: bytes, isText: true, signature: .none)
    }
    var prefix = Array(bytes[..<colon])
    while prefix.last == 0x20 { prefix.removeLast() }
    let rest = String(decoding: bytes[(colon + 1)...], as: UTF8.self)
    do throws(LanguageError) {
      return Line(prefix: prefix, isText: false, signature: try signature(rest))
    } catch {
      throw LanguageError(error.at + colon + 1, error.message, help: error.help)
    }
  }

  private static func isSign(_ byte: UInt8) -> Bool { [0x2B, 0x5E, 0x23, 0x24, 0x2A, 0x25, 0x26].contains(byte) }

  func signature(_ text: String) throws(LanguageError) -> Signature {
    var scanner = TextScanner(text)
    var parameters: [Parameter] = []
    var required: Int?
    var stops: [Int] = []
    var depth = 0
    var openings: [Int] = []
    var repeats = 0
    scanner.skipBlanks()
    if scanner.isAtEnd { return .none }
    while !scanner.isAtEnd {
      let start = scanner.at
      if scanner.take("[") {
        if required == nil { required = parameters.count }
        stops.append(parameters.count)
        openings.append(parameters.count)
        depth += 1
      } else if scanner.take("]") {
        guard depth > 0, let opening = openings.popLast() else {
          throw LanguageError(start, "] without [")
        }
        depth -= 1
        stops.append(parameters.count)
        if scanner.take("...") {
          guard parameters.count > opening else { throw LanguageError(start, "nothing that could repeat") }
          repeats = parameters.count - opening
        }
      } else if scanner.take(",") || scanner.take(" ") {
        continue
      } else {
        guard parameters.count < Self.parameterLimit else { throw LanguageError(start, "too many values") }
        parameters.append(try value(&scanner))
      }
    }
    guard depth == 0 else { throw LanguageError(scanner.at, "[ is not closed", help: "write a ] behind the optional part") }
    return Signature(
      parameters: parameters, required: required ?? parameters.count, stops: stops, repeats: repeats,
      pattern: text.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " "))
  }

  private func value(_ scanner: inout TextScanner) throws(LanguageError) -> Parameter {
    let start = scanner.at
    guard scanner.take("<") else {
      let literal = scanner.while_ { $0 != 0x2C && $0 != 0x5B && $0 != 0x5D && $0 != 0x3C }
      let trimmed = literal.split(separator: " ").joined(separator: " ")
      guard !trimmed.isEmpty else { throw LanguageError(start, "a value is expected", help: "write <name:type>") }
      if let number = Int64(trimmed) {
        return Parameter(name: trimmed, base: .literalNumber(number), quotes: .forbidden, pattern: trimmed)
      }
      let text = trimmed.hasPrefix("\"") && trimmed.hasSuffix("\"") && trimmed.count > 1
        ? String(trimmed.dropFirst().dropLast()) : trimmed
      return Parameter(name: text, base: .literalText(text), quotes: .optional, pattern: trimmed)
    }
    let name = scanner.name()
    guard !name.isEmpty else { throw LanguageError(scanner.at, "a name is expected behind <", help: "write <name:type>") }
    guard scanner.take(":") else {
      throw LanguageError(scanner.at, "<\(name)> has no type", help: "write <\(name):int> or another type")
    }
    let typeStart = scanner.at
    var quoted = false
    let type = scanner.while_ { byte in
      if byte == 0x22 { quoted.toggle() }
      return byte != 0x3E || quoted
    }
    guard scanner.take(">") else { throw LanguageError(start, "< is not closed", help: "write > behind the type") }
    return try types.parameter(name: name, type: type, at: typeStart)
  }
}
