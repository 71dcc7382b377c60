import Check
import Profile
import Trace

/// Reads the parts of an expectation.
enum ExpectReader {
  enum Place { case mustSee, mustNotSee, step }

  private static let example = "write `- AT+CSQ`, or `- {command: AT+CSQ, result: OK}`"

  static func commands(_ node: YAMLNode, _ place: Place, _ reader: inout ConfigReader) -> [ExpectedCommand] {
    reader.list(node, example).compactMap { command($0, place, &reader) }
  }

  private static func command(_ node: YAMLNode, _ place: Place, _ reader: inout ConfigReader) -> ExpectedCommand? {
    if node.scalar != nil {
      return reader.pattern(node, "AT+CSQ").map { ExpectedCommand(command: $0, mark: node.mark) }
    }
    var one = ExpectedCommand(command: StarPattern(""), mark: node.mark)
    var hasCommand = false
    let keys: [String]
    switch place {
    case .mustSee: keys = ["command", "result", "answer", "count", "within", "latency"]
    case .mustNotSee: keys = ["command", "result", "answer"]
    case .step: keys = ["command", "result", "answer", "within", "latency"]
    }
    for part in reader.map(node, example) {
      guard keys.contains(part.key) else {
        reader.unknown(part.key, part.keyMark, among: keys)
        continue
      }
      switch part.key {
      case "command":
        hasCommand = true
        if let pattern = reader.pattern(part.value, "AT+CSQ") { one.command = pattern }
      case "result": one.result = result(part.value, &reader)
      case "answer": one.answer = reader.pattern(part.value, "\"+CSQ: *\"")
      case "count": if let count = count(part.value, least: 1, &reader) { one.count = count }
      case "within": one.within = reader.time(part.value)
      default: one.latency = reader.time(part.value)
      }
    }
    if !hasCommand, reader.problems.isEmpty { reader.fail(node.mark, "there is no command", example) }
    return hasCommand ? one : nil
  }

  private static func result(_ node: YAMLNode, _ reader: inout ConfigReader) -> ExpectedResult? {
    switch node.scalar {
    case "success": return .success
    case "failure": return .failure
    case "none": return .absent
    default: return reader.pattern(node, "OK, \"+CME ERROR: 3\", success, failure or none").map(ExpectedResult.text)
    }
  }

  /// `3`, `2..`, `..5`, `2..5`.
  private static func count(_ node: YAMLNode, least: Int, _ reader: inout ConfigReader) -> ExpectedCount? {
    let text = node.scalar ?? ""
    var found: ExpectedCount?
    if let dots = text.firstRange(of: "..") {
      let (low, high) = (String(text[..<dots.lowerBound]), String(text[dots.upperBound...]))
      let (first, last) = (number(low), number(high))
      if low.isEmpty, let last { found = ExpectedCount(0, last) }
      if let first { found = high.isEmpty ? ExpectedCount(first, nil) : last.map { ExpectedCount(first, $0) } }
    } else if let exactly = number(text) {
      found = ExpectedCount(exactly, exactly)
    }
    if let found, found.most ?? Int.max >= max(least, found.least) { return found }
    let seen = node.scalar.map { "'\(Diagnostic.shown($0))'" } ?? node.kind
    let none = text == "0" ? "; what must not come stands under must-not-see" : ""
    reader.fail(node.mark, "\(seen) where a number of times is expected", "3, 2.., ..5 or 2..5\(none)")
    return nil
  }

  private static func number(_ text: String) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(text) else { return nil }
    return value <= 1_000_000_000 ? value : nil
  }

  // MARK: Transfers

  private static let transferKeys = ["kind", "direction", "count", "complete", "size", "sha256", "throughput"]
  private static let transferExample = "write `- {kind: xmodem, complete: true, throughput: 800}`"

  static func transfers(_ node: YAMLNode, _ reader: inout ConfigReader) -> [ExpectedTransfer] {
    reader.list(node, transferExample).map { transfer($0, &reader) }
  }

  private static func transfer(_ node: YAMLNode, _ reader: inout ConfigReader) -> ExpectedTransfer {
    var one = ExpectedTransfer(mark: node.mark)
    for part in reader.map(node, transferExample) {
      let word = part.value.scalar ?? ""
      switch part.key {
      case "kind":
        one.kind = TransferKind(name: word)
        if one.kind == nil { reader.unknown(word, part.value.mark, among: TransferKind.allCases.map(\.name)) }
      case "direction":
        one.direction = ["host-to-modem": Direction.hostToModem, "modem-to-host": .modemToHost][word]
        if one.direction == nil { reader.unknown(word, part.value.mark, among: ["host-to-modem", "modem-to-host"]) }
      case "count": if let count = count(part.value, least: 0, &reader) { one.count = count }
      case "complete":
        one.complete = ["true": true, "false": false][word]
        if one.complete == nil { reader.unknown(word, part.value.mark, among: ["true", "false"]) }
      case "size":
        one.size = number(word)
        if one.size == nil { reader.fail(part.value.mark, "this is no number of bytes", "write size: 7552") }
      case "sha256": one.sha256 = hash(part.value, &reader)
      case "throughput": one.throughput = reader.number(part.value, upTo: 1e12, "payload bytes per second")
      default: reader.unknown(part.key, part.keyMark, among: transferKeys)
      }
    }
    return one
  }

  private static func hash(_ node: YAMLNode, _ reader: inout ConfigReader) -> String? {
    let text = (node.scalar ?? "").lowercased()
    if text.utf8.count == 64, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) {
      return text
    }
    reader.fail(node.mark, "this is no SHA-256", "64 hexadecimal digits, as the JSON report has them")
    return nil
  }
}
