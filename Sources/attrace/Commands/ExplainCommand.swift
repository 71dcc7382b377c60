import Capture
import Check
import Profile
import Report

/// `attrace explain`: one rule in full, or the list of all; as pages, all of them in full.
struct ExplainCommand {
  let rule: String?
  let profiles: [String]
  /// The folder that the pages are written to.
  let pages: String?

  init(_ arguments: ParsedArguments) throws(UsageError) {
    guard arguments.positionals.count < 2 else { throw UsageError("explain takes one rule; see 'attrace explain'") }
    rule = arguments.positionals.first
    profiles = arguments.values(.profile).filter { $0 != "auto" }
    pages = arguments.value(.pages)
    if pages != nil, rule != nil { throw UsageError("--pages writes all rules; leave \(rule ?? "the rule") out") }
  }

  func run() -> Int32 {
    do throws(ProfileError) {
      var books: [Book] = []
      for name in profiles.isEmpty ? Profiles.builtIn : profiles { books.append(try ProfileSource.load(name)) }
      if let pages { return write(RulePages.pages(books), to: pages) }
      guard let rule else {
        Console.write(RuleText.list(books))
        return ExitCode.clean
      }
      if let text = RuleText.explain(rule, books) {
        Console.write(text)
        return ExitCode.clean
      }
      let names = RuleText.names(books)
      let near =
        Spelling.nearest(to: rule, among: names).map { "did you mean \($0)?" } ?? "see 'attrace explain' for all"
      Console.complain("there is no rule '\(Printable.text(rule))'; \(near)")
      return ExitCode.failed
    } catch {
      Console.complain(error.message)
      return ExitCode.failed
    }
  }

  private func write(_ pages: [RulePages.Page], to folder: String) -> Int32 {
    guard FolderStore.make(folder) else { return ExitCode.failed }
    for page in pages where !ReportFile.write(page.text, to: folder + "/" + page.name) { return ExitCode.failed }
    return ExitCode.clean
  }
}
