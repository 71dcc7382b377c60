import Inspect
import Trace

/// Findings that are known already: they are reported as such and fail nothing.
public struct Baseline: Sendable {
  public static let schema = "attrace.baseline/1"
  public private(set) var fingerprints: Set<String> = []

  public init(fingerprints: Set<String>) { self.fingerprints = fingerprints }

  /// Marks what is known.
  public func mark(_ inputs: inout [InputReport]) {
    for index in inputs.indices {
      for finding in inputs[index].findings.indices {
        inputs[index].findings[finding].hasBaseline = true
        inputs[index].findings[finding].isKnown = fingerprints.contains(
          inputs[index].findings[finding].fingerprint)
      }
    }
  }

  /// The file that makes all findings of these reports known; one a line, so that a change reads well.
  public static func text(_ inputs: [InputReport]) -> String {
    var entries: [String: (rule: String, input: String, message: String)] = [:]
    for input in inputs {
      // What is suppressed comes back some day; it must not be known by then.
      for found in input.findings where found.suppression == nil {
        entries[found.fingerprint] = (found.finding.rule, input.path, found.finding.message)
      }
    }
    var json = JSONText(pretty: true)
    json.object { json in
      json.string("schema", schema)
      json.array("findings") { json in
        let sorted = entries.sorted {
          ($0.value.input, $0.value.rule, $0.key) < ($1.value.input, $1.value.rule, $1.key)
        }
        for (fingerprint, entry) in sorted {
          json.object { json in
            json.string("fingerprint", fingerprint)
            json.string("rule", entry.rule)
            json.string("input", entry.input)
            json.string("message", entry.message)
          }
        }
      }
    }
    return json.text + "\n"
  }
}
