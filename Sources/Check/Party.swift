import Trace

/// Who or what a finding points at, for whoever has to decide where to look first.
public enum Party: UInt8, Hashable, Sendable, CaseIterable {
  case host, modem
  /// Cable, level shifter, flow control: bytes were lost or changed on the way.
  case line
  case network
  /// The log itself: what is reported may not have happened.
  case log

  public var name: String {
    switch self {
    case .host: "host"
    case .modem: "modem"
    case .line: "line"
    case .network: "network"
    case .log: "log"
    }
  }
}

/// How a rule points at parties: by itself, or at who sent (or should have looked at) the bytes of the finding.
enum Blame {
  case party(Party)
  case either(Party, Party)
  /// Who sent the bytes at which the finding stands.
  case speaker
  /// Who had to take them.
  case listener
  /// Bytes were lost, or their sender counted wrongly.
  case lineOrSpeaker

  func parties(_ direction: Direction) -> [Party] {
    switch self {
    case .party(let one): return [one]
    case .either(let one, let other): return [one, other]
    case .speaker: return Self.speaker(direction)
    case .listener:
      switch direction {
      case .hostToModem: return [.modem]
      case .modemToHost: return [.host]
      case .unknown: return [.host, .modem]
      }
    case .lineOrSpeaker: return [.line] + Self.speaker(direction)
    }
  }

  private static func speaker(_ direction: Direction) -> [Party] {
    switch direction {
    case .hostToModem: [.host]
    case .modemToHost: [.modem]
    case .unknown: [.host, .modem]
    }
  }

  /// By the name of a rule, or the part of it before its first hyphen or point: the longest that fits counts. What
  /// is not listed, statements of profiles among it, points at who sent the bytes: a command is the host's, an answer
  /// the modem's.
  private static let table: [String: Blame] = [
    "at.response": .party(.modem), "at.final": .party(.modem), "at.answer": .party(.modem),
    "at.command-failed": .either(.modem, .network), "at.stray": .party(.modem), "at.result": .party(.modem),
    "at.unanswered": .party(.modem), "at.reset": .party(.modem), "at.read": .party(.modem),
    "at.test": .party(.modem), "at.error": .party(.modem), "at.late-before-ok": .party(.modem),
    "at.late-missing": .either(.network, .modem), "at.late-answer": .party(.host),
    "at.echo-mismatch": .either(.line, .modem), "at.garbage": .lineOrSpeaker, "at.data-length": .lineOrSpeaker,
    "at.log": .party(.log), "at.clock": .party(.log), "at.gap": .party(.log),
    "measure.faster": .party(.log),
    "mux.frame": .lineOrSpeaker, "mux.skipped": .lineOrSpeaker, "ppp.frame": .lineOrSpeaker,
    "ppp.refused": .either(.network, .host), "ppp.unanswered": .either(.network, .modem), "ppp.ended": .party(.network),
    "xmodem.block-complement": .listener, "xmodem.block-crc": .listener, "xmodem.block-checksum": .listener,
    "xmodem.short": .listener, "xmodem.end": .listener, "xmodem.retries": .lineOrSpeaker,
  ]

  static func of(_ rule: String) -> Blame {
    // What a session was expected to be says nothing about who changed it.
    if rule.hasPrefix(ExpectRules.prefix) { return .either(.modem, .host) }
    var name = Substring(rule)
    while true {
      if let known = table[String(name)] { return known }
      guard let hyphen = name.lastIndex(of: "-") else { return .speaker }
      name = name[..<hyphen]
    }
  }
}

extension Finding {
  /// Whom it points at, the likeliest first.
  public var suspects: [Party] { Blame.of(rule).parties(position.direction) }
}
