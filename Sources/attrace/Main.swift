import Glibc

/// Takes the command line apart and runs the command.
@main
struct Main {
  static func main() {
    signal(SIGPIPE, SIG_IGN)
    do throws(UsageError) {
      exit(try run(ArgumentParser.parse(Array(CommandLine.arguments.dropFirst()))))
    } catch {
      Console.complain(error.message)
      exit(ExitCode.failed)
    }
  }

  private static func run(_ arguments: ParsedArguments) throws(UsageError) -> Int32 {
    if arguments.has(.version) {
      Console.write("attrace \(CommandLineInterface.version)\n")
      return ExitCode.clean
    }
    if arguments.has(.help) {
      Console.write(arguments.command.map(HelpText.command) ?? HelpText.tool())
      return ExitCode.clean
    }
    guard let command = arguments.command else {
      throw UsageError("no command is given; see 'attrace help', or begin with 'attrace check FILE'")
    }
    switch command.name {
    case "check": return try CheckCommand(arguments).run()
    case "decode": return try DecodeCommand(arguments).run()
    case "tap": return try TapCommand(arguments).run()
    case "extract": return try ExtractCommand(arguments).run()
    case "convert": return try ConvertCommand(arguments).run()
    case "diff": return try DiffCommand(arguments).run()
    case "explain": return try ExplainCommand(arguments).run()
    case "profiles": return try ProfilesCommand(arguments).run()
    case "completions": return try PlainCommands.completions(arguments)
    case "help": return try PlainCommands.help(arguments)
    default: break
    }
    guard arguments.positionals.isEmpty else { throw UsageError("\(command.name) takes nothing more") }
    if command.name == "man" {
      Console.write(ManPage.text())
      return ExitCode.clean
    }
    return PlainCommands.formats()
  }
}
