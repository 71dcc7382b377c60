import Inspect
import Profile
import Sessions
import Testing

/// Which of two profiles that share commands a session was recorded with.
@Suite struct RecognitionTests {
  static let small = """
    profile: %
    extends: 3gpp
    documents: [{id: %, title: %}]
    """
  static let old =
    small.replacing("%", with: "old") + """

      commands:
        +TEXT: {section: "1", read: {gives: "+TEXT: <a:int>"}, write: {takes: "<a:int 0..9>"}, exec: {prompt: ">", data: {ends: ctrl-z, from: host, as: text}}}
      """
  static let new =
    small.replacing("%", with: "new") + """

      commands:
        +TEXT: {section: "1", read: {gives: "+TEXT: <a:int>,<b:str>"}, write: {takes: "<a:int 0..3>[,<b:str>]"}, exec: {prompt: ">>", data: {ends: ctrl-z, from: host, as: text}}}
      """
  static let ok = "0.2 <-- \"\\r\\nOK\\r\\n\"\n"

  private func best(_ text: String) throws -> String {
    var recognition = Recognition(base: Books.generic, profiles: [try Books.own(Self.old), try Books.own(Self.new)])
    recognition.take(Session(text).batch)
    return recognition.best.profile
  }

  @Test func valuesTell() throws {
    #expect(try best("0.1 --> \"AT+TEXT=1,\\\"a\\\"\\r\"\n" + Self.ok) == "new")
    #expect(try best("0.1 --> \"AT+TEXT?\\r\"\n0.2 <-- \"\\r\\n+TEXT: 1\\r\\n\\r\\nOK\\r\\n\"") == "old")
    #expect(try best("0.1 --> \"AT+TEXT?\\r\"\n0.2 <-- \"\\r\\n+TEXT: 1,\\\"a\\\"\\r\\n\\r\\nOK\\r\\n\"") == "new")
  }

  @Test func promptsTell() throws {
    for (prompt, profile) in [(">", "old"), (">>", "new")] {
      let text = "0.1 --> \"AT+TEXT\\r\"\n0.2 <-- \"\\r\\n\(prompt)\"\n0.3 --> \"a\\x1A\"\n" + Self.ok
      #expect(try best(text) == profile)
    }
  }

  @Test func nothingKnownIsTheBase() throws {
    #expect(try best("0.1 --> \"AT+OTHER\\r\"\n" + Self.ok) == "3gpp")
  }
}
