import Check
import Inspect
import Trace

/// SARIF 2.1.0 (OASIS Static Analysis Results Interchange Format): one run over all inputs.
public enum SARIFReport {
  private static let schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

  /// `notices`: what is to be said about the configuration.
  public static func text(_ inputs: [InputReport], version: String, notices: [Notice] = []) -> String {
    var rules: [String: RuleSummary] = [:]
    for input in inputs {
      for found in input.findings where rules[found.finding.rule] == nil {
        rules[found.finding.rule] = input.rules[found.finding.rule] ?? RuleSummary(of: found.finding)
      }
    }
    let names = rules.keys.sorted()
    let indexes = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    // An input that was checked against several profiles is one artifact.
    var artifacts: [String: Int] = [:]
    var paths: [String] = []
    for input in inputs where artifacts[input.path] == nil {
      artifacts[input.path] = paths.count
      paths.append(input.path)
    }
    var json = JSONText(pretty: true)
    json.object { json in
      json.string("$schema", schema)
      json.string("version", "2.1.0")
      json.array("runs") { json in
        json.object { json in
          json.object("tool") { json in
            json.object("driver") { json in
              json.string("name", "attrace")
              json.string("version", version)
              json.string("semanticVersion", version)
              json.array("rules") { json in
                for name in names { if let rule = rules[name] { json.object { write(rule, &$0) } } }
              }
            }
          }
          if !notices.isEmpty { json.array("invocations") { json in json.object { write(notices, &$0) } } }
          json.string("columnKind", "utf16CodeUnits")
          json.array("artifacts") { json in
            for path in paths {
              json.object { json in
                json.object("location") { $0.string("uri", uri(path)) }
                json.array("roles") { $0.string(nil, "analysisTarget") }
              }
            }
          }
          json.array("results") { json in
            for input in inputs {
              let index = artifacts[input.path] ?? 0
              for found in input.findings {
                json.object { write(found, input, index, indexes[found.finding.rule] ?? 0, &$0) }
              }
            }
          }
        }
      }
    }
    return json.text + "\n"
  }

  private static func write(_ notices: [Notice], _ json: inout JSONText) {
    json.truth("executionSuccessful", true)
    json.array("toolConfigurationNotifications") { json in
      for notice in notices {
        json.object { json in
          json.string("level", notice.severity.name)
          json.object("message") { $0.string("text", notice.message) }
          json.array("locations") { json in
            json.object { json in
              json.object("physicalLocation") { json in
                json.object("artifactLocation") { $0.string("uri", uri(notice.mark.file)) }
                json.object("region") { json in
                  json.number("startLine", max(1, notice.mark.line))
                  json.number("startColumn", max(1, notice.mark.column))
                }
              }
            }
          }
        }
      }
    }
  }

  private static func write(_ rule: RuleSummary, _ json: inout JSONText) {
    json.string("id", rule.name)
    json.object("shortDescription") { $0.string("text", rule.title) }
    if !rule.whatItDoes.isEmpty { json.object("fullDescription") { $0.string("text", rule.whatItDoes) } }
    json.object("help") { json in
      var help = [rule.whyItMatters, rule.advice].filter { !$0.isEmpty }
      help.append(rule.citation.text)
      json.string("text", help.joined(separator: "\n"))
    }
    json.object("defaultConfiguration") { $0.string("level", rule.severity.name) }
    json.object("properties") { json in
      json.string("document", rule.citation.document)
      json.string("section", rule.citation.section)
    }
  }

  private static func write(
    _ found: ReportedFinding, _ input: InputReport, _ index: Int, _ rule: Int, _ json: inout JSONText
  ) {
    let finding = found.finding
    json.string("ruleId", finding.rule)
    json.number("ruleIndex", rule)
    json.string("level", finding.severity.name)
    json.object("message") { json in
      json.string("text", finding.advice.isEmpty ? finding.message : "\(finding.message). \(finding.advice)")
    }
    json.array("locations") { json in
      json.object { location(finding.position.place, nil, input, index, &$0) }
    }
    if !finding.related.isEmpty {
      json.array("relatedLocations") { json in
        for related in finding.related {
          json.object { location(related.place, related.message, input, index, &$0) }
        }
      }
    }
    json.object("partialFingerprints") { $0.string("attrace/v1", found.fingerprint) }
    if found.hasBaseline { json.string("baselineState", found.isKnown ? "unchanged" : "new") }
    if let suppression = found.suppression {
      json.array("suppressions") { json in
        json.object { json in
          json.string("kind", "external")
          json.string("status", "accepted")
          json.string("justification", "\(suppression.reason) (until \(suppression.until))")
        }
      }
    }
    json.object("properties") { json in
      json.string("document", finding.citation.document)
      json.string("section", finding.citation.section)
      json.string("profile", input.profile)
      switch finding.position.direction {
      case .hostToModem: json.string("direction", "host-to-modem")
      case .modemToHost: json.string("direction", "modem-to-host")
      case .unknown: break
      }
      json.number("streamOffset", finding.position.offset)
      json.seconds("time_s", finding.position.instant.isKnown ? finding.position.instant.nanoseconds : nil)
    }
  }

  /// A line of a text; in a capture, a packet, which SARIF knows as a logical location only.
  private static func location(
    _ place: Int, _ message: String?, _ input: InputReport, _ index: Int, _ json: inout JSONText
  ) {
    json.object("physicalLocation") { json in
      json.object("artifactLocation") { json in
        json.string("uri", uri(input.path))
        json.number("index", index)
      }
      if !input.isCapture { json.object("region") { $0.number("startLine", max(1, place)) } }
    }
    if input.isCapture {
      json.array("logicalLocations") { json in
        json.object { json in
          json.string("name", "packet \(place)")
          json.string("kind", "packet")
        }
      }
    }
    if let message { json.object("message") { $0.string("text", message) } }
  }

  /// A path as a URI reference: what RFC 3986 does not allow in a path is percent-encoded.
  static func uri(_ path: String) -> String {
    var result = path.hasPrefix("/") ? "file://" : ""
    for byte in path.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let hex = String(byte, radix: 16, uppercase: true)
        result += "%" + (hex.utf8.count == 1 ? "0" : "") + hex
      }
    }
    return result
  }
}
