/// Completions for shells, made from the flags and commands.
enum Completions {
  static func text(for shell: String) -> String? {
    switch shell {
    case "bash": bash()
    case "zsh": zsh()
    case "fish": fish()
    default: nil
    }
  }

  private static var names: String { CommandLineInterface.commands.map(\.name).joined(separator: " ") }

  private static func words(_ command: CommandDescription) -> [String] {
    command.name == "help" ? CommandLineInterface.commands.map(\.name) : command.words
  }

  private static func bash() -> String {
    var text = """
      # bash completions for attrace
      _attrace() {
        local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
        COMPREPLY=()
        if [ "$COMP_CWORD" -eq 1 ]; then
          COMPREPLY=($(compgen -W "\(names) --help --version" -- "$current"))
          return
        fi
        case "$command" in

      """
    for command in CommandLineInterface.commands {
      text += "    \(command.name))\n      case \"$previous\" in\n"
      for flag in command.flags {
        guard flag.argumentName != nil else { continue }
        let patterns = "--\(flag.name)" + (flag.letter.map { "|-\($0)" } ?? "")
        let reply =
          flag.choices.isEmpty
          ? "COMPREPLY=($(compgen -f -- \"$current\"))"
          : "COMPREPLY=($(compgen -W \"\(flag.choices.joined(separator: " "))\" -- \"$current\"))"
        text += "        \(patterns)) \(reply); return ;;\n"
      }
      let flags = command.flags.flatMap { flag in ["--\(flag.name)"] + (flag.letter.map { ["-\($0)"] } ?? []) }
      text += "      esac\n      case \"$current\" in\n"
      text += "        -*) COMPREPLY=($(compgen -W \"\(flags.joined(separator: " "))\" -- \"$current\")) ;;\n"
      let words = words(command)
      text +=
        words.isEmpty
        ? "        *) COMPREPLY=($(compgen -f -- \"$current\")) ;;\n"
        : "        *) COMPREPLY=($(compgen -W \"\(words.joined(separator: " "))\" -f -- \"$current\")) ;;\n"
      text += "      esac ;;\n"
    }
    return text + "  esac\n}\ncomplete -o filenames -F _attrace attrace\n"
  }

  private static func zsh() -> String {
    var text = "#compdef attrace\n_attrace() {\n  local -a commands\n  commands=(\n"
    for command in CommandLineInterface.commands { text += "    '\(command.name):\(quote(command.summary))'\n" }
    text +=
      "  )\n  if (( CURRENT == 2 )); then\n    _describe 'command' commands\n    return\n  fi\n  case $words[2] in\n"
    for command in CommandLineInterface.commands {
      text += "    \(command.name))\n      _arguments \\\n"
      for flag in command.flags {
        let value =
          flag.argumentName.map { name in
            flag.choices.isEmpty ? ":\(name):_files" : ":\(name):(\(flag.choices.joined(separator: " ")))"
          } ?? ""
        for spelling in ["--\(flag.name)"] + (flag.letter.map { ["-\($0)"] } ?? []) {
          text += "        '\(flag.repeats ? "*" : "")\(spelling)[\(quote(flag.help))]\(value)' \\\n"
        }
      }
      let words = words(command)
      text += words.isEmpty ? "        '*:file:_files' ;;\n" : "        '*:word:(\(words.joined(separator: " ")))' ;;\n"
    }
    return text + "  esac\n}\n_attrace \"$@\"\n"
  }

  private static func quote(_ text: String) -> String {
    text.replacing("'", with: "'\\''").replacing("[", with: "\\[").replacing("]", with: "\\]").replacing(
      ":", with: "\\:")
  }

  private static func fish() -> String {
    var text = "# fish completions for attrace\ncomplete -c attrace -n __fish_use_subcommand -f\n"
    for command in CommandLineInterface.commands {
      text += "complete -c attrace -n __fish_use_subcommand -a \(command.name) -d '\(fishQuote(command.summary))'\n"
    }
    for flag in CommandLineInterface.flags {
      text +=
        "complete -c attrace -n __fish_use_subcommand -l \(flag.name)\(flag.letter.map { " -s \($0)" } ?? "") -d '\(fishQuote(flag.help))'\n"
    }
    for command in CommandLineInterface.commands {
      let condition = "-n '__fish_seen_subcommand_from \(command.name)'"
      for flag in command.flags {
        var line = "complete -c attrace \(condition) -l \(flag.name)"
        if let letter = flag.letter { line += " -s \(letter)" }
        if flag.argumentName != nil { line += " -r" }
        if !flag.choices.isEmpty { line += " -f -a '\(flag.choices.joined(separator: " "))'" }
        text += line + " -d '\(fishQuote(flag.help))'\n"
      }
      let words = words(command)
      if !words.isEmpty { text += "complete -c attrace \(condition) -f -a '\(words.joined(separator: " "))'\n" }
    }
    return text
  }

  private static func fishQuote(_ text: String) -> String { text.replacing("'", with: "\\'") }
}
