import Profile
import Trace

/// A session as it is compared with another one: its transactions, and how its transfers went on. Fed with the events
/// of an `Inspector`; nothing in it depends on how bytes were cut.
public struct Transcript: Sendable {
  /// So many transactions are kept, in about 60 MB; those behind are counted, and compared with nothing.
  public static let limit = 250_000
  static let shownBytes = 72

  public private(set) var steps: [Step] = []
  /// Transactions beyond the limit.
  public private(set) var dropped = 0
  private(set) var courses = TransferCourses()

  private let redact: Bool
  private var texts = TextTable()
  private var secrets = BatchSecrets()

  public init(redact: Bool = true) { self.redact = redact }

  public mutating func take(_ batch: borrowing EventBatch) {
    secrets.note(batch)
    for at in batch.events.indices { take(batch.events[at], at, batch) }
  }

  private mutating func take(_ event: Event, _ at: Int, _ batch: borrowing EventBatch) {
    switch event.kind {
    case .commandLine: begin(event, at, batch)
    case .command: note(event, at, batch)
    case .information, .late: answer(event, at, batch)
    case .final: finish(event, batch)
    case .unanswered: giveUp(event)
    case .data, .transferEnd: courses.take(event)
    default: break
    }
  }

  // MARK: What is sent

  private mutating func begin(_ event: Event, _ at: Int, _ batch: borrowing EventBatch) {
    guard steps.count < Self.limit else {
      dropped &+= 1
      return
    }
    var step = Step(
      number: event.transaction, place: event.place, port: event.port, sent: event.start, commandEnd: event.end)
    step.commands = Int(clamping: event.a)
    step.text = number(of: event, at, batch)
    if step.commands == 0 { step.name = texts.number(of: step.names) { "AT" } }
    steps.append(step)
  }

  private mutating func note(_ event: Event, _ at: Int, _ batch: borrowing EventBatch) {
    guard let owner = index(of: event.transaction) else { return }
    let range = event.text.range
    guard range.upperBound <= batch.text.count else { return }
    let nameEnd = range.lowerBound + max(0, min(range.count, Int(clamping: event.b)))
    let hidden = redact ? secrets.ranges(of: event, at, batch) : []
    var step = steps[owner]
    for position in range {
      let isName = position < nameEnd
      let byte = isName ? Self.upper(batch.text[position]) : batch.text[position]
      if isName { step.names = TextHash.step(step.names, byte) }
      let offset = event.offset &+ UInt64(position - range.lowerBound)
      step.line.add(byte, isHidden: hidden.contains { $0.range.contains(offset) })
    }
    // No byte of a command line: the end of one command.
    step.names = TextHash.step(TextHash.step(step.names, event.form), 0xFF)
    step.line.add(0xFF, isHidden: false)
    if event.a == 0 { step.form = Form(rawValue: event.form) ?? .exec }
    let before = event.a == 0 ? "" : (texts[step.name] ?? "…") + ";"
    step.name = texts.number(of: TextHash.join(step.names, 1)) {
      let name = batch.text[range.lowerBound..<nameEnd].prefix(32).map { EscapedByte.text(Self.upper($0)) }.joined()
      return before.count > 48 ? before + "…" : before + name
    }
    steps[owner] = step
  }

  private static func upper(_ byte: UInt8) -> UInt8 { (0x61...0x7A).contains(byte) ? byte & 0xDF : byte }

  // MARK: What is answered

  private mutating func answer(_ event: Event, _ at: Int, _ batch: borrowing EventBatch) {
    guard let owner = index(of: event.transaction) else { return }
    let range = event.text.range
    guard range.upperBound <= batch.text.count else { return }
    steps[owner].answers &+= 1
    let parts = AnswerParts(batch.text[range])
    steps[owner].shape = TextHash.join(steps[owner].shape, parts.name)
    steps[owner].answered.add(hashes(of: event, hiding: redact ? secrets.ranges(of: event, at, batch) : [], batch))
    if event.kind == .late {
      steps[owner].lateCodes = TextHash.join(TextHash.join(steps[owner].lateCodes, parts.name), parts.code)
      if steps[owner].late < 0 { steps[owner].late = number(of: event, at, batch) }
      if steps[owner].lateWait < 0, let time = event.end.since(steps[owner].commandEnd) {
        steps[owner].lateWait = max(0, time)
      }
    } else if steps[owner].answers == 1 {
      steps[owner].answer = number(of: event, at, batch)
    }
  }

