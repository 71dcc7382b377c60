import Profile
import Trace

/// What a command may look like: known, in a form it has, with the parameters that the document states.
extension Checker {
  mutating func checkCommand(_ event: Event, _ batch: borrowing EventBatch) {
    guard let index = open.indices.last, open[index].transaction == event.transaction else { return }
    let form = Form(rawValue: event.form) ?? .exec
    let subject = event.subject
    var spec: FormSpec?
    var faulty = false
    let nameRange = event.text.range.lowerBound..<event.text.range.lowerBound + Int(event.b)

    if subject >= 0 {
      let command = book.commands[Int(subject)]
      coverage.evaluated(.form)
      spec = command.form(form)
      if let spec {
        faulty = checkParameters(event, batch, command, spec)
      } else {
        faulty = true
        let forms = Form.allCases.compactMap { command.form($0) == nil ? nil : Self.written($0, command.name) }
        pend(
          finding(
            .form,
            "\(Self.written(form, commandName(event, batch))) is no form of the command; it has \(forms.joined(separator: ", "))",
            at: event.position, source: command.source, inferred: event.flags.contains(.inferred)),
          strict: command.strict, index)
      }
    } else if event.text.count > 0 {
      noteUnknown(event, batch, nameRange)
    }

    // Keep what the answer will be compared with.
    let base = textBase(of: event, index)
    let firstField = open[index].fields.count
    for at in event.fields.range {
      var field = batch.fields[at]
      field.text.start = field.text.start &- event.text.start &+ base
      open[index].fields.append(field)
    }
    let firstCopy = open[index].copies.count
    for _ in 0..<(spec?.gives.count ?? 0) { open[index].copies.append(0) }
    let nameStart = Int(base)
    open[index].commands.append(
      CommandTrack.Command(
        subject: subject, form: form, fields: firstField..<open[index].fields.count,
        copies: firstCopy..<open[index].copies.count, faulty: faulty, offset: event.offset, length: event.length,
        name: nameStart..<nameStart + Int(event.b)))

    if event.b == 1, form == .write, batch.text[nameRange.lowerBound] | 0x20 == 0x71,
      event.fields.count == 1, batch.fields[Int(event.fields.start)].number == 1
    {
      open[index].isQuiet = true
      quietPorts.insert(event.port)
    }
    runSent(event, batch, spec, subject, form)
  }

  /// Where the text of this command begins in the track's copy of the line.
  private func textBase(of event: Event, _ index: Int) -> Int32 {
    let into = event.offset >= open[index].offset ? event.offset - open[index].offset : 0
    return Int32(truncatingIfNeeded: min(into, UInt64(open[index].text.count)))
  }

  private mutating func runSent(
    _ event: Event, _ batch: borrowing EventBatch, _ spec: FormSpec?, _ subject: Int32, _ form: Form
  ) {
    let context = context(subject, form, position: open.last?.commands.count ?? 0)
    let inferred = event.flags.contains(.inferred)
    let naming = Naming.text(Slice(start: event.text.range.lowerBound, count: Int(event.b)), prefix: "AT")
    let fields = batch.fields.span.extracting(event.fields.range)
    run(
      book.everyCommand, at: event.position, fields: fields, text: batch.text.span, signature: spec?.takes,
      parameters: fields, parameterText: batch.text.span, takes: spec?.takes, context: context,
      name: naming, inferred: inferred)
    guard let spec, !spec.onSent.isEmpty else { return }
    run(
      spec.onSent, at: event.position, fields: fields, text: batch.text.span, signature: spec.takes,
      parameters: fields, parameterText: batch.text.span, takes: spec.takes, context: context,
      name: naming, inferred: inferred)
  }

  func commandName(_ event: Event, _ batch: borrowing EventBatch) -> String {
    let start = event.text.range.lowerBound
    return "AT" + Printable.text(Slice(start: start, count: Int(event.b)), in: batch.text.span, limit: 24).uppercased()
  }

