import Decode
import Profile
import Trace

/// Finds the profile of a modem from what it says of itself and from commands that only one profile knows.
///
/// Works on a stream: ask for `best` whenever enough has come.
public struct Recognition {
  public struct Verdict: Hashable, Sendable {
    public var profile: String
    /// One clause: why.
    public var reason: String
    public var score: Int
  }

  /// An identification answer says more than any number of commands.
  private static let identification = 100
  private static let fallback = "3gpp"

  private struct Candidate {
    let book: Book
    var score = 0
    var reason = ""
    var commands: Set<Int> = []

    mutating func note(_ command: Int, _ written: String) {
      guard commands.insert(command).inserted else { return }
      score += 1
      if reason.isEmpty { reason = "knows \(written)" }
    }
  }

  private var candidates: [Candidate]
  private let base: Book
  private var decoder: Decoder
  private var events = EventBatch()

  public init(base: Book, profiles: [Book]) {
    self.base = base
    candidates = profiles.filter { $0.name != base.name }.map { Candidate(book: $0) }
    decoder = Decoder(book: base)
  }

  public mutating func take(_ batch: borrowing ChunkBatch) {
    decoder.decode(batch, into: &events)
    var asked = ""
    for index in events.events.indices {
      let event = events.events[index]
      switch event.kind {
      case .command:
        let name = Slice(start: event.text.range.lowerBound, count: Int(event.b))
        asked = "AT" + events.string(name).uppercased()
        if event.subject < 0 { note(name, asked) }
      case .information, .unsolicited: compare(event, asked)
      default: break
      }
    }
    events.removeAll()
  }

  private mutating func note(_ name: Slice, _ written: String) {
    let bytes = Array(events.text[name.range])
    for index in candidates.indices {
      let book = candidates[index].book
      let command = book.command(bytes.span)
      if command >= 0 {
        candidates[index].note(command, written)
      } else if let family = book.families.firstIndex(where: { $0.number(in: bytes.span) != nil }) {
        // A number out of range still tells whose command it was meant to be.
        candidates[index].note(-1 - family, written)
      }
    }
  }

  private mutating func compare(_ event: Event, _ asked: String) {
    let answer = events.string(event.text).uppercased()
    for index in candidates.indices {
      for mark in candidates[index].book.recognise where answer.contains(mark.contains.uppercased()) {
        let fits = mark.commands.contains { name in
          let full = name.uppercased().hasPrefix("AT") ? name.uppercased() : "AT" + name.uppercased()
          return full == asked || asked.isEmpty
        }
        guard fits, candidates[index].score < Self.identification else { continue }
        candidates[index].score += Self.identification
        candidates[index].reason = "\(asked) is answered with \(mark.contains)"
      }
    }
  }

  /// The likeliest profile so far; the base where nothing points to another.
  public var best: Verdict {
    let ranked = candidates.filter { $0.score > 0 }.max {
      ($0.score, $1.book.name) < ($1.score, $0.book.name)
    }
    guard let ranked else { return Verdict(profile: Self.fallback, reason: "nothing points to another", score: 0) }
    return Verdict(profile: ranked.book.name, reason: ranked.reason, score: ranked.score)
  }
}