  private mutating func finish(_ event: Event, _ batch: borrowing EventBatch) {
    guard let owner = index(of: event.transaction) else { return }
    let final = Final(rawValue: event.code) ?? .error
    steps[owner].outcome = final.isSuccess ? .succeeded : .failed
    steps[owner].final = final.rawValue
    steps[owner].code = final.isSuccess ? -1 : event.a
    steps[owner].wait = event.c
    if final == .otherSuccess || final == .otherFailure, event.text.range.upperBound <= batch.text.count {
      let bytes = batch.text[event.text.range].prefix(Self.shownBytes)
      // Which word it is counts as the code of an error does.
      let hash = TextHash.of(bytes)
      steps[owner].code = Int64(bitPattern: hash)
      steps[owner].ownResult = texts.number(of: hash) { bytes.map(EscapedByte.text).joined() }
    }
  }

  private mutating func giveUp(_ event: Event) {
    guard let owner = index(of: event.transaction) else { return }
    switch Unanswered(rawValue: event.code) {
    case .notDue, .over, .suppressed: steps[owner].outcome = .succeeded
    case .endOfTrace: break
    default: steps[owner].outcome = .unanswered
    }
  }

  /// Numbers rise, so the list is sorted by them.
  private func index(of number: UInt32) -> Int? {
    var low = 0
    var high = steps.count
    while low < high {
      let middle = (low + high) / 2
      if steps[middle].number < number { low = middle + 1 } else { high = middle }
    }
    return low < steps.count && steps[low].number == number ? low : nil
  }

  // MARK: Text

  private func hashes(
    of event: Event, hiding hidden: [MaskedRange], _ batch: borrowing EventBatch
  ) -> PairOfHashes {
    let range = event.text.range
    var hashes = PairOfHashes()
    for position in range {
      let offset = event.offset &+ UInt64(position - range.lowerBound)
      hashes.add(batch.text[position], isHidden: !hidden.isEmpty && hidden.contains { $0.range.contains(offset) })
    }
    return hashes
  }

  /// The number of an event's text as it is printed: escaped, secrets hidden, cut.
  private mutating func number(of event: Event, _ at: Int, _ batch: borrowing EventBatch) -> Int32 {
    let range = event.text.range
    guard range.upperBound <= batch.text.count else { return -1 }
    let hidden = redact ? secrets.ranges(of: event, at, batch) : []
    let shown = hashes(of: event, hiding: hidden, batch).shown
    return texts.number(of: TextHash.join(shown, 2)) {
      BatchSecrets.text(of: event, in: batch, hiding: hidden, numbered: false, limit: Self.shownBytes)
    }
  }

  /// What the commands of a step are called: `+CSQ`, or `+CSQ;+CREG`.
  public func name(of step: Step) -> String { texts[step.name] ?? "…" }
  /// The command line, fit for printing.
  public func text(of step: Step) -> String { texts[step.text] ?? "(text not kept)" }
  /// The first line of the answer, fit for printing; empty where there is none.
  public func answer(of step: Step) -> String { step.answer < 0 ? "" : texts[step.answer] ?? "" }

  /// What came with values: the first line of the answer, else the late result.
  public func values(of step: Step) -> String { step.answer < 0 ? texts[step.late] ?? "" : answer(of: step) }

  /// How it ended: `OK`, `+CME ERROR: 3`, `OK, then +POP3IN: 1`.
  public func result(of step: Step) -> String {
    var text: String
    switch step.outcome {
    case .open: text = "cut off by the end"
    case .unanswered: text = "no answer"
    case .succeeded, .failed:
      let final = Final(rawValue: step.final)
      text = final?.name ?? "no result due"
      if let own = texts[step.ownResult] { text = own } else if step.code >= 0 { text += ": \(step.code)" }
    }
    if let late = texts[step.late] { text += ", then " + late }
    return text
  }
}

/// The parts of a line of the modem that tell what it is, apart from its values.
private struct AnswerParts {
  /// A hash of what stands before the colon; of nothing, where there is none.
  var name = TextHash.seed
  /// A hash of the first value, if it is a number short enough for a code; else of nothing.
  var code = TextHash.seed

  private static let longestName = 32
  private static let longestCode = 3

  init(_ line: ArraySlice<UInt8>) {
    guard let colon = line.prefix(Self.longestName).firstIndex(of: 0x3A) else {
      // `SEND OK` is a name; `21.99` and the like are values.
      if line.count <= Self.longestName, line.allSatisfy({ (0x41...0x5A).contains($0) || $0 == 0x20 }) {
        name = TextHash.of(line)
      }
      return
    }
    name = TextHash.of(line[..<colon])
    let value = line[(colon + 1)...].drop { $0 == 0x20 }.prefix { $0 != 0x2C }
    if !value.isEmpty, value.count <= Self.longestCode, value.allSatisfy({ (0x30...0x39).contains($0) }) {
      code = TextHash.of(value)
    }
  }
}
