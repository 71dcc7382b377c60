import Capture
import Glibc
import Profile
import Report
import Trace

@main
struct Main {
  static func main() {
    var args = Array(CommandLine.arguments.dropFirst())
    var profile = "auto"
    var json = false
    var files: [String] = []
    let cmd = args.removeFirst()
    while !args.isEmpty {
      let a = args.removeFirst()
      switch a {
      case "--profile": profile = args.removeFirst()
      case "--format": json = args.removeFirst() == "json"
      case "--fail-on", "--color": _ = args.removeFirst()
      default: files.append(a)
      }
    }
    do {
      var settings = InputJob.Settings()
      if profile == "auto" {
        settings.base = try ProfileSource.load("3gpp")
        settings.candidates = try ProfileSource.candidates()
      } else {
        settings.book = try ProfileSource.load(profile)
      }
      if cmd == "decode" {
        var session = try Session(InputSource(path: files[0]), settings, book: settings.book)
        var out = SessionText(book: session.inspector.book, redact: true, style: TextStyle(color: false))
        while try session.advance(observe: { print(out.text($0), terminator: "") }) {}
        session.finish(observe: { print(out.text($0), terminator: "") })
        return
      }
      let reports = files.flatMap { InputJob(source: InputSource(path: $0), settings: settings).run().reports }
      print(json ? JSONReport.text(reports, version: "0") : TextReport.text(reports, style: TextStyle(color: false)))
    } catch {
      print(error)
      exit(2)
    }
  }
}
