import Inspect
import Measure
import Trace

/// What a finding is known by when lines move: its rule, its message and its file, but no line, offset or time.
public enum Fingerprint {
  /// Adds the fingerprints to findings of one input, which are in order: equal ones are told apart by their number.
  static func add(to findings: inout [ReportedFinding], of path: String) {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    var seen: [String: Int] = [:]
    for index in findings.indices {
      let finding = findings[index].finding
      let key = [finding.rule, file, timeless(finding.message)].joined(separator: "\u{1F}")
      let number = seen[key, default: 0]
      seen[key] = number + 1
      var hash = SHA256()
      hash.update(Array("\(key)\u{1F}\(number)".utf8).span)
      findings[index].fingerprint = String(hash.hexDigest().prefix(32))
    }
  }

  /// The same findings, known by what does not depend on the name of their file.
  static func withoutFile(_ findings: [ReportedFinding]) -> [ReportedFinding] {
    var result = findings
    add(to: &result, of: "")
    return result
  }

  /// Measured times differ from one run to the next; what was measured is the same. So it is with the numbers of secrets.
  static func timeless(_ message: String) -> String {
    var result: [UInt8] = []
    let bytes = Array(SecretMark.withoutNumbers(message).utf8)
    var index = 0
    func isDigit(_ at: Int) -> Bool { at < bytes.count && (0x30...0x39).contains(bytes[at]) }
    while index < bytes.count {
      guard isDigit(index) else {
        result.append(bytes[index])
        index += 1
        continue
      }
      let start = index
      while isDigit(index) { index += 1 }
      if index < bytes.count, bytes[index] == 0x2E, isDigit(index + 1) {
        index += 1
        while isDigit(index) { index += 1 }
        result.append(0x23)
      } else {
        result += bytes[start..<index]
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
