import Sessions
import Testing

/// What a host enters behind a prompt, and what the modem makes of it.
@Suite struct EnteredTextTests {
  static let yaml = """
    profile: own
    extends: 3gpp
    documents: [{id: OWN, title: Own}]
    memory:
      said: {}
    every-command:
      holds: {alone: {is: "position == 1", severity: warning}}
    commands:
      +SAY:
        section: "1"
        read:
          gives:
            - {line: "+SAY: <text:rest quoted>", holds: {say-same: "text == said"}}
            - {line: "<more:rest>", times: "0.."}
        exec:
          prompt: ">>"
          data:
            ends: ctrl-z
            cancel: esc
            from: host
            as: text
            on-end:
              holds: {say-length: "typed-length <= 8", say-odd: "typed-odd == 0"}
              moves: {said: {"cancelled == 1": "''", "cancelled == 0": typed}}
    """
  static let ok = "\\r\\nOK\\r\\n"

  private func rules(_ text: String) throws -> [String] {
    try Session(text).outcome(Books.own(Self.yaml)).rules
  }

  private func say(_ typed: String, prompt: String = ">>", read: String) throws -> [String] {
    try rules(
      """
      0.1 --> "AT+SAY\\r"
      0.2 <-- "\\r\\n\(prompt)"
      0.3 --> "\(typed)"
      0.4 <-- "\(Self.ok)"
      0.5 --> "AT+SAY?\\r"
      0.6 <-- "\\r\\n+SAY: \(read)\\r\\n\(Self.ok)"
      """)
  }

  @Test func theTextIsReadBack() throws {
    #expect(try say("hello\\x1A", read: "\\\"hello\\\"") == [])
    #expect(try say("hello\\x1A", read: "\\\"hallo\\\"") == ["own.say-same"])
    #expect(try say("hello\\x1B", read: "\\\"\\\"") == [])
    #expect(try say("hello\\x1B", read: "\\\"hello\\\"") == ["own.say-same"])
  }

  @Test func aBackspaceTakesBackACharacter() throws {
    #expect(try say("hex\\x08llo\\x1A", read: "\\\"hello\\\"") == [])
    #expect(try say("\\x08hexy\\x08\\x08llo\\x1A", read: "\\\"hello\\\"") == [])
    #expect(try say("hex\\x08llo\\x1A", read: "\\\"hexllo\\\"") == ["own.say-same"])
    #expect(try say("12345678x\\x08\\x1A", read: "\\\"12345678\\\"") == [])
  }

  @Test func lengthAndCharactersAreCounted() throws {
    #expect(try say("123456789\\x1A", read: "\\\"123456789\\\"") == ["own.say-length"])
    #expect(try say("1234\\r\\n5678\\x1A", read: "\\\"1234\\r\\n5678\\\"") == [])
    #expect(try say("a\\x07b\\x1A", read: "\\\"ab\\\"") == ["own.say-odd", "own.say-same"])
  }

  @Test func quotesInsideARestAreText() throws {
    #expect(try say("a \\\"b\\\", c\\x1A", read: "\\\"a \\\"b\\\", c\\\"") == [])
    #expect(try say("abc\\x1A", read: "abc") == ["at.response-shape"])
  }

  @Test func thePromptHasTheSignsOfTheDocument() throws {
    #expect(try say("hello\\x1A", prompt: ">> ", read: "\\\"hello\\\"") == [])
    #expect(try say("hello\\x1A", prompt: ">", read: "\\\"hello\\\"") == ["at.response-shape"])
    #expect(try say("hello\\x1A", prompt: ">>>", read: "\\\"hello\\\"") == ["at.response-shape"])
    #expect(try rules("0.1 --> \"AT+SAY\\r\"\n0.2 <-- \"\(Self.ok)\"") == ["at.response-missing"])
  }

  @Test func theSecondCommandOfALineIsSeen() throws {
    #expect(try rules("0.1 --> \"ATE0\\r\"\n0.2 <-- \"\(Self.ok)\"") == [])
    #expect(try rules("0.1 --> \"ATE0V1\\r\"\n0.2 <-- \"\(Self.ok)\"") == ["own.alone"])
  }
}
