import Trace

/// DLE/ETX framing: which byte is escaped how.
enum EscapeRules {
  static let all: [RuleInfo] = [
    RuleInfo(
      name: "dle.undefined-escape", severity: .error,
      title: "DLE before a byte that needs none",
      whatItDoes: "DLE (10) escapes ETX (03) and itself; before any other byte it has no meaning.",
      whyItMatters: "A receiver drops the DLE, the byte, or both: the data are not what was sent.",
      example: "10 41", reference: Citation(document: "ISO 1745", section: "2.4"),
      advice: "Write each 10 of the data as 10 10, and each 03 as 10 03."),
    RuleInfo(
      name: "dle.bare-etx", severity: .error,
      title: "An ETX that ended the data too early",
      whatItDoes: "A bare ETX (03) ends the data; data that come behind it show that it belonged to them.",
      whyItMatters: "The receiver takes the transfer for complete and the rest for commands.",
      example: "41 03 42 03", reference: Citation(document: "ISO 1745", section: "2.4"),
      advice: "Write each 03 of the data as 10 03."),
    RuleInfo(
      name: "dle.dangling", severity: .error,
      title: "Data that end with DLE",
      whatItDoes: "DLE (10) is followed by the byte that it escapes.",
      whyItMatters: "The byte is lost.", example: "41 10 and nothing more",
      reference: Citation(document: "ISO 1745", section: "2.4"), advice: "Look for lost bytes (flow control)."),
    RuleInfo(
      name: "transparent.undefined-escape", severity: .error,
      title: "7D before a byte that it does not escape",
      whatItDoes: "In packets that end with 7E, 7D is written 7D 5D and 7E is written 7D 5E.",
      whyItMatters: "The packet that arrives is not the one that was sent.",
      example: "7D 41", reference: Citation(document: "ISO/IEC 13239", section: "4.5"),
      advice: "Write each 7D of the data as 7D 5D, and each 7E as 7D 5E."),
  ]
}

extension Checker {
  mutating func reportEscapes(_ fault: Malformed, _ event: Event) {
    let index = Int(event.subject)
    let source = book.dataPhases.indices.contains(index) ? book.dataPhases[index].source : nil
    let inferred = event.flags.contains(.inferred)
    switch fault {
    case .dleUndefined:
      report(
        .dleUndefinedEscape, "DLE before \(Printable.hex(event.a)), which needs no escape", at: event.position,
        source: source, inferred: inferred)
    case .dleBareEnd:
      report(
        .dleBareETX, "an ETX without DLE ended the data, and more of them came behind it", at: event.position,
        source: source, inferred: inferred)
    case .stuffUndefined:
      report(
        .stuffUndefinedEscape, "7D before \(Printable.hex(event.a)), which is no escape", at: event.position,
        source: source, inferred: inferred)
    case .dleDangling:
      report(
        .dleDangling, "the data end with a DLE that escapes nothing", at: event.position, source: source,
        inferred: inferred)
    default: break
    }
  }
}
