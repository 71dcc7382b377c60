import Testing

@testable import attrace

/// The command line: taken apart, completed and explained from the same values.
@Suite struct FlagTests {
  private func message(_ arguments: String...) -> String {
    do throws(UsageError) {
      let parsed = try ArgumentParser.parse(arguments)
      if parsed.command?.name == "check" { _ = try CheckCommand(parsed) }
      return ""
    } catch {
      return error.message
    }
  }

  @Test func flagsMayBeWrittenInEveryWay() throws {
    let parsed = try ArgumentParser.parse([
      "check", "--profile", "a", "--profile=b", "-pc", "-p", "d", "-q", "--", "--odd", "-",
    ])
    #expect(parsed.values(.profile) == ["a", "b", "c", "d"])
    #expect(parsed.has(.quiet))
    #expect(parsed.positionals == ["--odd", "-"])
  }

  @Test func mistakesAreOneLineThatHelps() {
    #expect(message("chek").contains("did you mean 'check'"))
    #expect(message("check", "--profil", "x").contains("did you mean '--profile'"))
    #expect(message("check", "-Z").contains("no flag '-Z'"))
    #expect(message("check", "--baud", "fast", "x").contains("a number from"))
    #expect(message("check", "--baud").contains("needs a value"))
    #expect(message("check", "--quiet=yes", "x").contains("takes no value"))
    #expect(message("check", "--format", "jsn", "x").contains("json"))
    #expect(message("check", "--fail-on", "error", "--fail-on", "note", "x").contains("twice"))
    #expect(message("check").contains("needs an input"))
    #expect(message("check", "--format", "json", "--format", "text", "x").contains("standard output"))
    #expect(message("check", "-o", "a", "-o", "b", "x").contains("each -o its --format"))
    #expect(message("check", "--profile", "auto", "--profile", "3gpp", "x").contains("auto"))
    for text in [message("ch\u{1B}ek"), message("check", "--\u{7}x")] {
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 })
    }
  }

  @Test func theKthOutputBelongsToTheKthFormat() throws {
    let parsed = try ArgumentParser.parse(["check", "--format", "json", "-o", "r.json", "--format", "text", "x"])
    let outputs = try CommonOptions(parsed, format: .reportFormat).outputs
    #expect(outputs.map(\.format) == ["json", "text"])
    #expect(outputs.map(\.path) == ["r.json", nil])
  }

  @Test func helpFitsEightyColumns() {
    for text in [HelpText.tool()] + CommandLineInterface.commands.map(HelpText.command) {
      for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func everyFlagIsCompleted(_ shell: String) throws {
    let text = try #require(Completions.text(for: shell))
    for command in CommandLineInterface.commands {
      #expect(text.contains(command.name))
      for flag in command.flags { #expect(text.contains(flag.name), "\(flag.name)") }
    }
  }

  @Test func everyFlagStandsInHelpAndManPage() {
    let page = ManPage.text()
    for command in CommandLineInterface.commands {
      let help = HelpText.command(command)
      for flag in command.flags {
        #expect(help.contains("--\(flag.name)"))
        #expect(page.contains("\\-\\-" + flag.name.replacing("-", with: "\\-")))
      }
    }
  }
}
