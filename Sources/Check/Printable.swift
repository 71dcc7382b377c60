import Profile
import Trace

/// Text of the trace made fit for a message: escaped, cut to a length, and hidden where it is secret.
enum Printable {
  static func text(_ slice: Slice, in text: Span<UInt8>, limit: Int = 40) -> String {
    let range = slice.range
    guard range.upperBound <= text.count else { return "" }
    var result = ""
    var shown = 0
    for index in range {
      if shown >= limit {
        result += "…"
        break
      }
      let byte = text[index]
      switch byte {
      case 0x0D: result += "\\r"
      case 0x0A: result += "\\n"
      case 0x5C: result += "\\\\"
      case 0x20...0x7E: result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits: [Character] = Array("0123456789ABCDEF")
        result += "\\x"
        result.append(digits[Int(byte >> 4)])
        result.append(digits[Int(byte & 15)])
      }
      shown += 1
    }
    return result
  }

  static func value(_ field: Field, in text: Span<UInt8>, mask: Parameter.Mask, redaction: Redaction) -> String {
    if redaction.isOn, mask.hides(field, in: text) {
      let hidden = redaction.mask(of: field.text, in: text, limit: 40)
      return field.kind == .quoted ? "\"\(hidden)\"" : hidden
    }
    let plain = self.text(field.text, in: text)
    let shown = redaction.isOn ? redaction.hidingNumbers(plain) : plain
    switch field.kind {
    case .empty: return "nothing"
    case .quoted: return "\"\(shown)\""
    case .unterminated: return "\"\(shown)"
    case .integer where field.text.count == 0: return String(field.number)
    case .integer, .bare, .list: return shown
    }
  }

  static func ranges(_ ranges: [ClosedRange<Int64>]) -> String {
    let parts = ranges.map { range in
      if range.lowerBound == range.upperBound { return String(range.lowerBound) }
      if range.upperBound == .max { return "at least \(range.lowerBound)" }
      if range.lowerBound == .min { return "at most \(range.upperBound)" }
      return "\(range.lowerBound) to \(range.upperBound)"
    }
    return parts.joined(separator: " or ")
  }

  /// The name of a command in capitals; what is no printable character is escaped.
  static func name(_ bytes: ArraySlice<UInt8>) -> String {
    var text = ""
    for byte in bytes.prefix(nameLimit) {
      if (0x21...0x7E).contains(byte) {
        text.unicodeScalars.append(Unicode.Scalar((0x61...0x7A).contains(byte) ? byte & 0xDF : byte))
      } else {
        text += "\\x" + hex(Int64(byte))
      }
    }
    return text
  }

  private static let nameLimit = 48

  /// A byte as two hexadecimal digits.
  static func hex(_ byte: Int64) -> String {
    let text = String(byte & 0xFF, radix: 16, uppercase: true)
    return text.utf8.count < 2 ? "0" + text : text
  }

  static func seconds(_ nanoseconds: Nanoseconds) -> String {
    let milliseconds = nanoseconds / 1_000_000
    if milliseconds < 1000 { return "\(milliseconds) ms" }
    let tenths = milliseconds / 100
    return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
  }
}

/// Makes the sentence of a statement that is broken.
struct StatementText {
  let statement: Statement
  let book: Book
  let redaction: Redaction

  func sentence(
    name: String, machine: inout Machine, fields: Span<Field>, text: Span<UInt8>, signature: Signature?,
    parameters: Span<Field>, parameterText: Span<UInt8>, takes: Signature?, context: Machine.Context
  ) -> String {
    guard !statement.says.isEmpty else { return "\(name): \(statement.expression) does not hold" }
    var sentence = ""
    var rest = Substring(statement.says)
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      sentence += rest[..<open]
      let key = String(rest[rest.index(after: open)..<close])
      if let program = statement.values.first(where: { $0.name == key })?.program {
        sentence += value(
          program, machine: &machine, fields: fields, text: text, signature: signature, parameters: parameters,
          parameterText: parameterText, takes: takes, context: context)
      } else {
        sentence += key
      }
      rest = rest[rest.index(after: close)...]
    }
    return name + ": " + sentence + rest
  }

  /// The text of names that are kept by their hash alone: of a final result, a command, a form.
  private func known(_ program: Program, _ bits: Int64) -> String? {
    guard program.operations.count == 1 else { return nil }
    func first(_ texts: [String]) -> String? { texts.first { Value.text(hash: TextHash.of($0.utf8)).bits == bits } }
    switch program.operations[0] {
    case .result:
      let own = book.finals.map { String(decoding: $0.takesNumber ? $0.text.dropLast() : $0.text[...], as: UTF8.self) }
      return first((0...31).compactMap { Final(rawValue: $0)?.name } + own)
    case .commandName: return book.commands.first { Value.text(hash: $0.nameHash).bits == bits }?.name
    case .formName: return first(Form.allCases.map(\.name))
    default: return nil
    }
  }

  private func value(
    _ program: Program, machine: inout Machine, fields: Span<Field>, text: Span<UInt8>, signature: Signature?,
    parameters: Span<Field>, parameterText: Span<UInt8>, takes: Signature?, context: Machine.Context
  ) -> String {
    if program.operations.count == 1 {
      switch program.operations[0] {
      case .field(let index):
        if index < fields.count {
          let mask = signature?.parameter(at: index)?.mask ?? .none
          return Printable.value(fields[index], in: text, mask: mask, redaction: redaction)
        }
      case .parameter(let index, _):
        if index < parameters.count, parameters[index].kind != .empty {
          let mask = takes?.parameter(at: index)?.mask ?? .none
          return Printable.value(parameters[index], in: parameterText, mask: mask, redaction: redaction)
        }
      case .memory(let index): if let state = machine.stateName(of: index) { return state }
      default: break
      }
    }
    let result = machine.evaluate(
      program, fields: fields, text: text, parameters: parameters, parameterText: parameterText, context: context)
    // A state under a key.
    if case .entry(let memory, _) = program.operations.last, result.tag == .number,
      book.memory.indices.contains(memory), let at = Int(exactly: result.bits),
      book.memory[memory].states.indices.contains(at)
    {
      return book.memory[memory].states[at]
    }
    switch result.tag {
    case .number: return String(result.bits)
    case .text: return known(program, result.bits) ?? "another text"
    case .unknown: return "unknown"
    }
  }
}
