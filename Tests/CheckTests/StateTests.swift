import Sessions
import Testing

/// States, time and coverage: unknown never accuses, and what was not evaluated is said.
@Suite struct StateTests {
  static let yaml = """
    profile: own
    extends: 3gpp
    documents: [{id: OWN, title: Own}]
    memory:
      door: {is: [shut, open], at-reset: shut}
      seen: {by: 1}
      light: {at-reset: kept}
      rang: {at-reset: unknown}
    commands:
      +OPEN: {section: "1", exec: {moves: {door: open}}}
      +SHUT: {section: "2", exec: {moves: {door: shut}}}
      +WALK: {section: "3", exec: {needs: {door: open}}}
      +PUT: {section: "4", write: {takes: "<key:int>,<value:int>", moves: {"seen[key]": value}}}
      +GET: {section: "5", write: {takes: "<key:int>", gives: {line: "+GET: <value:int>", holds: {get-same: "seen[key] == value"}}}}
      +LIGHT: {section: "8", read: {gives: {line: "+LIGHT: <value:int>", holds: {light-kept: "value == light"}}}, write: {takes: "<value:int>", moves: {light: value}}}
      +STRIKE: {section: "9", exec: {moves: {rang: now}}}
      +ANSWER: {section: "10", exec: {holds: {answer-in-time: "waited(rang) <= 4s"}, on-error: {holds: {answer-busy: "error != 14"}}}}
      +DATA: {section: "11", write: {takes: "<data:str hex>", holds: {data-length: "octet(data, 0) * 2 + 2 == length(data)", data-port: "port != 'modem'"}}}
      +WIPE: {section: "6", exec: {moves: {forget: seen}}}
      +BOOT: {section: "12", exec: {moves: {reset: true}}, write: {takes: "<how:int>", moves: [{door: open}, {reset: "how == 1"}]}}
    unsolicited: [{line: BOOT, section: "7", reset: true}]
    """
  static let ok = "0.0 <-- \"\\r\\nOK\\r\\n\"\n"

  private func rules(_ text: String) throws -> [String] {
    try Session(text).outcome(Books.own(Self.yaml)).rules
  }

  @Test func unknownStateNeverAccuses() throws {
    #expect(try rules("0.0 --> \"AT+WALK\\r\"\n\(Self.ok)") == [])
  }

  @Test func knownStateDoes() throws {
    let text = "0.0 --> \"AT+SHUT\\r\"\n\(Self.ok)0.0 --> \"AT+WALK\\r\"\n\(Self.ok)"
    #expect(try rules(text) == ["own.walk-needs-door"])
  }

  @Test func aFailedCommandMovesNothing() throws {
    let text = "0.0 --> \"AT+SHUT\\r\"\n0.0 <-- \"\\r\\nERROR\\r\\n\"\n0.0 --> \"AT+WALK\\r\"\n\(Self.ok)"
    #expect(try rules(text) == [])
  }

  @Test func aResetTakesTheMemoryToItsResetValue() throws {
    let text = "0.0 --> \"AT+OPEN\\r\"\n\(Self.ok)0.0 <-- \"\\r\\nBOOT\\r\\n\"\n0.0 --> \"AT+WALK\\r\"\n\(Self.ok)"
    #expect(try rules(text) == ["own.walk-needs-door"])
  }

  @Test func aCommandMayRestartTheModem() throws {
    let walk = "0.0 --> \"AT+WALK\\r\"\n\(Self.ok)"
    func after(_ commands: String...) throws -> [String] {
      try rules(commands.map { "0.0 --> \"\($0)\\r\"\n\(Self.ok)" }.joined() + walk)
    }
    #expect(try after("AT+OPEN", "AT+BOOT") == ["own.walk-needs-door"])
    #expect(try after("AT+BOOT=1") == ["own.walk-needs-door"])
    #expect(try after("AT+BOOT=0") == [])
    #expect(try after("AT+OPEN", "AT+CFUN=1,1") == ["own.walk-needs-door"], "the standard's own way")
    #expect(try after("AT+OPEN", "AT+CFUN=1") == [])
  }

  @Test func aGapMakesEverythingUnknown() throws {
    let text = "0.0 --> \"AT+SHUT\\r\"\n\(Self.ok)0.0 === \"gap\"\n0.0 --> \"AT+WALK\\r\"\n\(Self.ok)"
    #expect(try rules(text) == [])
  }

  @Test func mapsRemember() throws {
    let put = "0.0 --> \"AT+PUT=3,7\\r\"\n\(Self.ok)"
    let get = { (value: Int) in "0.0 --> \"AT+GET=3\\r\"\n0.0 <-- \"\\r\\n+GET: \(value)\\r\\n\\r\\nOK\\r\\n\"\n" }
    #expect(try rules(put + get(7)) == [])
    #expect(try rules(put + get(8)) == ["own.get-same"])
    #expect(try rules(put + "0.0 --> \"AT+WIPE\\r\"\n\(Self.ok)" + get(8)) == [])
  }

  @Test func aKeptSettingOutlivesAReset() throws {
    let text = """
      0.0 --> "AT+LIGHT=3\\r"
      0.1 <-- "\\r\\nOK\\r\\n"
      0.2 <-- "\\r\\nBOOT\\r\\n"
      0.3 --> "AT+LIGHT?\\r"
      0.4 <-- "\\r\\n+LIGHT: 4\\r\\n\\r\\nOK\\r\\n"
      """
    #expect(try rules(text) == ["own.light-kept"])
  }

