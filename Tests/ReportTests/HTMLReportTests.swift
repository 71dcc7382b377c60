import Foundation
import Inspect
import Profile
import Report
import Sessions
import Testing
import Trace

/// The page for a browser: small, whole, safe against what stands in a log, and the same however bytes were cut.
@Suite struct HTMLReportTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func report(_ session: Session, _ book: Book = Books.mail, path: String = "a.trace") -> InputReport {
    let inspector = Inspector(
      book: book,
      options: InspectionOptions(
        resolution: session.facts.resolution, baud: session.facts.baud, chronicle: true))
    inspector.take(session.batch)
    inspector.finish()
    return InputReport(
      path: path, format: session.facts.format, profile: book.name, profileReason: "", start: session.facts.start,
      resolution: session.facts.resolution, ports: session.facts.ports, findings: inspector.takeFindings(),
      warnings: session.facts.warnings, inspector: inspector)
  }

  /// What the script of a page draws from.
  private func data(_ page: String) throws -> [String: Any] {
    let open = try #require(page.range(of: "data-input=\"0\">{"))
    let close = try #require(page.range(of: "</script>", range: open.upperBound..<page.endIndex))
    let text = "{" + page[open.upperBound..<close.lowerBound]
    return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test(arguments: ["sim900/mail-session", "3gpp/firmware-dies", "l610/broken-framing"])
  func theGalleryIsNotStale(_ name: String) throws {
    let path = "fixtures/\(name)/input.trace"
    let session = Session(log: [UInt8](try Data(contentsOf: Self.root.appending(path: path))))
    let book = try #require(Books.builtIn[String(name.prefix { $0 != "/" })])
    let file = "reports/gallery/\(name.replacing("/", with: "-")).html"
    let seen = try String(contentsOf: Self.root.appending(path: file), encoding: .utf8)
    let page = HTMLReport.text([Self.report(session, book, path: path)])
    #expect(page == seen, "\(file) is stale; make reports rewrites it")
  }

  @Test func whatStandsInALogStaysText() throws {
    let long = String(repeating: "A<b>&\\x00\\x1B[2J", count: 60_000)
    let session = Session(
      """
      0.1 --> "AT+X=\\"</script><script>alert(1)</script>\\x00\\x1B[31m\\xE2\\x80\\xAE\\"\\r"
      0.2 <-- "\\r\\n+X: <img src=x onerror=alert(1)>\\x1B]0;x\\x07\\r\\n\\r\\nERROR\\r\\n"
      0.3 <-- "\(long)\\r\\n"
      0.4 --> "AT+EMAILTO=5\\r"
      0.5 <-- "\\r\\nERROR\\r\\n"
      """)
    let path = "</title><script>alert(2)</script>'\"&\u{202E}\u{1B}[31m\u{0}\u{200F}.trace"
    let page = HTMLReport.text([Self.report(session, path: path)])
    #expect(!page.contains("<script>alert") && !page.contains("<img"))
    #expect(page.contains("&lt;/title&gt;&lt;script&gt;alert(2)"))
    #expect(page.components(separatedBy: "<script").count == 3, "the data and the script, nothing else")
    let isClean = page.unicodeScalars.allSatisfy {
      !($0.value < 0x20 && $0 != "\n") && !(0x7F...0x9F).contains($0.value) && !(0x200B...0x200F).contains($0.value)
        && !(0x202A...0x202E).contains($0.value)
    }
    #expect(isClean)
    #expect(page.utf8.count < 200_000)
    let rows = try #require(data(page)["rows"] as? [[Any]])
    #expect((rows.first?[7] as? String)?.hasPrefix("AT+X=\"</script><script>alert(1)") == true)
  }

  @Test func secretsAreHidden() {
    let page = HTMLReport.text([Self.report(Session(ReportTests.secret))])
    for word in ReportTests.words { #expect(!page.contains(word), "\(word)") }
    #expect(page.contains("AT+CPIN="))
  }

  /// Bytes at one instant, cut anywhere, are the same session.
  @Test(arguments: [1, 2, 3, 7]) func cutsDoNotMatter(_ position: Int) throws {
    let path = "fixtures/sim900/mail-session/input.trace"
    let session = Session(log: [UInt8](try Data(contentsOf: Self.root.appending(path: path))))
    let whole = try data(HTMLReport.text([Self.report(session)]))
    let cut = try data(HTMLReport.text([Self.report(session.cut(everyChunkAt: position))]))
    #expect(NSDictionary(dictionary: whole) == NSDictionary(dictionary: cut))
  }

  private static func polls(_ count: Int, faultyEvery period: Int) -> Session {
    var text = "#!attrace 1\n"
    for index in 0..<count {
      let time = Decimal.seconds(Int64(index) * 1_000_000_000)
      // Some take longer than others.
      let answered = Decimal.seconds(Int64(index) * 1_000_000_000 + 20_000_000 + Int64(index % 977) * 100_000)
      let isFaulty = period > 0 && index % period == period - 1
      text += "\(time) --> \"\(isFaulty ? "AT+EMAILTO=5" : "AT+CSQ")\\r\"\n"
      text += "\(answered) <-- \"\(isFaulty ? "\\r\\nERROR\\r\\n" : "\\r\\n+CSQ: 9,0\\r\\n\\r\\nOK\\r\\n")\"\n"
    }
    return Session(log: Array(text.utf8))
  }

  @Test func aLongSessionIsSummarised() throws {
    let report = Self.report(Self.polls(20_000, faultyEvery: 1000))
    let page = HTMLReport.text([report])
    #expect(page.utf8.count < 1_000_000)
    let rows = try #require(data(page)["rows"] as? [[Any]])
    let numbers = rows.compactMap { $0[0] as? Int }
    #expect(numbers.count < 2001 && numbers == numbers.sorted())
    #expect(page.contains("\(numbers.count) of 20000 are here"))
    #expect(page.contains("\(20_000 - numbers.count) are left out"))
    for faulty in stride(from: 1000, through: 20_000, by: 1000) {
      #expect(numbers.contains(faulty) && numbers.contains(faulty - 1), "\(faulty)")
      #expect(faulty == 20_000 || numbers.contains(faulty + 1))
    }
    // The slowest: number 977 and those 977 behind.
    #expect(numbers.contains(977) && numbers.contains(977 * 20))
    #expect(numbers.contains(1) && numbers.contains(20_000))
  }

  @Test func manyFindingsStayWithinAMegabyte() throws {
    let report = Self.report(Self.polls(12_000, faultyEvery: 2))
    #expect(report.findings.count >= 6000)
    let page = HTMLReport.text([report])
    #expect(page.utf8.count < 1_000_000)
    #expect(page.contains("more: <code>attrace check --format jsonl a.trace</code> lists them all"))
  }

  @Test func severalInputsHaveATableAndOneBudget() {
    let reports = (0..<60).map {
      Self.report(Self.polls(40, faultyEvery: $0 % 3 == 0 ? 4 : 0), path: "log-\($0).trace")
    }
    let page = HTMLReport.text(reports)
    #expect(page.utf8.count < 1_000_000)
    #expect(page.contains("in 20 of 60 inputs"))
    #expect(page.components(separatedBy: "<section").count - 1 == 40)
    for index in 0..<60 { #expect(page.contains("log-\(index).trace")) }
  }

  @Test func theVerdictSaysWhoseFaultItIs() {
    let bad = HTMLReport.text([Self.report(Self.polls(10, faultyEvery: 5))])
    #expect(bad.contains("Broken: 2 errors"))
    #expect(bad.contains("Most likely the host (all 2 errors)"))
    let good = HTMLReport.text([Self.report(Self.polls(10, faultyEvery: 0))])
    #expect(good.contains("No fault found"))
    #expect(HTMLReport.text([Self.report(Session(""))]).contains("No command line was recognised"))
  }

  @Test func aLogWithoutTimeIsDrawnByItsLines() throws {
    let session = Session(
      "- --> \"AT\\r\"\n- <-- \"\\r\\nOK\\r\\n\"\n- --> \"AT+EMAILTO=5\\r\"\n- <-- \"\\r\\nERROR\\r\\n\"")
    let found = try data(HTMLReport.text([Self.report(session)]))
    #expect(found["unit"] as? String == (session.facts.resolution.hasTime ? "s" : "line"))
    #expect((found["rows"] as? [[Any]])?.count == 2)
    #expect((found["marks"] as? [[Any]])?.isEmpty == false)
  }
}
