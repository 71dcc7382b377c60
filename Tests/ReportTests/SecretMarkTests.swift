import Inspect
import Profile
import Report
import Sessions
import Testing
import Trace

/// Masks keep the length of what they hide, and the same value has the same mask wherever it stands.
@Suite struct SecretMarkTests {
  private static let text = """
    0.1 --> "AT+CMGF=1;+CPIN=\\"4711\\"\\r"
    0.2 <-- "\\r\\nERROR\\r\\n"
    0.3 --> "AT+CMGS=\\"+4917012345678\\"\\r"
    0.4 <-- "\\r\\n+CMS ERROR: 500\\r\\n"
    0.5 --> "ATD017012345678;\\r"
    0.6 <-- "\\r\\nNO CARRIER\\r\\n"
    0.7 --> "AT+CMGS=\\"+4917087654321\\"\\r"
    0.8 <-- "\\r\\n+CMS ERROR: 500\\r\\n"
    0.9 --> "AT+CPIN=\\"4711\\"\\r"
    1.0 <-- "\\r\\nERROR\\r\\n"
    1.1 --> "ATD*99***1#\\r"
    1.2 <-- "\\r\\nERROR\\r\\n"
    """

  private func decoded(_ session: Session, redact: Bool = true) -> [String] {
    let inspector = Inspector(book: Books.mail, options: InspectionOptions())
    var words = SessionText(book: Books.mail, redact: redact, style: TextStyle(color: false))
    var seen = ""
    inspector.take(session.batch) { batch in seen += words.text(batch) }
    inspector.finish { batch in seen += words.text(batch) }
    return seen.split(separator: "\n").map(String.init)
  }

  @Test func theSameValueHasTheSameMask() {
    let commands = decoded(Session(Self.text)).filter { $0.contains("command") }.joined(separator: "\n")
    for wanted in [
      "+CPIN=\"~1**\"", "+CMGS=\"~2************\"", "D~2**********", "+CMGS=\"~3************\"",
      "D*99***1#",
    ] { #expect(commands.contains(wanted), "\(wanted) in\n\(commands)") }
    #expect(commands.split(separator: "~1**").count == 3, "\(commands)")
  }

  @Test func cutsChangeNoMask() {
    #expect(decoded(Session(Self.text)) == decoded(Session(Self.text).cutIntoBytes()))
  }

  @Test func aPDUStaysReadable() {
    // To +49 170 1234567 in UCS2, then the same number in text.
    let lines = decoded(
      Session(
        """
        0.1 --> "AT+CMGF=0\\r"
        0.2 <-- "\\r\\nOK\\r\\n"
        0.3 --> "AT+CMGS=18\\r"
        0.4 <-- "\\r\\n> "
        0.5 --> "0011000C919471103254760008AA0400480069\\x1A"
        0.6 <-- "\\r\\n+CMGS: 1\\r\\n\\r\\nOK\\r\\n"
        0.7 --> "ATD+491701234567;\\r"
        0.8 <-- "\\r\\nNO CARRIER\\r\\n"
        """)
    ).joined(separator: "\n")
    #expect(lines.contains("0011000C91~1**********0008AA04********"), "\(lines)")
    #expect(lines.contains("D~1***********"), "\(lines)")
    #expect(lines.contains("+CMGS=18"), "\(lines)")
  }

  @Test func messagesOfFindingsHaveTheMasksOfTheTrace() throws {
    let session = Session(
      """
      0.1 --> "AT+CMGS=\\"+4917012345678\\"\\r"
      0.2 <-- "\\r\\n+CMS ERROR: 500\\r\\n"
      0.3 --> "AT+SMTPAUTH=7,\\"ada\\",\\"017012345678\\"\\r"
      0.4 <-- "\\r\\nERROR\\r\\n"
      0.5 --> "AT+SMTPFROM=017012345678\\r"
      0.6 <-- "\\r\\nERROR\\r\\n"
      """)
    let inspector = Inspector(book: Books.mail, options: InspectionOptions())
    inspector.take(session.batch)
    inspector.finish()
    let findings = inspector.takeFindings()
    let wrong = try #require(findings.first { $0.finding.message.contains("+SMTPFROM") })
    #expect(wrong.finding.message.contains("~1**********"), "\(wrong.finding.message)")
    #expect(wrong.context.contains { $0.text.contains("~1**********") }, "\(wrong.context)")
  }

  /// A command that the profile does not know asked for it.
  @Test func textThatNothingAskedForIsHidden() {
    let lines = decoded(
      Session(
        """
        0.1 --> "AT+NOTETEXT=19\\r"
        0.2 <-- "\\r\\nDOWNLOAD\\r\\n"
        0.3 --> "The words of a note"
        0.4 <-- "\\r\\nOK\\r\\n"
        0.5 --> "T+CSQ\\r"
        0.6 --> "\\xF3\\x83\\x02\\x91\\r"
        """)
    ).joined(separator: "\n")
    #expect(!lines.contains("words") && lines.contains("*******************"), "\(lines)")
    #expect(lines.contains("T+CSQ") && lines.contains("\\xF3\\x83"), "\(lines)")
  }

  @Test(arguments: [1, 2, 3, 4, 12, 40], [0, 1, 9, 10, 4096] as [Int32])
  func aMaskIsAsLongAsTheValue(_ count: Int, _ number: Int32) {
    let mask = SecretMark.text(of: count, number: number)
    #expect(mask.utf8.count == count)
    let tag = "~\(number)*"
    #expect(mask.hasPrefix(tag) == (number > 0 && count >= tag.utf8.count))
    #expect(SecretMark.withoutNumbers("<\(mask)>") == "<" + String(repeating: "*", count: count) + ">")
  }

  @Test func otherTextKeepsItsSigns() {
    for text in ["~1", "~x*", "a ~12 b", "~", "*~1"] { #expect(SecretMark.withoutNumbers(text) == text) }
  }

  @Test func valuesAreNumberedUpToALimit() {
    var numbers = SecretNumbers()
    for value in 0..<5000 { _ = numbers.number(of: Array("secret\(value)".utf8).span) }
    #expect(numbers.count == 4096)
    #expect(numbers.number(of: Array("secret17".utf8).span) == 18)
    #expect(numbers.number(of: Array("another".utf8).span) == 0)
    #expect(numbers.known(Array("SECRET17".utf8).span) == 18)
  }
}
