import Trace

/// CSV exports of a logic analyzer's async serial decoder, one byte a line: time, value and errors, or (of the newer
/// program) name, type, start, duration and data. Of two analyzers in one file, the name says which one sent.
struct SaleaeDialect: LineDialect {
  static let name = "saleae-csv"
  static let summary = "CSV of an async serial analyzer: `Time [s],Value,Parity Error,Framing Error`"
  static let example = "0.012345600000000,0x41,,"
  static let losses: Loss = .direction

  private static let time = StampPattern("S.f")
  private static let hostNames = ["tx", "host", "mcu", "te", "dte"]
  private static let modemNames = ["rx", "modem", "module", "dce", "ue"]

  private var columns = Columns()

  private struct Columns {
    var time = 0
    var value = 1
    var name: Int?
  }

  /// The head settles it: rows of numbers are anything.
  static func confidence(of beginning: LogBeginning) -> Double {
    guard let first = beginning.lines.first, columns(beginning.bytes[first]) != nil else { return 0 }
    let rows = beginning.lines.dropFirst()
    guard !rows.isEmpty else { return 0 }
    let mine = rows.count { evidence(beginning.bytes[$0]) == .kindred }
    return mine * 10 >= rows.count * 9 ? 0.95 : 0
  }

  static func evidence(_ line: LineText) -> LineEvidence {
    if columns(line) != nil { return .record }
    let fields = fields(line)
    return fields.count >= 3 && fields.contains { time.parse($0) != nil } ? .kindred : .stranger
  }

  mutating func take(_ line: LineText, into log: inout DialectLog) {
    if let head = SaleaeDialect.columns(line) {
      columns = head
      return
    }
    let fields = SaleaeDialect.fields(line)
    guard fields.count > max(columns.time, columns.value),
      let (stamp, _) = SaleaeDialect.time.parse(fields[columns.time])
    else { return log.remark(line) }
    let instant = log.instant(of: stamp)
    if fields[max(columns.time, columns.value)...].dropFirst().contains(where: SaleaeDialect.isError) {
      return log.malformed(line)
    }
    guard let byte = SaleaeDialect.byte(fields[columns.value]) else { return log.remark(line) }
    var direction = Direction.unknown
    if let name = columns.name, fields.indices.contains(name) { direction = SaleaeDialect.direction(fields[name]) }
    if direction != .unknown { log.facts.lossy.remove(.direction) }
    log.data(direction, at: instant, CollectionOfOne(byte))
  }

  private static func columns(_ line: LineText) -> Columns? {
    let names = fields(line).map { lowercased($0) }
    guard let time = names.firstIndex(where: { $0 == "time [s]" || $0 == "start_time" }),
      let value = names.firstIndex(where: { $0 == "value" || $0 == "data" || $0 == "decoded protocol result" })
    else { return nil }
    return Columns(
      time: time, value: value, name: names.firstIndex { $0 == "name" || $0 == "analyzer name" })
  }

  private static func lowercased(_ text: LineText) -> String {
    String(decoding: Ascii.trimmed(text).map { Ascii.isUpper($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  private static func direction(_ name: LineText) -> Direction {
    let words = lowercased(name).split { !$0.isLetter }
    if words.contains(where: { hostNames.contains(String($0)) }) { return .hostToModem }
    return words.contains { modemNames.contains(String($0)) } ? .modemToHost : .unknown
  }

  private static func isError(_ field: LineText) -> Bool {
    let text = lowercased(field)
    return text == "error" || text == "true" || text.hasSuffix(" error")
  }

  /// Commas and quotes within quotes are part of a field; a quote in it is written twice.
  private static func fields(_ line: LineText) -> [LineText] {
    var fields: [LineText] = []
    var field: [UInt8] = []
    var quoted = false
    let text = line.withoutLineEnd
    var index = text.startIndex
    while index < text.endIndex {
      let byte = text[index]
      index += 1
      if byte == Ascii.quote {
        if quoted, index < text.endIndex, text[index] == Ascii.quote {
          field.append(byte)
          index += 1
        } else {
          quoted.toggle()
        }
      } else if byte == Ascii.comma, !quoted {
        fields.append(field[...])
        field = []
      } else {
        field.append(byte)
      }
    }
    fields.append(field[...])
    return fields
  }

  /// `0x41`, `A`, `\r`, `'65'`, `COMMA`.
  private static func byte(_ field: LineText) -> UInt8? {
    if field.count == 1 { return field.first }
    if let digits = field.after("0x") { return TextEscapes.hexadecimal(digits) }
    if field.elementsEqual("COMMA".utf8) { return Ascii.comma }
    if field.elementsEqual("TAB".utf8) { return Ascii.tab }
    if field.count > 2, field.first == UInt8(ascii: "'"), field.last == UInt8(ascii: "'") {
      let inner = field.dropFirst().dropLast()
      return inner.count == 1 && !Ascii.isDigit(inner[inner.startIndex])
        ? inner.first : inner.decimal.flatMap { UInt8(exactly: $0) }
    }
    if field.first == Ascii.backslash {
      let bytes = TextEscapes.undo(field).bytes
      return bytes.count == 1 ? bytes.first : nil
    }
    return nil
  }
}
