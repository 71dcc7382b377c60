import Profile
import Trace

/// Lines without a prefix that no running command explains: late results, and unsolicited lines of words with values
/// between them.
extension Channel {
  /// The values of a line that has this shape, words or values alone; nil where it has another one.
  mutating func looseValues(of spec: LineSpec, _ text: Slice, _ out: inout EventBatch) -> Slice? {
    guard spec.prefix.isEmpty, !spec.isText else { return nil }
    if spec.template != nil { return templateValues(of: spec, text, &out) }
    return spec.isStructured ? FieldParser.parse(text.range, in: &out) : Self.appendText(text, &out)
  }

  /// The late result of a waiting command that this line is, with its values. A text comes before words with values,
  /// and those before values alone, which must fit: nothing else tells whose they are.
  mutating func looseLate(_ prefix: LinePrefix, _ text: Slice, _ out: inout EventBatch) -> (Candidate, Slice)? {
    guard !waits.isEmpty else { return nil }
    let line = modemLine.bytes
    for (position, wait) in waits.enumerated() where wait.subject >= 0 {
      guard let form = book.commands[Int(wait.subject)].form(wait.form),
        let spec = whole(form.late, line.span, Parameters(fields: wait.fields, range: wait.fields.indices))
      else { continue }
      return (Candidate(spec: spec, role: .late, owner: position, score: 1, fits: true), .none)
    }
    return looseLate(words: true, text, &out) ?? (prefix.isCommandLike ? nil : looseLate(words: false, text, &out))
  }

  private mutating func looseLate(words: Bool, _ text: Slice, _ out: inout EventBatch) -> (Candidate, Slice)? {
    var best: (candidate: Candidate, fields: Slice)?
    for position in waits.indices where waits[position].subject >= 0 {
      let wait = waits[position]
      guard let form = book.commands[Int(wait.subject)].form(wait.form) else { continue }
      for spec in form.late where (spec.template != nil) == words {
        guard let fields = looseValues(of: spec, text, &out) else { continue }
        let fits = spec.signature.mismatch(out.fields.span.extracting(fields.range), text: out.text.span) == nil
        guard fits || words else { continue }
        let score = (fits ? 2 : 0) + (isAnswer(spec, fields, to: wait, out) ? 1 : 0)
        if score > best?.candidate.score ?? -1 {
          best = (Candidate(spec: spec, role: .late, owner: position, score: score, fits: fits), fields)
        }
      }
    }
    return best.map { ($0.candidate, $0.fields) }
  }

  /// The late result of a command that has not been answered OK yet, where words tell that it is one.
  mutating func earlyLate(_ form: FormSpec, _ position: Int, _ index: Int, _ text: Slice, _ out: inout EventBatch)
    -> Candidate?
  {
    for spec in form.late where spec.template != nil || form.lateInAnyOrder {
      guard let fields = looseValues(of: spec, text, &out),
        spec.signature.mismatch(out.fields.span.extracting(fields.range), text: out.text.span) == nil
      else { continue }
      return Candidate(spec: spec, role: .late, owner: position, transaction: index, score: 1, fits: true)
    }
    return nil
  }

  /// An unsolicited line whose words, and values between them, are these.
  mutating func looseUnsolicited(_ text: Slice, _ out: inout EventBatch) -> (Candidate, Slice)? {
    for spec in book.wordLines {
      guard let fields = templateValues(of: spec, text, &out),
        spec.signature.mismatch(out.fields.span.extracting(fields.range), text: out.text.span) == nil
      else { continue }
      return (Candidate(spec: spec, role: .unsolicited, score: 1, fits: true), fields)
    }
    return nil
  }

  /// Whether a late result may be that of this command: values that are named like parameters of the command are the
  /// same, and the rules of the line do not speak against it.
  mutating func isAnswer(_ spec: LineSpec, _ fields: Slice, to wait: Wait, _ out: borrowing EventBatch) -> Bool {
    // With one command waiting there is no choice.
    guard waits.count > 1, wait.subject >= 0, let form = book.commands[Int(wait.subject)].form(wait.form) else {
      return true
    }
    for (position, parameter) in spec.signature.parameters.enumerated()
    where position < fields.count && parameter.base.isNamed {
      guard let asked = form.takes.position(of: parameter.name), wait.fields.indices.contains(asked) else { continue }
      let seen = Value(out.fields[Int(fields.start) + position])
      let sent = Value(wait.fields[asked])
      if seen.isKnown, sent.isKnown, seen.tag == sent.tag, seen != sent { return false }
    }
    let sent = wait.parameters
    for statement in spec.hook.statements where !statement.isAfterMoves && statement.within.isEmpty {
      let values = out.fields.span.extracting(fields.range)
      let parameters = sent.fields.span.extracting(sent.range)
      if !statement.when.isEmpty,
        !machine.evaluate(statement.when, fields: values, parameters: parameters, context: Machine.Context()).isTrue
      {
        continue
      }
      if machine.evaluate(statement.holds, fields: values, parameters: parameters, context: Machine.Context()).isFalse {
        return false
      }
    }
    return true
  }

  // MARK: The host

  /// What the host says beside commands, in a shape that the profile lists.
  mutating func readHostAnswer(from first: Int, _ out: inout EventBatch) -> Bool {
    let line = hostLine.bytes
    let known = book.hostLine(line.span.extracting(first..<line.count))
    guard known >= 0 || book.hasShapedHostLines else { return false }
    var event = hostEvent(.unsolicited)
    event.text = append(line.span, &out)
    if known >= 0 {
      event.subject = Int32(truncatingIfNeeded: known)
      emit(event, &out)
      return true
    }
    let prefix = LinePrefix(line.span.extracting(first..<line.count))
    for spec in book.hostLines where !spec.isText {
      let fields: Slice
      if let template = spec.template {
        guard let ranges = template.values(in: line.span.extracting(first..<line.count)) else { continue }
        fields = Self.appendValues(ranges, of: spec, from: Int(event.text.start) + first, &out)
      } else {
        let name = line.span.extracting(first..<(first + prefix.nameEnd))
        guard prefix.hasColon, Self.equal(spec.prefix, name) else { continue }
        let start = Int(event.text.start) + first + prefix.valueStart
        fields = FieldParser.parse(start..<event.text.range.upperBound, in: &out)
      }
      guard spec.signature.mismatch(out.fields.span.extracting(fields.range), text: out.text.span) == nil else {
        continue
      }
      event.subject = Int32(spec.id)
      event.fields = fields
      emit(event, &out)
      return true
    }
    return false
  }

  /// The values between the words of a template.
  mutating func templateValues(of spec: LineSpec, _ text: Slice, _ out: inout EventBatch) -> Slice? {
    guard let ranges = spec.template?.values(in: modemLine.bytes.span) else { return nil }
    return Self.appendValues(ranges, of: spec, from: Int(text.start), &out)
  }

  private static func appendValues(
    _ ranges: [Range<Int>], of spec: LineSpec, from start: Int, _ out: inout EventBatch
  ) -> Slice {
    let first = out.fields.count
    for (position, range) in ranges.enumerated() {
      let place = start + range.lowerBound..<start + range.upperBound
      // A number is one only where the profile says so: a telephone number is a text.
      let isNumber = spec.signature.parameter(at: position)?.base == .int
      out.fields.append(isNumber ? FieldParser.value(place, in: out) : FieldParser.describe(place, in: out))
    }
    return Slice(start: first, count: ranges.count)
  }
}
