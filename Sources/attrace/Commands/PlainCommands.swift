import Capture

/// The commands that only print what the program knows of itself.
enum PlainCommands {
  static func formats() -> Int32 {
    var text = ""
    for format in FormatRegistry.all {
      text += "\(format.name)\n  \(format.summary)\n  example: \(format.example)\n"
    }
    Console.write(text)
    return ExitCode.clean
  }

  static func completions(_ arguments: ParsedArguments) throws(UsageError) -> Int32 {
    guard arguments.positionals.count == 1, let shell = arguments.positionals.first,
      let text = Completions.text(for: shell)
    else { throw UsageError("completions are for bash, zsh or fish; name one of them") }
    Console.write(text)
    return ExitCode.clean
  }

  static func help(_ arguments: ParsedArguments) throws(UsageError) -> Int32 {
    guard let name = arguments.positionals.first else {
      Console.write(HelpText.tool())
      return ExitCode.clean
    }
    guard let command = CommandLineInterface.command(name) else {
      throw UsageError("there is no command '\(Printable.text(name))'; see 'attrace help'")
    }
    Console.write(HelpText.command(command))
    return ExitCode.clean
  }
}