  private static func written(_ form: Form, _ name: String) -> String {
    switch form {
    case .exec: name
    case .write: name + "=…"
    case .read: name + "?"
    case .test: name + "=?"
    }
  }

  /// A finding against a profile that invites extensions waits for the modem's answer.
  private mutating func pend(_ finding: Finding, strict: Bool, _ index: Int) {
    if strict { add(finding) } else { open[index].pending.append(finding) }
  }

  private mutating func noteUnknown(_ event: Event, _ batch: borrowing EventBatch, _ range: Range<Int>) {
    let written = batch.text.span.extracting(range)
    if let family = book.families.first(where: { $0.number(in: written) != nil }),
      let number = family.number(in: written)
    {
      report(
        .parameterRange,
        "AT\(String(decoding: batch.text[range], as: UTF8.self).uppercased()): <\(family.parameter)> must be \(Printable.ranges(family.numbers)), seen \(number)",
        at: event.position, source: family.source, inferred: event.flags.contains(.inferred))
      return
    }
    coverage.evaluated(.unknownCommand)
    let hash = TextHash.of(batch.text[range].lazy.map(Self.upper))
    guard unknownNames.count < Self.unknownNameLimit, unknownNames.insert(hash).inserted else { return }
    let name = Printable.text(Slice(start: range.lowerBound, count: range.count), in: batch.text.span, limit: 24)
    report(
      .unknownCommand, "AT\(name) is not in the profile \(book.name); it is not checked", at: event.position,
      advice: book.names.count > 1 ? "Check the spelling, or state the command in the profile." : nil,
      inferred: event.flags.contains(.inferred))
  }

  private static func upper(_ byte: UInt8) -> UInt8 { byte >= 0x61 && byte <= 0x7A ? byte & 0xDF : byte }

  // MARK: Parameters

  /// True when something is wrong.
  private mutating func checkParameters(
    _ event: Event, _ batch: borrowing EventBatch, _ command: CommandSpec, _ spec: FormSpec
  ) -> Bool {
    let fields = batch.fields.span.extracting(event.fields.range)
    coverage.evaluated(.parameterCount)
    if let mismatch = spec.takes.mismatch(fields, text: batch.text.span) {
      let problem = MismatchText(signature: spec.takes, redaction: redaction)
      var message = "\(commandName(event, batch)): \(problem.sentence(mismatch, fields: fields, text: batch.text.span))"
      for other in spec.takes.others(behind: mismatch, fields, text: batch.text.span) {
        message += "; \(problem.sentence(other, fields: fields, text: batch.text.span))"
      }
      guard let index = open.indices.last else { return true }
      pend(
        finding(
          MismatchText.rule(mismatch.reason), message, at: event.position, source: spec.source,
          inferred: event.flags.contains(.inferred)), strict: command.strict, index)
      return true
    }
    guard spec.form == .write, settings.hasReported else { return false }
    return checkReported(event, batch, spec, fields)
  }

  /// The modem itself said what it supports.
  private mutating func checkReported(
    _ event: Event, _ batch: borrowing EventBatch, _ spec: FormSpec, _ fields: Span<Field>
  ) -> Bool {
    for position in fields.indices {
      guard let parameter = spec.takes.parameter(at: position), fields[position].kind != .empty,
        let reported = settings.reported(event.subject, parameter.nameHash)
      else { continue }
      let value = Printable.value(fields[position], in: batch.text.span, mask: parameter.mask, redaction: redaction)
      if let range = reported.range, let inside = range.contains(fields[position]) {
        coverage.evaluated(.testedRange)
        if !inside {
          report(
            .testedRange,
            "\(commandName(event, batch)): <\(parameter.name)> is \(value), which the test command did not report",
            at: event.position, source: spec.source,
            related: [Related(place: reported.place, message: "reported here")],
            inferred: event.flags.contains(.inferred))
          return true
        }
      }
      if let longest = reported.longest {
        coverage.evaluated(.testedLength)
        if Int64(fields[position].text.count) > longest {
          report(
            .testedLength,
            "\(commandName(event, batch)): <\(parameter.name)> has \(fields[position].text.count) characters; the test command reported at most \(longest)",
            at: event.position, source: spec.source,
            related: [Related(place: reported.place, message: "reported here")],
            inferred: event.flags.contains(.inferred))
          return true
        }
      }
    }
    return false
  }
}