  @Test func timeSinceAMomentIsComparedWhereTheLogIsFineEnough() throws {
    let text = { (second: String) in
      """
      1.0 --> "AT+STRIKE\\r"
      1.0 <-- "\\r\\nOK\\r\\n"
      \(second) --> "AT+ANSWER\\r"
      6.0 <-- "\\r\\nOK\\r\\n"
      """
    }
    #expect(try rules(text("5.00")) == [])
    #expect(try rules(text("5.20")) == ["own.answer-in-time"])
    #expect(try rules(text("-")) == [])
  }

  @Test func theCodeOfAnErrorIsKnownFromItsNumberAndItsText() throws {
    for error in ["14", "SIM busy", "sim  busy"] {
      let text = "0.0 --> \"AT+ANSWER\\r\"\n0.1 <-- \"\\r\\n+CME ERROR: \(error)\\r\\n\""
      #expect(try rules(text) == ["own.answer-busy"], "\(error)")
    }
    #expect(try rules("0.0 --> \"AT+ANSWER\\r\"\n0.1 <-- \"\\r\\n+CME ERROR: 13\\r\\n\"") == [])
  }

  @Test func octetsAndPortNames() throws {
    let text = { (port: String, data: String) in
      "0.0 \(port) --> \"AT+DATA=\\\"\(data)\\\"\\r\"\n0.1 \(port) <-- \"\\r\\nOK\\r\\n\""
    }
    #expect(try rules(text("uart", "02AABB")) == [])
    #expect(try rules(text("uart", "02AA")) == ["own.data-length"])
    #expect(try rules(text("Modem", "00")) == ["own.data-port"])
    #expect(try rules("0.0 --> \"AT+DATA=\\\"00\\\"\\r\"\n0.1 <-- \"\\r\\nOK\\r\\n\"") == [])
  }

  @Test func withoutTimeNoTimingRuleSpeaks() throws {
    let text = "- --> \"AT+CSQ\\r\"\n- <-- \"\\r\\n+CSQ: 1,0\\r\\n\\r\\nOK\\r\\n\""
    #expect(Session(text).outcome(Books.generic).rules == [])
  }

  @Test func aNameTheProfileLacksHasNoLimit() {
    let slow = "0.1 --> \"AT^SCAN\\r\"\n90 <-- \"\\r\\nOK\\r\\n\""
    #expect(Session(slow).outcome(Books.generic).rules == [])
    let without = "0.1 --> \"AT^SCAN\\r\"\n90 --> \"AT\\r\"\n90.1 <-- \"\\r\\nOK\\r\\n\""
    let outcome = Session(without).outcome(Books.generic)
    #expect(outcome.rules == [])
    #expect(outcome.allRules.contains("at.overlapping-command"))
  }

  @Test func aVendorAcceptingMoreThanTheStandardIsANote() {
    let text = "0.0 --> \"AT+CMEE=7\\r\"\n\(Self.ok)"
    let outcome = Session(text).outcome(Books.generic)
    #expect(outcome.rules == [])
    #expect(outcome.allRules == ["at.parameter-range"])
  }

  @Test func guessedDirectionWeighsAtMostAWarning() {
    let text = "- --- \"AT+CMEE=9\\r\\r\\nERROR\\r\\n\""
    let outcome = Session(text).outcome(Books.generic)
    #expect(outcome.findings.contains { $0.contains("warning at.parameter-range") && $0.contains("inferred") })
    #expect(!outcome.findings.contains { $0.contains(" error ") })
  }

  @Test func theFormOfErrorsIsThatOfThePort() {
    func rules(_ port: String) -> [String] {
      Session(
        """
        0.1 a --> "AT+CMEE=1\\r"
        0.2 a <-- "\\r\\nOK\\r\\n"
        0.3 b --> "AT+CMEE=1\\r"
        0.4 b <-- "\\r\\nOK\\r\\n"
        0.5 \(port) --> "AT+CPIN?\\r"
        0.6 \(port) <-- "\\r\\n+CME ERROR: SIM busy\\r\\n"
        """
      ).outcome(Books.generic).rules
    }
    #expect(rules("b") == ["at.error-form"])
    #expect(rules("a") == [], "the other port has set it since, and whose it is is not known")
  }

  @Test(arguments: ["ATZ", "AT&F", "AT+CFUN=1,1"]) func whatSetsEverythingBackIsForgotten(_ command: String) {
    let set = "0.1 --> \"AT+CREG=1;+CMEE=1\\r\"\n0.2 <-- \"\\r\\nOK\\r\\n\"\n"
    let back = "1.0 --> \"\(command)\\r\"\n1.2 <-- \"\\r\\nOK\\r\\n\"\n"
    let read =
      "9.1 --> \"AT+CREG?\\r\"\n9.2 <-- \"\\r\\n+CREG: 0,1\\r\\n\\r\\nOK\\r\\n\"\n"
      + "9.3 --> \"AT+CPIN?\\r\"\n9.4 <-- \"\\r\\n+CME ERROR: SIM busy\\r\\n\"\n"
    #expect(Session(set + back + read).outcome(Books.generic).rules == [])
    #expect(Session(set + read).outcome(Books.generic).rules == ["at.read-back", "at.error-form"])
  }
}
