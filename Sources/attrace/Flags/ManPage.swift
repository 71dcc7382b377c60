/// The man page, in roff, made from the flags and commands.
enum ManPage {
  static func text() -> String {
    var page = ".TH ATTRACE 1 \"\" \"attrace \(CommandLineInterface.version)\" \"User Commands\"\n"
    page += ".SH NAME\nattrace \\- \(escape(CommandLineInterface.summary))\n"
    page += ".SH SYNOPSIS\n.B attrace\n.I COMMAND\n[\\fIFLAGS\\fR] ...\n"
    page +=
      ".SH DESCRIPTION\n"
      + escape(
        "Takes serial logs, reconstructs what host and modem said to each other, checks every byte of it against the vendor's manual, and reports each breach with document and section."
      ) + "\n"
    page += ".SH COMMANDS\n"
    for command in CommandLineInterface.commands {
      page += ".SS \(escape("attrace \(command.name) \(command.arguments)"))\n"
      page += escape(command.summary.prefix(1).uppercased() + command.summary.dropFirst() + ".") + "\n"
      if !command.more.isEmpty { page += ".PP\n" + escape(command.more) + "\n" }
      for flag in command.flags {
        page += ".TP\n.B \(escape(flag.usage.split(separator: " ").joined(separator: " ")))\n"
        page += escape(flag.help.prefix(1).uppercased() + flag.help.dropFirst() + ". " + flag.more) + "\n"
      }
      for example in command.examples {
        page += ".PP\n\(escape(example.says)):\n.PP\n.nf\n.RS\n\(escape(example.line))\n.RE\n.fi\n"
      }
    }
    page += ".SH CONFIGURATION\n"
    page += escape("The YAML file of --config, looked for upward from the working directory as .attrace.yaml:") + "\n"
    for entry in ConfigHelp.entries { page += ".TP\n.B \(escape(entry.key))\n\(escape(entry.says))\n" }
    page += ".SH EXIT STATUS\n"
    for exit in CommandLineInterface.exitCodes { page += ".TP\n.B \(exit.code)\n\(escape(exit.meaning))\n" }
    page += ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nNo colour, whatever the terminal.\n"
    return page
  }

  /// A leading dot or quote would be a request, a backslash an escape, and a hyphen must stay one.
  private static func escape(_ text: String) -> String {
    var result = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    if result.hasPrefix(".") || result.hasPrefix("'") { result = "\\&" + result }
    return result
  }
}
