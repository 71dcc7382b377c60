import Inspect
import Profile
import Trace

/// The reconstructed session as one JSON object a line, `"type"` first.
public struct SessionJSONLines {
  private let book: Book
  private let redact: Bool
  private var ports: [String]
  private let isCapture: Bool
  private var secrets = SecretMap()
  private static let shown = 4096

  public init(book: Book, redact: Bool, ports: [String], isCapture: Bool = false) {
    self.book = book
    self.isCapture = isCapture
    self.redact = redact
    self.ports = ports
  }

  /// The names of the ports, which may grow while a line is read.
  public mutating func name(ports: [String]) { self.ports = ports }

  public mutating func text(_ batch: borrowing EventBatch) -> String {
    secrets.note(batch)
    var text = ""
    for index in batch.events.indices where batch.events[index].kind != .secret {
      text += line(batch.events[index], batch) + "\n"
    }
    return text
  }

  private func line(_ event: Event, _ batch: borrowing EventBatch) -> String {
    var json = JSONText()
    json.object { json in
      json.string("type", EventWords.name(event))
      json.number("line", isCapture ? nil : event.place)
      json.number("packet", isCapture ? event.place : nil)
      json.seconds("time_s", event.start.isKnown ? event.start.nanoseconds : nil)
      json.seconds("end_s", event.end.isKnown ? event.end.nanoseconds : nil)
      json.string("direction", EventWords.direction(event.direction))
      let port = Int(event.port.index)
      json.string("port", ports.indices.contains(port) && !ports[port].isEmpty ? ports[port] : nil)
      json.number("offset", event.offset)
      json.number("length", event.length)
      json.number("transaction", event.transaction)
      if event.flags.contains(.inferred) { json.truth("direction_inferred", true) }
      members(event, batch, &json)
    }
    return json.text
  }

  private func members(_ event: Event, _ batch: borrowing EventBatch, _ json: inout JSONText) {
    let shown = secrets.text(of: event, in: batch, redact: redact, limit: Self.shown)
    switch event.kind {
    case .command:
      json.string("form", EventWords.form(event))
      json.string("text", shown)
      let known = event.subject >= 0 && Int(event.subject) < book.commands.count
      json.string("command", known ? book.commands[Int(event.subject)].name : nil)
    case .final:
      json.string("text", shown)
      json.string("result", Final(rawValue: event.code)?.name ?? "")
      json.number("code", event.a >= 0 ? event.a : nil)
      json.seconds("first_byte_s", event.b >= 0 ? event.b : nil)
      json.seconds("latency_s", event.c >= 0 ? event.c : nil)
    case .dataBegin: json.number("announced", event.a >= 0 ? event.a : nil)
    case .dataEnd:
      json.string("outcome", EventWords.dataEnd(event.code))
      json.number("announced", event.a >= 0 ? event.a : nil)
      json.number("off_by", event.c)
    case .transferEnd:
      json.number("transfer", event.b)
      json.truth("complete", event.code == 1)
    case .payload:
      json.string("event", PayloadEvent(rawValue: UInt8(truncatingIfNeeded: event.code))?.name ?? "")
    case .malformed:
      json.string("problem", EventWords.malformed(event.code))
      json.string("text", shown)
    case .unanswered: json.string("reason", EventWords.unanswered(event.code))
    case .mode: json.string("setting", "\(UnicodeScalar(UInt8(truncatingIfNeeded: event.code)))\(event.a)")
    case .commandLine, .information, .unsolicited, .late, .data, .reset, .control: json.string("text", shown)
    default: break
    }
  }
}