/// Says what is wrong with a value.
struct MismatchText {
  let signature: Signature
  let redaction: Redaction

  static func rule(_ reason: Mismatch.Reason) -> GenericRule {
    switch reason {
    case .missing, .tooMany, .empty: .parameterCount
    case .range: .parameterRange
    case .length: .parameterLength
    case .value, .literal: .parameterValue
    case .notInteger, .notQuoted, .quoted, .unterminated, .charset, .address, .odd, .reportedRange: .parameterType
    }
  }

  func sentence(_ mismatch: Mismatch, fields: Span<Field>, text: Span<UInt8>) -> String {
    let parameter = signature.parameter(at: mismatch.position)
    let name = parameter.map { "<\($0.name)>" } ?? "value \(mismatch.position + 1)"
    let seen =
      mismatch.position < fields.count
      ? Printable.value(fields[mismatch.position], in: text, mask: parameter?.mask ?? .none, redaction: redaction)
      : "nothing"
    switch mismatch.reason {
    case .missing:
      return
        "\(fields.count) value\(fields.count == 1 ? "" : "s") given, \(expectedCount) expected: \(signature.pattern)"
    case .tooMany:
      return
        "\(fields.count) value\(fields.count == 1 ? "" : "s") given, \(expectedCount) expected\(signature.pattern.isEmpty ? "" : ": " + signature.pattern)"
    case .literal: return "value \(mismatch.position + 1) is \(seen), not \(parameter?.name ?? "")"
    case .notInteger: return "\(name) must be \(wanted(parameter)), seen \(seen)"
    case .notQuoted: return "\(name) must stand in double quotes, seen \(seen)"
    case .quoted: return "\(name) stands without quotes, seen \(seen)"
    case .unterminated: return "\(name) has no closing quote"
    case .range: return "\(name) must be \(Printable.ranges(parameter?.ranges ?? [])), seen \(seen)"
    case .length:
      let count = mismatch.position < fields.count ? Int(fields[mismatch.position].text.count) : 0
      return "\(name) must have \(length(parameter)) characters, has \(count)"
    case .charset: return "\(name) holds characters that are not allowed (\(parameter?.pattern ?? "")), seen \(seen)"
    case .value: return "\(name) must be \((parameter?.values ?? []).joined(separator: ", ")), seen \(seen)"
    case .address: return "\(name) is no \(address(parameter)), seen \(seen)"
    case .empty: return "\(name) is left out but required"
    case .odd: return "\(name) must have an even number of characters"
    case .reportedRange:
      return "the range reported for \(name) is \(seen), documented \(Printable.ranges(parameter?.ranges ?? []))"
    }
  }

  private var expectedCount: String {
    let low = signature.required
    let high = signature.parameters.count
    if signature.repeats > 0 { return "\(low) or more" }
    return low == high ? String(low) : "\(low) to \(high)"
  }

  private func wanted(_ parameter: Parameter?) -> String {
    if parameter?.base == .ranges { return "a range" }
    guard let ranges = parameter?.ranges, !ranges.isEmpty else { return "a whole number" }
    return "a whole number, \(Printable.ranges(ranges))"
  }

  private func length(_ parameter: Parameter?) -> String {
    guard let length = parameter?.length else { return "other" }
    if length.upperBound == .max { return "at least \(length.lowerBound)" }
    return length.lowerBound == length.upperBound
      ? "\(length.lowerBound)" : "\(length.lowerBound) to \(length.upperBound)"
  }

  private func address(_ parameter: Parameter?) -> String {
    switch parameter?.base {
    case .ip: "IPv4 address"
    case .mailbox: "address of the form user@host"
    default: "IPv4 address or host name"
    }
  }
}
