import Check
import Testing
import Trace

/// Whom a finding points at.
@Suite struct PartyTests {
  private func suspects(_ rule: String, _ direction: Direction = .hostToModem) -> [Party] {
    Finding(
      rule: rule, severity: .error, message: "", position: Position(place: 1, direction: direction),
      citation: Citation(document: "", section: "")
    ).suspects
  }

  @Test func everyRulePointsAtSomebody() {
    for info in RuleRegistry.generic {
      for direction in Direction.allCases { #expect(!suspects(info.name, direction).isEmpty, "\(info.name)") }
    }
  }

  @Test func commandsAreTheHostsAndAnswersTheModems() {
    #expect(suspects("at.parameter-range") == [.host])
    #expect(suspects("own.statement", .hostToModem) == [.host])
    #expect(suspects("own.statement", .modemToHost) == [.modem])
    #expect(suspects("own.statement", .unknown) == [.host, .modem])
    #expect(suspects("at.response-timeout") == [.modem])
    #expect(suspects("at.response-shape", .modemToHost) == [.modem])
  }

  @Test func whoAcceptsADamagedBlockIsAtFault() {
    #expect(suspects("xmodem.block-crc", .hostToModem) == [.modem])
    #expect(suspects("xmodem.block-crc", .modemToHost) == [.host])
    #expect(suspects("xmodem.block-number", .hostToModem) == [.host])
  }

  @Test func theLineAndTheLogCanBeAtFault() {
    #expect(suspects("at.data-length", .modemToHost) == [.line, .modem])
    #expect(suspects("at.clock-step") == [.log])
    #expect(suspects("ppp.refused").first == .network)
  }
}
