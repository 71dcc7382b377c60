import Capture
import Profile
import Report

/// `attrace profiles`: list, show, lint, coverage.
struct ProfilesCommand {
  private enum Action {
    case list
    case show(name: String, command: String?)
    case lint([String])
    case coverage(name: String, markdown: Bool, path: String?)
  }
  private let action: Action

  init(_ arguments: ParsedArguments) throws(UsageError) {
    let words = arguments.positionals
    if words.first != "coverage", let flag = arguments.given.first(where: { $0.flag.name != Flag.help.name }) {
      throw UsageError("--\(flag.flag.name) belongs to 'attrace profiles coverage NAME'; leave it out")
    }
    switch words.first {
    case nil, "list":
      guard words.count < 2 else { throw UsageError("profiles list takes nothing more") }
      action = .list
    case "show":
      guard words.count == 2 || words.count == 3 else {
        throw UsageError("write 'attrace profiles show NAME' or 'attrace profiles show NAME COMMAND'")
      }
      action = .show(name: words[1], command: words.count > 2 ? words[2] : nil)
    case "lint":
      guard words.count > 1 else { throw UsageError("profiles lint needs the files or folders of a profile") }
      action = .lint(Array(words.dropFirst()))
    case "coverage":
      guard words.count == 2 else { throw UsageError("write 'attrace profiles coverage NAME'") }
      let paths = arguments.values(.output)
      guard paths.count < 2 else { throw UsageError("one report for several files; give -o once") }
      action = .coverage(
        name: words[1], markdown: arguments.has(.markdown), path: paths.first == "-" ? nil : paths.first)
    case .some(let word):
      throw UsageError("profiles cannot '\(Printable.text(word))'; it can list, show, lint and tell the coverage")
    }
  }

  func run() -> Int32 {
    do throws(ProfileError) {
      switch action {
      case .list:
        var books: [Book] = []
        for name in Profiles.builtIn { books.append(try Profiles.load(name)) }
        Console.write(ProfileText.list(books))
        return ExitCode.clean
      case .show(let name, let command): return try show(ProfileSource.load(name), command)
      case .lint(let paths): return try lint(paths)
      case .coverage(let name, let markdown, let path):
        return coverage(try ProfileSource.load(name, withSections: true), markdown: markdown, path)
      }
    } catch {
      Console.complain(error.message)
      return ExitCode.failed
    }
  }

  private func coverage(_ book: Book, markdown: Bool, _ path: String?) -> Int32 {
    guard !book.sections.isEmpty else {
      Console.complain("\(book.name) does not list the sections of its document; add `sections:` to the profile")
      return ExitCode.failed
    }
    let text = markdown ? CoverageTable.markdown(book) : CoverageTable.text(book)
    return ReportFile.write(text, to: path) ? ExitCode.clean : ExitCode.failed
  }

  private func show(_ book: Book, _ command: String?) -> Int32 {
    guard let command else {
      Console.write(ProfileText.profile(book))
      return ExitCode.clean
    }
    let upper = command.uppercased()
    let name = upper.hasPrefix("AT") && upper.count > 2 ? String(upper.dropFirst(2)) : upper
    guard let spec = book.command(named: name) else {
      let near = Spelling.nearest(to: name, among: book.commands.map(\.name)).map { "did you mean \($0)?" }
      Console.complain(
        "\(book.name) has no command '\(Printable.text(command))'; \(near ?? "see 'attrace profiles show \(book.name)'")"
      )
      return ExitCode.failed
    }
    Console.write(ProfileText.command(spec, of: book))
    return ExitCode.clean
  }

  /// Files of one folder make one profile; files named one by one make one profile together.
  private func lint(_ paths: [String]) throws(ProfileError) -> Int32 {
    var files: [ManualFile] = []
    var problems: [Diagnostic] = []
    for path in paths {
      let found = try ProfileSource.files(path)
      if found.count == 1, found.first?.file == path { files += found } else { problems += Profiles.lint(files: found) }
    }
    if !files.isEmpty { problems += Profiles.lint(files: files) }
    for problem in problems { Console.write(Escaped.line(problem.text) + "\n") }
    let errors = problems.count { $0.severity == .error }
    Console.write("\(errors) error\(errors == 1 ? "" : "s"), \(problems.count - errors) warnings\n")
    return errors > 0 ? ExitCode.findings : ExitCode.clean
  }
}
