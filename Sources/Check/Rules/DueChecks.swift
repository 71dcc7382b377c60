import Profile
import Trace

/// A rule that need not hold at once but must become true within its time.
struct DueTrack {
  let statement: Statement
  let position: Position
  let deadline: Instant
  let fields: [Field]
  let parameters: [Field]
  /// What the parameters' texts point into; those of fields are gone, only their values remain.
  let parameterText: [UInt8]
  let context: Machine.Context
  let sentence: String
  let inferred: Bool
  let askedAt: Int
}

/// Rules that wait: they are looked at after each event, and are broken when their time is over.
extension Checker {
  mutating func expect(
    _ statement: Statement, at position: Position, fields: Span<Field>, text: Span<UInt8>, signature: Signature?,
    parameters: Span<Field>, parameterText: Span<UInt8>, takes: Signature?, context: Machine.Context, name: Naming,
    inferred: Bool, askedAt: Int
  ) {
    let limit = machine.evaluate(statement.within, fields: fields, parameters: parameters, context: context)
    guard limit.tag == .number, limit.bits > 0 else { return }
    let since = now.isKnown ? now : position.instant
    guard since.isKnown, dues.count < Self.dueLimit else {
      coverage.skipped(statement: statement.id, .noTime)
      return
    }
    let sentence = StatementText(statement: statement, book: book, redaction: redaction).sentence(
      name: name.text(in: text), machine: &machine, fields: fields, text: text, signature: signature,
      parameters: parameters, parameterText: parameterText, takes: takes, context: context)
    dues.append(
      DueTrack(
        statement: statement, position: position,
        deadline: since.advanced(by: limit.bits &* 1_000_000 &+ resolution.step),
        fields: Self.copy(fields), parameters: Self.copy(parameters), parameterText: Self.copy(parameterText),
        context: context, sentence: sentence, inferred: inferred, askedAt: askedAt))
  }

  /// The time has passed: what should have become true and did not is reported where it began.
  mutating func meetDues(before event: Event) {
    var index = 0
    while index < dues.count {
      guard now > dues[index].deadline, !event.start.isKnown || event.start > dues[index].deadline else {
        index += 1
        continue
      }
      let due = dues.remove(at: index)
      let value = value(of: due)
      guard value.isKnown else {
        coverage.skipped(statement: due.statement.id, .unknownState)
        continue
      }
      coverage.evaluated(statement: due.statement.id)
      if value.isFalse {
        add(
          broken(due.statement, due.sentence, at: due.position, inferred: due.inferred, askedAt: due.askedAt))
      }
    }
  }

  mutating func dropMetDues() {
    var index = 0
    while index < dues.count {
      if value(of: dues[index]).isTrue {
        coverage.evaluated(statement: dues[index].statement.id)
        dues.remove(at: index)
      } else {
        index += 1
      }
    }
  }

  private mutating func value(of due: DueTrack) -> Value {
    machine.evaluate(
      due.statement.holds, fields: due.fields.span, text: Span<UInt8>(), parameters: due.parameters.span,
      parameterText: due.parameterText.span, context: due.context)
  }

  private static func copy(_ span: Span<Field>) -> [Field] {
    var result: [Field] = []
    for index in span.indices { result.append(span[index]) }
    return result
  }

  private static func copy(_ span: Span<UInt8>) -> [UInt8] { span.withUnsafeBufferPointer { Array($0) } }
}
