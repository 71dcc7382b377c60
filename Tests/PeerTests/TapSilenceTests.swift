import Glibc
import Sessions
import Testing

/// A modem that says nothing: that is told when its time is over, not with the next byte.
@Suite struct TapSilenceTests {
  private static let profile = """
    profile: hurried
    extends: 3gpp
    documents: [{id: HURRY, title: A modem in a hurry, version: "1", date: 2024-01-01}]
    commands:
      +QUICK: {section: "1", title: Answers at once, within: 1s, exec: {}}

    """

  @Test(arguments: [false, true]) func aSilentModemIsToldInTime(echoes: Bool) throws {
    let folder = Folder()
    Folder.write(Array(Self.profile.utf8), to: folder.path("hurried.yaml"))
    let line = try #require(PtyPair())
    let tap = try Tap(proxy: line.path, profile: folder.path("hurried.yaml"))
    let host = try tap.openApplication()
    defer { close(host) }
    let command = Array("AT+QUICK\r".utf8)
    #expect(write(host, command, command.count) == command.count)
    if echoes { #expect(write(line.end, command, command.count) == command.count) }
    let sent = LinePump.now()
    #expect(tap.process.says("at.response-timeout", within: 8_000), "\(tap.process.printed)")
    // A machine that tests much at once may be late, and is never early.
    #expect(LinePump.now() - sent > 900_000_000)
    #expect(tap.end() == 1)
    let told = tap.process.printed.split(separator: "\n").filter { $0.contains(" error at.response-timeout:") }
    #expect(told.count == 2, "once when it is found, once in the report: \(tap.process.printed)")
    #expect(tap.process.printed.contains("the limit is 1 s"))
  }
}
