/// Help made from the flags and commands; fits 80 columns.
enum HelpText {
  static let width = 80

  static func tool() -> String {
    var text =
      "attrace \(CommandLineInterface.version): \(CommandLineInterface.summary)\n\nUsage: attrace COMMAND [FLAGS] ...\n\nCommands:\n"
    for command in CommandLineInterface.commands { text += row(command.name, command.summary, column: 14) }
    text += "\nFlags:\n"
    for flag in CommandLineInterface.flags { text += row(flag.usage, flag.help, column: 18) }
    text += "\nExit codes:\n"
    for exit in CommandLineInterface.exitCodes { text += row(String(exit.code), exit.meaning, column: 4) }
    return text + "\n'attrace help COMMAND' tells more about a command.\n"
  }

  static func command(_ command: CommandDescription) -> String {
    let usage =
      "attrace \(command.name)" + (command.flags.count > 1 ? " [FLAGS]" : "")
      + (command.arguments.isEmpty ? "" : " \(command.arguments)")
    var text =
      wrap("\(usage)", indent: 7, first: "Usage: ") + "\n\n" + wrap(upper(command.summary) + ".", indent: 0) + "\n"
    if !command.more.isEmpty { text += "\n" + wrap(command.more, indent: 0) + "\n" }
    text += "\nFlags:\n"
    for flag in command.flags {
      text += row(flag.usage, flag.help, column: 30)
      if !flag.more.isEmpty { text += wrap(flag.more, indent: 10, first: String(repeating: " ", count: 10)) + "\n" }
    }
    if !command.examples.isEmpty {
      text += "\nExamples:\n"
      for example in command.examples { text += "  # \(example.says)\n  \(example.line)\n" }
    }
    return text
  }

  private static func upper(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  private static func row(_ left: String, _ right: String, column: Int) -> String {
    let head = "  " + left
    let gap = max(2, column + 2 - head.count)
    let indent = head.count + gap > column + 2 ? column + 2 : head.count + gap
    return wrap(right, indent: indent, first: head + String(repeating: " ", count: gap)) + "\n"
  }

  /// Sets text within the width; `first` stands before the first line.
  static func wrap(_ text: String, indent: Int, first: String = "") -> String {
    var result = first
    var column = first.count
    var isStart = true
    for word in text.split(separator: " ") {
      if !isStart, column + 1 + word.count > width {
        result += "\n" + String(repeating: " ", count: indent)
        column = indent
        isStart = true
      } else if isStart, column + word.count > width, column > indent {
        result += "\n" + String(repeating: " ", count: indent)
        column = indent
      }
      if !isStart {
        result += " "
        column += 1
      }
      result += word
      column += word.count
      isStart = false
    }
    return result
  }
}
