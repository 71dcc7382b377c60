import Trace

/// What is said of a statement whose profile says no more than the statement.
public enum CommonAdvice {
  /// What to do. `isNeed`: something else had to be so first.
  static func whatToDo(_ speaker: Direction, isNeed: Bool) -> String {
    switch speaker {
    case .hostToModem where isNeed: "Bring that about first, and wait until it is reported."
    case .hostToModem: "Let the host send what the section says, and when it says so."
    case .modemToHost:
      "Let the host cope with it; if it comes again, the firmware differs from the document: ask the vendor."
    case .unknown: "Compare host and modem with the section."
    }
  }

  /// Why it matters.
  public static func whyItMatters(_ speaker: Direction) -> String {
    switch speaker {
    case .hostToModem: "A modem refuses it, or does something else than the host believes."
    case .modemToHost: "A host that trusts the document waits for something else, or takes for true what is not."
    case .unknown: "The document states it; a modem or host that differs cannot be relied on."
    }
  }
}
