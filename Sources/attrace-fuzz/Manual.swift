import Profile
import Trace

/// The loader takes any text: its diagnostics have places, and what it accepts can be run.
enum Manual {
  static func broken(_ input: [UInt8]) -> String? {
    guard let first = input.first else { return nil }
    // Random text hardly ever is a profile: half of the inputs are changes to one.
    let bytes = first & 1 == 0 ? Array(input.dropFirst()) : edited(input.dropFirst())
    let file = ManualFile(profile: "fuzz", file: "fuzz.yaml", bytes: bytes)
    let problems = Profiles.lint(files: [file], library: [])
    for problem in problems {
      if problem.mark.line < 1 || problem.mark.column < 1 { return "a diagnostic without a place: \(problem.text)" }
      if !Printed.isSafe(problem.text) { return "a diagnostic not fit for printing: \(problem.text.debugDescription)" }
    }
    do throws(ProfileError) {
      let book = try Profiles.load(files: [file], library: [])
      if let problem = problems.first(where: { $0.severity == .error }) {
        return "accepted in spite of \(problem.text)"
      }
      return Inspection.broken(Script.written(dialogue), book)
    } catch {
      return Printed.isSafe(error.message) ? nil : "an error not fit for printing: \(error.message.debugDescription)"
    }
  }

  /// Each change is a position (two bytes), how many bytes go (low three bits) and come (next three), and those.
  private static func edited(_ input: ArraySlice<UInt8>) -> [UInt8] {
    var text = Array(sample.utf8)
    var rest = input
    while rest.count >= 3 {
      let head = Array(rest.prefix(3))
      rest = rest.dropFirst(3)
      let at = (Int(head[0]) << 8 | Int(head[1])) % (text.count + 1)
      let gone = min(Int(head[2] & 7), text.count - at)
      let come = rest.prefix(Int(head[2] >> 3 & 7))
      rest = rest.dropFirst(come.count)
      text.replaceSubrange(at..<at + gone, with: come)
    }
    return text
  }

  /// Commands, an answer of each kind, a data phase and the late result.
  private static let dialogue = [
    ("ATE0\r", "\r\nOK\r\n"), ("AT+S\r", "\r\nOK\r\n\r\n+S: 1\r\n"), ("AT+S?\r", "\r\n+S: 1,\"a\"\r\n\r\nOK\r\n"),
    ("AT+READ=?\r", "\r\n+READ: (1-1460)\r\n\r\nOK\r\n"),
    ("AT+READ=5,\"b\"\r", "\r\n+READ: 2,3\r\nabc\r\nOK\r\n"), ("AT+READ=2000\r", "\r\n+CME ERROR: 3\r\n"),
    ("AT+NONE\r", "\r\nGONE\r\n\r\n+N 2: text\r\n\r\nRDY\r\n"), ("AT+S\r", "\r\nSHUT OK\r\n"),
  ]

  private static let sample = """
    profile: sample
    title: A modem for trying the loader
    documents:
      - {id: D1, title: Sample commands, version: "1", date: 2020-02-03}
    recognise:
      - {to: [ATI], contains: SAMPLE}
    within: "otherwise(patience, 3) * 1s + 500ms"
    types:
      size: "int 1..1460"
    errors:
      CME: {3: not allowed, 10: not inserted}
      results: {1: good, 61..63: bad}
    memory:
      box: {is: [closed, open, reading], at-reset: closed}
      patience: {at-reset: 30}
      sizes: {by: 1}
      names: {by: 2}
    finals: ["SHUT OK", {text: GONE, fails: true}]
    every-command: {holds: {quiet: {is: "box != reading || command == '+READ'", severity: warning}}}
    commands:
      E: {section: "1", title: Echo, exec: {}, write: {takes: "<value:int 0|1 = 0>"}}
      +S:
        section: "2"
        title: Begin
        read: {gives: "+S: <state:int 0..2>[,<name:str 1..8>]...", reports: write}
        exec:
          then: [{line: "+S: <code:int 1|61..63 means results>", fails: "code != 1", moves: {box: {"code == 1": open, "code != 1": closed}}}]
          then-within: patience * 2s
          on-missing: {moves: {box: unknown}}
      +READ:
        section: "3"
        title: Read
        abortable: true
        test: {gives: "+READ: <size:ranges 1..1460>"}
        write:
          takes: "<size:size>[,<name:str 1..20 printable blank>]"
          needs: {box: {is: [open, reading], says: "it is {box}", do: Open it.}}
          holds: {read-name: "given(name) -> length(name) < 20 && !trait(name, hex)"}
          gives:
            line: "+READ: <status:int 1|2>,<length:int 0..1460>"
            holds: {read-length: {is: "length <= size", says: "{length} is more than {size}"}}
            moves: [{"sizes[status]": length}, {forget: {"sum(sizes) > 10": [sizes]}}]
            data: {counted: length, from: modem, as: pop3, kind: pop3, until: "status == 2", on-end: {holds: {read-bytes: bytes == length}}}
          begins: {pop3: 4}
    unsolicited:
      - {line: RDY, section: "4", reset: true}
      - {line: "+N <id:int 1..3>: <text:rest>", section: "5", moves: {"names[id, 1]": text}}
    """
}
