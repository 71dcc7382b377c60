import Testing

@testable import attrace

/// The command line: taken apart, completed and explained from the same values.
@Suite struct FlagTests {
  private func message(_ arguments: String...) -> String {
    do throws(UsageError) {
      let parsed = try ArgumentParser.parse(arguments)
      if parsed.command?.name == "check" { _ = try CheckCommand(parsed) }
      if parsed.command?.name == "tap" { _ = try TapCommand(parsed) }
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

  @Test func aTapFollowsOneLine() {
    #expect(message("tap").contains("needs a line"))
    #expect(message("tap", "--proxy", "/dev/a", "--follow", "b").contains("one line"))
    #expect(message("tap", "--rx", "/dev/a").contains("--tx"))
    #expect(message("tap", "--tx", "/dev/a").contains("--rx"))
    #expect(message("tap", "--link", "/tmp/a", "-").contains("--proxy"))
    #expect(message("tap", "some.log").contains("--follow some.log"))
    #expect(message("tap", "--tcp-proxy", "host").contains("LISTEN:HOST:PORT"))
    #expect(message("tap", "-", "--rotate", "10M").contains("-w FILE"))
    #expect(message("tap", "-", "-w", "a.trace", "--rotate", "10 parsecs").contains("10M"))
    #expect(message("tap", "-", "-w", "a.trace", "--rotate", "1h", "--rotate", "2h").contains("one size"))
    #expect(message("tap", "-", "-w", "a.trace", "--flush", "0s").contains("500ms"))
    #expect(message("tap", "-i", "lo", "-w", "a.pcap").contains(".pcapng"))
    #expect(message("tap", "-", "--baud", "0").contains("a number from"))
    #expect(message("tap", "-", "-w", "a.trace", "--rotate", "10M", "--rotate", "1h", "--keep", "3") == "")
  }

  @Test func quantitiesHaveUnits() {
    #expect(Quantity.span("500ms") == 500_000_000)
    #expect(Quantity.span("1d") == 86_400_000_000_000)
    #expect(Quantity.size("10M") == 10_000_000)
    for text in ["", "5", "ms", "-1s", "1 s", "99999999999999999999s", "9223372036854775807h", "10m5s"] {
      #expect(Quantity.span(text) == nil, "\(text)")
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
