import Decode
import Inspect
import Profile
import Sessions
import Trace

/// Decoding, checking and measuring give the same however the bytes were cut, within limits.
enum Inspection {
  /// A profile that knows mail: the built-in one with the most to say about this.
  static let book: Book? = {
    for name in Profiles.builtIn {
      do throws(ProfileError) {
        let book = try Profiles.load(name)
        if book.command(named: "+POP3READ")?.form(.write)?.gives.isEmpty == false { return book }
      } catch {
        return nil
      }
    }
    return nil
  }()

  /// A modem with data phases of every kind.
  static let dataBook: Book? = {
    let file = ManualFile(profile: "own", file: "own.yaml", bytes: Array(DataProfile.yaml.utf8))
    do throws(ProfileError) { return try Profiles.load(files: [file], library: []) } catch { return nil }
  }()

  private struct Outcome {
    var events: [String] = []
    var findings: [String] = []
    /// A hash over the payload bytes, which come in pieces that depend on the chunks.
    var payload: UInt64 = 14_695_981_039_346_656_037
    var payloadBytes = 0
    var transfers: [String] = []
    var transactions = 0
    var problem: String?
  }

  static func broken(_ batch: ChunkBatch, _ other: Book? = nil) -> String? {
    guard let book = other ?? book else { return nil }
    let whole = run(book, [batch])
    if let problem = whole.problem { return problem }
    let cut = run(book, bytewise(batch))
    if let problem = cut.problem { return problem }
    if whole.events != cut.events {
      let same = zip(whole.events, cut.events).prefix { $0 == $1 }.count
      return "events differ from number \(same) on\n  whole: \(whole.events.dropFirst(same).prefix(3))\n"
        + "  cut: \(cut.events.dropFirst(same).prefix(3))"
    }
    // A finding waits for the line behind it; in which batch that comes is no matter.
    if whole.findings.sorted() != cut.findings.sorted() {
      return "findings differ\n  only whole: \(whole.findings.filter { !cut.findings.contains($0) })\n"
        + "  only cut: \(cut.findings.filter { !whole.findings.contains($0) })"
    }
    if whole.payload != cut.payload || whole.payloadBytes != cut.payloadBytes {
      return "payloads differ: \(whole.payloadBytes) bytes whole, \(cut.payloadBytes) cut"
    }
    if whole.transfers != cut.transfers { return "transfers differ: \(whole.transfers) and \(cut.transfers)" }
    return whole.transactions == cut.transactions ? nil : "\(whole.transactions) and \(cut.transactions) transactions"
  }

  /// Every byte a chunk, and every chunk a batch of its own.
  private static func bytewise(_ batch: ChunkBatch) -> [ChunkBatch] {
    var pieces: [ChunkBatch] = []
    for chunk in batch.chunks {
      let step = chunk.kind == .data ? 1 : max(1, chunk.count)
      var at = 0
      repeat {
        let range = chunk.start + at..<chunk.start + min(chunk.count, at + step)
        var piece = ChunkBatch()
        piece.append(
          chunk.kind, chunk.direction, port: chunk.port, at: chunk.instant, place: chunk.place,
          bytes: batch.bytes[range])
        pieces.append(piece)
        at += step
      } while at < chunk.count
    }
    return pieces
  }

  private static func run(_ book: Book, _ batches: [ChunkBatch]) -> Outcome {
    let inspector = Inspector(book: book, options: InspectionOptions(baud: 115_200))
    var outcome = Outcome()
    // What is still unspent of the bytes that came: no event is made of nothing.
    var allowance = 4096
    for batch in batches {
      allowance += 64 + 128 * batch.bytes.count
      inspector.take(batch) { note($0, &allowance, &outcome) }
      note(inspector.takeFindings(), &outcome)
    }
    inspector.finish { note($0, &allowance, &outcome) }
    note(inspector.takeFindings(), &outcome)
    outcome.transactions = inspector.transactions
    outcome.transfers = inspector.transfers.map { "\($0)" }
    if allowance < 0 { outcome.problem = "more events than the bytes account for" }
    return outcome
  }

  private static func note(_ batch: borrowing EventBatch, _ allowance: inout Int, _ outcome: inout Outcome) {
    allowance -= batch.events.count + batch.fields.count
    for index in batch.events.indices {
      let event = batch.events[index]
      if event.text.range.upperBound > batch.text.count || event.fields.range.upperBound > batch.fields.count {
        outcome.problem = "\(event.kind) points beyond its batch"
        return
      }
      if event.kind == .data {
        outcome.payloadBytes += Int(event.text.count)
        for byte in batch.text[event.text.range] {
          outcome.payload = (outcome.payload ^ UInt64(byte)) &* 1_099_511_628_211
        }
        continue
      }
      let fields = batch.fields[event.fields.range].map { "\($0.kind) \($0.number) \($0.hash)" }.joined(separator: ",")
      outcome.events.append(
        "\(event.kind) port \(event.port.index) \(event.direction) line \(event.place) at \(event.offset)+\(event.length) "
          + "transaction \(event.transaction) flags \(event.flags.rawValue) subject \(event.subject) form \(event.form) "
          + "code \(event.code) \(event.a) \(event.b) \(event.c) [\(fields)] \(batch.string(event.text).debugDescription)"
      )
    }
  }

  private static func note(_ findings: [ReportedFinding], _ outcome: inout Outcome) {
    for reported in findings {
      let finding = reported.finding
      let texts = [finding.message, finding.advice] + finding.related.map(\.message) + reported.context.map(\.text)
      if let text = texts.first(where: { !Printed.isSafe($0) }) {
        outcome.problem = "\(finding.rule) says what is not fit for printing: \(text.debugDescription)"
      }
      outcome.findings.append("\(finding.rule) \(finding.severity) line \(finding.position.place): \(finding.message)")
    }
  }
}
