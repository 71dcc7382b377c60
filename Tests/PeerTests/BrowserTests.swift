import Glibc
import Inspect
import Report
import Sessions
import Testing
import Trace

/// The HTML report in a real browser: clicks lead where they should, and nothing complains.
@Suite(.serialized) struct BrowserTests {
  private static let session = """
    #! baud 115200
    0.1 --> "AT\\r"
    0.2 <-- "\\r\\nOK\\r\\n"
    0.3 --> "AT+EMAILTO=5\\r"
    0.4 <-- "\\r\\nERROR\\r\\n"
    0.5 --> "AT+X=\\"</script><img src=x onerror=document.title='broken'>\\"\\r"
    0.6 <-- "\\r\\nERROR\\r\\n"
    0.7 --> "AT+CSQ\\r"
    9.9 <-- "\\r\\n+CSQ: 9,0\\r\\n\\r\\nOK\\r\\n"
    """

  /// Runs in the page when it is drawn, and leaves what it saw in an attribute of the body.
  private static let hook = """
    <script>
    const said = [];
    addEventListener("error", e => said.push(String(e.message)));
    console.error = (...words) => said.push(words.join(" "));
    addEventListener("load", () => setTimeout(() => {
      const seen = {}, one = q => document.querySelector(q), all = q => document.querySelectorAll(q);
      const rows = () => [...all(".rows tbody tr")].map(r => r.cells[0].textContent).join(" ");
      seen.rows = rows();
      one(".finding .owner a").click();
      seen.owner = location.hash;
      seen.focus = document.activeElement.id;
      one(".rows tbody a").click();
      seen.back = location.hash;
      const find = one(".find");
      find.value = "csq"; find.dispatchEvent(new Event("input"));
      one(".which").value = "failed"; one(".which").dispatchEvent(new Event("change"));
      seen.none = rows();
      one(".which").value = "all"; one(".which").dispatchEvent(new Event("change"));
      seen.found = rows();
      const range = () => one(".range").textContent;
      const wide = range();
      one("[data-do=in]").click();
      seen.zoomed = range() !== wide;
      one(".picture").dispatchEvent(new KeyboardEvent("keydown", {key: "0"}));
      seen.whole = range() === wide;
      seen.marks = all(".picture a").length;
      one(".picture rect[data-row='3']").dispatchEvent(new MouseEvent("click", {bubbles: true}));
      seen.clicked = location.hash;
      one(".hex").click();
      seen.hex = one(".bytes .marked code").textContent;
      seen.images = all("img").length;
      seen.title = document.title;
      seen.said = said.join("; ");
      document.body.setAttribute("data-seen", Object.entries(seen).map(p => p.join("=")).join("|"));
    }, 200));
    </script>
    """

  @Test func clicksSearchAndZoomWork() throws {
    let session = Session(Self.session)
    let inspector = Inspector(
      book: Books.mail, options: InspectionOptions(resolution: session.facts.resolution, chronicle: true))
    inspector.take(session.batch)
    inspector.finish()
    let report = InputReport(
      path: "a.trace", format: "trace", profile: "sim900", profileReason: "", start: nil,
      resolution: session.facts.resolution, ports: [""], findings: inspector.takeFindings(), warnings: [],
      inspector: inspector)
    let folder = Folder()
    let page = HTMLReport.text([report]).replacing("<main>", with: Self.hook + "<main>")
    let path = folder.path("report.html")
    let file = try #require(fopen(path, "w"))
    fputs(page, file)
    fclose(file)
    let words = [
      "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
      "--user-data-dir=\(folder.path("profile"))",
      "--virtual-time-budget=5000", "--window-size=1200,900", "--dump-dom", "file://\(path)",
    ]
    let dom = try #require(Peer.output(words), "chromium failed")
    let seen = try #require(dom.firstMatch(of: /data-seen="([^"]*)"/)).1
    var values: [Substring: Substring] = [:]
    for pair in seen.split(separator: "|") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      values[parts[0]] = parts.count > 1 ? parts[1] : ""
    }
    #expect(values["rows"] == "#1 #2 #3 #4")
    #expect(values["owner"] == "#i0-n2" && values["focus"] == "i0-n2")
    #expect(values["back"] == "#i0-f0")
    #expect(values["none"] == "")
    #expect(values["found"] == "#4")
    #expect(values["zoomed"] == "true" && values["whole"] == "true")
    #expect(values["marks"].flatMap { Int($0) } ?? 0 >= 1)
    #expect(values["clicked"] == "#i0-n3")
    #expect(values["hex"] == "41 54 2B 45 4D 41 49 4C 54 4F 3D 35 0D")
    #expect(values["images"] == "0" && values["title"] == "attrace: a.trace")
    #expect(values["said"] == "", "the console is silent")
  }
}
