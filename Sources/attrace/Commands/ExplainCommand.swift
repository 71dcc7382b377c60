import Capture
import Check
import Profile
import Report

/// `attrace explain`: one rule in full, or the list of all.
struct ExplainCommand {
  let rule: String?
  let profiles: [String]

  init(_ arguments: ParsedArguments) throws(UsageError) {
    guard arguments.positionals.count < 2 else { throw UsageError("explain takes one rule; see 'attrace explain'") }
    rule = arguments.positionals.first
    profiles = arguments.values(.profile).filter { $0 != "auto" }
  }

  func run() -> Int32 {
    do throws(ProfileError) {
      var books: [Book] = []
      for name in profiles.isEmpty ? Profiles.builtIn : profiles { books.append(try ProfileSource.load(name)) }
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
}
