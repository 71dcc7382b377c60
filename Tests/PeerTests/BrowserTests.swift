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
    let values = try Self.seen(HTMLReport.text([report]).replacing("<main>", with: Self.hook + "<main>"), width: 1200)
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

  /// Runs in a comparison's page: it is read, not clicked.
  private static let reading = """
    <script>
    const said = [];
    addEventListener("error", e => said.push(String(e.message)));
    console.error = (...words) => said.push(words.join(" "));
    addEventListener("load", () => setTimeout(() => {
      const seen = {}, all = q => [...document.querySelectorAll(q)];
      seen.title = document.title;
      seen.images = all("img").length;
      seen.heads = all("h3").map(h => h.textContent).join(",");
      seen.changed = all(".changes .kind").length;
      // What is wide scrolls by itself; the page does not.
      seen.overflow = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      seen.hidden = all(".pair td").every(c => getComputedStyle(c).visibility === "visible");
      seen.said = said.join("; ");
      document.body.setAttribute("data-seen", Object.entries(seen).map(p => p.join("=")).join("|"));
    }, 200));
    </script>
    """

  @Test(arguments: [1200, 500]) func aComparisonIsReadAtAnyWidth(_ width: Int) throws {
    let folder = Folder()
    let old = Self.session.split(separator: "\n").map(String.init)
    let new =
      old.map { $0.replacing("AT+EMAILTO=5", with: "AT+EMAILTO=\(String(repeating: "7", count: 300))") } + [
        "10.1 --> \"AT+CREG?\\r\"", "10.2 <-- \"\\r\\n+CREG: 0,1\\r\\n\\r\\nOK\\r\\n\"",
      ]
    for (name, lines) in [("old", old), ("new", new)] {
      let text = "#!attrace 1\n" + lines.joined(separator: "\n") + "\n"
      Folder.write(Array(text.utf8), to: folder.path("\(name)<img src=x>.trace"))
    }
    let program = try #require(TapProcess.program())
    let words = [
      program, "diff", "--fail-on", "never", "--profile", "sim900", "--format", "html",
      folder.path("old<img src=x>.trace"),
      folder.path("new<img src=x>.trace"),
    ]
    let page = try #require(Peer.output(["/bin/sh", "-c", "\"$0\" \"$@\" || [ $? -eq 1 ]"] + words), "diff failed")
    // The page runs no script at all; only the one of this test may.
    #expect(page.contains("default-src 'none'; style-src"))
    let opened = page.replacing("default-src 'none';", with: "default-src 'none'; script-src 'unsafe-inline';")
    let values = try Self.seen(opened.replacing("<main>", with: Self.reading + "<main>"), width: width)
    #expect(values["title"]?.contains("diff") == true || values["title"]?.contains("attrace") == true, "\(values)")
    #expect(values["images"] == "0", "\(values)")
    #expect(
      values["heads"]?.contains("Changes") == true && values["heads"]?.contains("Side by side") == true, "\(values)")
    #expect(values["changed"].flatMap { Int($0) } ?? 0 >= 2, "\(values)")
    #expect(values["overflow"] == "0" && values["hidden"] == "true", "\(values)")
    #expect(values["said"] == "", "the console is silent")
  }

  /// What the script in a page left in it.
  private static func seen(_ page: String, width: Int) throws -> [Substring: Substring] {
    let folder = Folder()
    let path = folder.path("page.html")
    Folder.write(Array(page.utf8), to: path)
    let words = [
      "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
      "--user-data-dir=\(folder.path("profile"))",
      "--virtual-time-budget=5000", "--window-size=\(width),900", "--dump-dom", "file://\(path)",
    ]
    let dom = try #require(Peer.output(words), "chromium failed")
    let seen = try #require(dom.firstMatch(of: /data-seen="([^"]*)"/)).1
    var values: [Substring: Substring] = [:]
    for pair in String(seen).split(separator: "|") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      values[parts[0]] = parts.count > 1 ? parts[1] : ""
    }
    return values
  }
}
