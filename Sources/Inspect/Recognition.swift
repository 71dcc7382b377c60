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
  private static let identification = 10_000
  /// A name that a profile knows says more than how well a use of it fits.
  private static let name = 4
  /// So much at most do the fits of a session count, either way.
  private static let fitLimit = 200
  private static let fallback = "3gpp"

  private struct Candidate {
    let book: Book
    var score = 0
    var reason = ""
    var commands: Set<Int> = []
    /// The running command, where the profile knows it.
    var running: FormSpec?
    /// How well forms, parameters, answers and prompts fit what the profile says of them.
    var fit = 0

    mutating func note(_ command: Int, _ written: String) {
      guard commands.insert(command).inserted else { return }
      score += Recognition.name
      if reason.isEmpty { reason = "knows \(written)" }
    }

    mutating func weigh(_ change: Int) {
      fit = min(Recognition.fitLimit, max(-Recognition.fitLimit, fit + change))
    }

    var total: Int { score == 0 ? 0 : max(1, score + fit) }
  }

  private var candidates: [Candidate]
  private let base: Book
  private var decoder: Decoder
  private var events = EventBatch()
  /// How many signs the last prompt had, until it is weighed.
  private var prompt = 0
  /// The last command: its answer may come in another batch.
  private var asked = ""

  public init(base: Book, profiles: [Book]) {
    self.base = base
    candidates = profiles.filter { $0.name != base.name }.map { Candidate(book: $0) }
    decoder = Decoder(book: base)
  }

  /// What the ports carry from their beginning on, by `Port.index`.
  public mutating func expect(_ contents: [LineContent]) { decoder.expect(contents) }

  public mutating func take(_ batch: borrowing ChunkBatch) {
    decoder.decode(batch, into: &events)
    for index in events.events.indices {
      let event = events.events[index]
      switch event.kind {
      case .command:
        let name = Slice(start: event.text.range.lowerBound, count: Int(event.b))
        asked = "AT" + events.string(name).uppercased()
        for index in candidates.indices { candidates[index].running = nil }
        prompt = 0
        if event.subject < 0 { note(name, asked, event) }
      case .information, .unsolicited:
        compare(event, asked)
        weighAnswer(event)
      case .prompt: prompt = Int(event.a)
      case .dataEnd, .final: weighPrompt()
      default: break
      }
    }
    events.removeAll()
  }

  private mutating func note(_ name: Slice, _ written: String, _ event: Event) {
    let bytes = Array(events.text[name.range])
    let values = events.fields
    let text = events.text
    let fields = values.span.extracting(event.fields.range)
    for index in candidates.indices {
      let book = candidates[index].book
      let command = book.command(bytes.span)
      if command < 0, let family = book.families.firstIndex(where: { $0.number(in: bytes.span) != nil }) {
        // A number out of range still tells whose command it was meant to be.
        candidates[index].note(-1 - family, written)
      }
      guard command >= 0 else { continue }
      candidates[index].note(command, written)
      guard let form = book.commands[command].form(Form(rawValue: event.form) ?? .exec) else {
        candidates[index].weigh(-2)
        continue
      }
      candidates[index].running = form
      if let fit = Self.fit(form.takes, fields, text.span) { candidates[index].weigh(fit) }
    }
  }

  // MARK: Telling profiles with the same commands apart

  /// How an answer fits what a profile says of the running command.
  private mutating func weighAnswer(_ event: Event) {
    let text = events.text
    guard let colon = text[event.text.range].firstIndex(of: 0x3A) else { return }
    let name = Array(text[event.text.range.lowerBound..<colon])
    let values = events.fields
    let fields = values.span.extracting(event.fields.range)
    for index in candidates.indices {
      let book = candidates[index].book
      guard let form = candidates[index].running else { continue }
      var best: Int?
      for line in form.gives + form.late where Self.equal(line.prefix, name) {
        if let fit = Self.fit(line.signature, fields, text.span) { best = max(best ?? fit, fit) }
      }
      if let best {
        candidates[index].weigh(best)
      } else if form.gives.isEmpty, form.late.isEmpty, book.unsolicited(name.span) < 0 {
        candidates[index].weigh(-2)
      }
    }
  }

  /// `>` and `>>` are prompts of different modems.
  private mutating func weighPrompt() {
    guard prompt > 0 else { return }
    for index in candidates.indices {
      guard let form = candidates[index].running, form.prompt.first == 0x3E else { continue }
      candidates[index].weigh(form.prompt.count == prompt ? 1 : -2)
    }
    prompt = 0
  }

  /// 1 where values have the number and kinds that a signature states, be they in range or not; -2 where they have not.
  /// `nil` for a signature that takes anything.
  private static func fit(_ signature: Signature, _ fields: Span<Field>, _ text: Span<UInt8>) -> Int? {
    if signature.parameters.contains(where: { $0.base == .rest || $0.base == .any }) { return nil }
    var count = fields.count
    if count == 1, fields[0].kind == .empty { count = 0 }
    if !signature.allows(count: count) { return -2 }
    if count == 0 { return 1 }
    guard let mismatch = signature.mismatch(fields, text: text) else { return 1 }
    switch mismatch.reason {
    case .missing, .tooMany, .literal, .notInteger, .notQuoted, .quoted: return -2
    default: return 1
    }
  }

  private static func equal(_ prefix: [UInt8], _ name: [UInt8]) -> Bool {
    prefix.count == name.count && zip(prefix, name).allSatisfy { upper($0) == upper($1) }
  }

  private static func upper(_ byte: UInt8) -> UInt8 { byte >= 0x61 && byte <= 0x7A ? byte & 0xDF : byte }

  // MARK: Identification

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
      ($0.total, $1.book.name) < ($1.total, $0.book.name)
    }
    guard let ranked else { return Verdict(profile: Self.fallback, reason: "nothing points to another", score: 0) }
    return Verdict(profile: ranked.book.name, reason: ranked.reason, score: ranked.total)
  }
}
