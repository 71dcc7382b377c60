import Inspect
import Profile
import Trace

/// Prints the reconstructed session event by event.
public struct SessionText {
  private let book: Book
  private let redact: Bool
  private let style: TextStyle
  private var secrets = SecretMap()
  private static let shown = 60

  public init(book: Book, redact: Bool, style: TextStyle) {
    self.book = book
    self.redact = redact
    self.style = style
  }

  public static let heading = "  line           time       what         transaction"

  /// The lines for a batch of events.
  public mutating func text(_ batch: borrowing EventBatch) -> String {
    secrets.note(batch)
    var text = ""
    for index in batch.events.indices {
      let event = batch.events[index]
      guard event.kind != .secret, event.kind != .commandLine || event.a == 0 else { continue }
      text += line(event, batch)
    }
    return text
  }

  private func line(_ event: Event, _ batch: borrowing EventBatch) -> String {
    let arrow =
      switch event.direction {
      case .hostToModem: "-->"
      case .modemToHost: "<--"
      case .unknown: "---"
      }
    let time = event.start.isKnown ? Decimal.seconds(event.start.nanoseconds) : "-"
    var head = TextLayout.pad(event.place > 0 ? String(event.place) : "-", 6, right: true)
    head += " " + TextLayout.pad(time, 16, right: true) + " \(arrow) "
    let owner = event.transaction > 0 ? "#\(event.transaction)" : ""
    return style.faint(head) + TextLayout.pad(EventWords.name(event), 13) + TextLayout.pad(owner, 7)
      + TextLayout.cut(what(event, batch), TextLayout.width - head.count - 20) + "\n"
  }

  private func what(_ event: Event, _ batch: borrowing EventBatch) -> String {
    // Nothing stands in quotes here, so quotes need no backslash.
    let shown = secrets.text(of: event, in: batch, redact: redact, limit: Self.shown)
      .replacing("\\\"", with: "\"")
    switch event.kind {
    case .command: return shown + "  (\(EventWords.form(event)))"
    case .final: return shown + (event.c >= 0 ? "  after \(TextLayout.time(event.c))" : "")
    case .data: return "\(event.text.count) bytes  \(shown)"
    default: return EventWords.detail(event, book: book, shown: shown)
    }
  }
}

/// The words for events, for people and machines alike.
enum EventWords {
  static func name(_ event: Event) -> String {
    switch event.kind {
    case .commandLine: "command-line"
    case .command: "command"
    case .information: "answer"
    case .unsolicited: "unsolicited"
    case .late: "late-result"
    case .prompt: "prompt"
    case .final: "result"
    case .dataBegin: "data-begin"
    case .data: "data"
    case .dataEnd: "data-end"
    case .transferEnd: "transfer-end"
    case .payload: "payload"
    case .malformed: "malformed"
    case .unanswered: "unanswered"
    case .escape: "escape"
    case .reset: "reset"
    case .control: "control"
    case .gap: "gap"
    case .clockStep: "clock-step"
    case .abort: "abort"
    case .secret: "secret"
    case .mode: "mode"
    case .finish: "end"
    }
  }

  static func direction(_ direction: Direction) -> String {
    switch direction {
    case .hostToModem: "host-to-modem"
    case .modemToHost: "modem-to-host"
    case .unknown: "unknown"
    }
  }

  static func form(_ event: Event) -> String { Form(rawValue: event.form)?.name ?? "exec" }

  static func malformed(_ code: Int32) -> String { name(Malformed(rawValue: code)) }
  static func dataEnd(_ code: Int32) -> String { name(DataEnd(rawValue: code)) }
  static func unanswered(_ code: Int32) -> String { name(Unanswered(rawValue: code)) }

  /// The name of a case in small letters and hyphens: `echoMismatch` is `echo-mismatch`.
  private static func name<Word>(_ word: Word?) -> String {
    guard let word else { return "unknown" }
    var text = ""
    var lastIsCapital = false
    for character in "\(word)" {
      if character.isUppercase, !lastIsCapital, !text.isEmpty { text.append("-") }
      lastIsCapital = character.isUppercase
      text += character.lowercased()
    }
    return text
  }

  static func detail(_ event: Event, book: Book, shown: String) -> String {
    switch event.kind {
    case .dataBegin: event.a >= 0 ? "\(event.a) bytes announced" : "until its end mark"
    case .dataEnd: "\(dataEnd(event.code)), \(event.length) bytes" + (event.c > 0 ? ", \(event.c) off" : "")
    case .transferEnd: "transfer \(event.b) \(event.code == 1 ? "complete" : "incomplete")"
    case .payload: (PayloadEvent(rawValue: UInt8(truncatingIfNeeded: event.code))?.name ?? "") + " " + shown
    case .malformed: malformed(event.code) + (shown.isEmpty ? "" : "  " + shown)
    case .unanswered: unanswered(event.code)
    case .mode: "\(UnicodeScalar(UInt8(truncatingIfNeeded: event.code)))\(event.a)"
    default: shown
    }
  }
}
