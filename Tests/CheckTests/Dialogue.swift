import Sessions

/// A session written as people tell it: `> AT` of the host, `< OK` of the modem in a line of its own, `} text` and
/// `{ text` of either as it stands; a number in seconds before a line moves the clock on.
enum Dialogue {
  static func session(_ lines: [String]) -> Session {
    var seconds = 0
    var text = ""
    for line in lines {
      if let wait = Int(line) {
        seconds += wait
        continue
      }
      seconds += 1
      let content = line.dropFirst(2).replacing("\"", with: "\\\"")
      switch line.first {
      case ">": text += "\(seconds) --> \"\(content)\\r\"\n"
      case "<": text += "\(seconds) <-- \"\\r\\n\(content)\\r\\n\"\n"
      case "}": text += "\(seconds) --> \"\(content)\"\n"
      default: text += "\(seconds) <-- \"\(content)\"\n"
      }
    }
    return Session(text)
  }

  static func outcome(_ yaml: String, _ lines: [String]) throws -> Outcome {
    try session(lines).outcome(Books.own(yaml))
  }
}
