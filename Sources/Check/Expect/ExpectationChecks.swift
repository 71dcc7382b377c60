import Profile
import Trace

/// What is judged of each transaction, and at the end.
extension ExpectationWatch {
  /// A transaction whose command is the one of an entry.
  mutating func judge(_ one: Candidate, _ at: Int) {
    let index = one.entries[at]
    let wanted = entries[index].wanted
    // How it would have gone on nobody knows; that the command was sent is sure.
    let isKnown = !one.isCut || wanted.result == nil && wanted.answer == nil
    let fits = isKnown && one.fitsResult[at] && one.fitsAnswer[at]
    let near = Near(position: one.position, result: one.result)
    switch entries[index].role {
    case .mustSee:
      guard fits else {
        entries[index].near = near
        return
      }
      see(one, index)
    case .mustNotSee:
      guard fits else { return }
      evaluated(index)
      tell(index, "\(wanted.text) must not be seen", one)
    case .step: step(one, index, fits: fits)
    }
  }

  private mutating func see(_ one: Candidate, _ index: Int) {
    entries[index].seen += 1
    let wanted = entries[index].wanted
    let name = wanted.command.text
    if entries[index].seen == 1, let limit = wanted.within {
      late(one.end.since(start), limit, index, one) { "\(name) was over after \($0), expected within \($1)" }
    }
    if let limit = wanted.latency {
      late(one.wait >= 0 ? one.wait : nil, limit, index, one) { "\(name) took \($0); at most \($1) were expected" }
    }
    if let most = wanted.count.most, entries[index].seen == max(1, most &+ 1), most < .max {
      tell(index, "\(wanted.text) was expected \(wanted.count.text); this is one more", one)
    }
  }

  private mutating func step(_ one: Candidate, _ index: Int, fits: Bool) {
    let expectation = entries[index].expectation
    guard var order = orders[expectation] else { return }
    guard fits, order.next == index, order.number != one.number else {
      // One that is due already was there; what comes too early is worth telling.
      if index >= order.next, order.number != one.number {
        entries[index].near = Near(position: one.position, result: fits ? "" : one.result)
      }
      return
    }
    let wanted = entries[index].wanted
    let name = wanted.command.text
    if let limit = wanted.within {
      let isFirst = order.last == nil
      late(one.end.since(isFirst ? start : order.lastEnd), limit, index, one) {
        "\(name) \(isFirst ? "was over" : "followed") after \($0), expected within \($1)"
      }
    }
    if let limit = wanted.latency {
      late(one.wait >= 0 ? one.wait : nil, limit, index, one) { "\(name) took \($0); at most \($1) were expected" }
    }
    order.next += 1
    order.number = one.number
    order.last = Near(position: one.position, result: one.result)
    order.lastEnd = one.end
    orders[expectation] = order
  }

  /// A time against its limit. `message` is told both, as they are printed.
  private mutating func late(
    _ time: Nanoseconds?, _ limit: Nanoseconds, _ index: Int, _ one: Candidate,
    _ message: (_ seen: String, _ limit: String) -> String
  ) {
    guard resolution.hasTime, let time else { return skipped(index, .noTime) }
    if time <= limit { return evaluated(index) }
    let (sure, overflow) = limit.addingReportingOverflow(resolution.step)
    guard !overflow, time > sure else { return skipped(index, .coarseTime) }
    evaluated(index)
    tell(index, message(Printable.seconds(time), Printable.seconds(limit)), one)
  }

  // MARK: The end

  /// The trace is over; these are its transfers.
  public mutating func finish(_ transfers: [SeenTransfer]) {
    settleAll()
    for index in entries.indices {
      switch entries[index].role {
      case .mustSee: finishCount(index)
      case .mustNotSee: evaluated(index)
      case .step: break
      }
    }
    for expectation in expectations.indices { if let order = orders[expectation] { finish(order) } }
    for (index, expectation) in expectations.enumerated() {
      for wanted in expectation.transfers { judge(wanted, index, transfers) }
    }
  }

  private mutating func finishCount(_ index: Int) {
    let entry = entries[index]
    evaluated(index)
    guard entry.seen < entry.wanted.count.least else { return }
    var message = "\(entry.wanted.text) was expected \(entry.wanted.count.text), "
    message += entry.seen == 0 ? "and not seen" : "seen \(entry.seen == 1 ? "once" : "\(entry.seen) times")"
    var position = lastLine
    if let near = entry.near {
      position = near.position
      message += "; this one ended with \(Self.shown(near.result))"
      if !near.result.isEmpty, entry.wanted.answer != nil { message += ", or another answer" }
    }
    tell(entry.expectation, entry.wanted.mark, message, position)
  }

  private mutating func finish(_ order: Progress) {
    guard entries.indices.contains(order.next), order.next < order.end else {
      if order.end > 0, entries.indices.contains(order.end - 1) { evaluated(order.end - 1) }
      return
    }
    let entry = entries[order.next]
    evaluated(order.next)
    var message = "\(entry.wanted.text) was expected"
    if let last = order.last, entries.indices.contains(order.next - 1) {
      message += " after \(entries[order.next - 1].wanted.command.text) (line \(last.position.place))"
    }
    message += ", and did not come"
    if let near = entry.near {
      let how = near.result.isEmpty ? "" : ", with \(Self.shown(near.result))"
      message += "; one is in line \(near.position.place)\(how)"
    }
    let left = order.end - order.next - 1
    if left > 0 { message += "; \(left == 1 ? "1 further step was" : "\(left) further steps were") not looked for" }
    tell(entry.expectation, entry.wanted.mark, message, order.last?.position ?? entry.near?.position ?? lastLine)
  }

  /// The result as a message shows it: words of the engine, or of the modem without anything that is no letter.
  private static func shown(_ result: String) -> String {
    guard !result.isEmpty else { return "no result" }
    return result.utf8.count <= 40 && result.utf8.allSatisfy { (0x20...0x7E).contains($0) } ? result : "another result"
  }

  // MARK: Transfers

  private mutating func judge(_ wanted: ExpectedTransfer, _ expectation: Int, _ transfers: [SeenTransfer]) {
    counts[expectation].evaluated += 1
    let meant = transfers.filter { one in
      (wanted.kind ?? one.kind) == one.kind && (wanted.direction ?? one.position.direction) == one.position.direction
    }
    let good = meant.filter { Self.faults(of: $0, wanted).isEmpty }
    if !wanted.count.contains(good.count) {
      var message = "\(Self.article(wanted.text)) was expected \(wanted.count.text), "
      message += good.isEmpty ? "and not seen" : "seen \(good.count == 1 ? "once" : "\(good.count) times")"
      var position = good.last?.position ?? lastLine
      let isFewer = good.count < wanted.count.least
      let near = meant.min { Self.faults(of: $0, wanted).count < Self.faults(of: $1, wanted).count }
      if isFewer, good.isEmpty, let near {
        position = near.position
        message += "; this one " + Self.faults(of: near, wanted).joined(separator: ", and ")
      }
      tell(expectation, wanted.mark, message, position)
    }
    guard let floor = wanted.throughput else { return }
    for one in good {
      guard let throughput = one.throughput else {
        counts[expectation].skipped += 1
        counts[expectation].reason = .noTime
        continue
      }
      guard throughput < floor else { continue }
      tell(
        expectation, wanted.mark,
        "the \(one.kind.name) transfer carried \(Self.whole(throughput)) bytes/s; at least \(Self.whole(floor)) were expected",
        one.position)
    }
  }

  private static func faults(of one: SeenTransfer, _ wanted: ExpectedTransfer) -> [String] {
    var faults: [String] = []
    if let complete = wanted.complete, complete != one.complete {
      faults.append(one.complete ? "is complete" : "is not complete")
    }
    if let size = wanted.size, size != one.bytes { faults.append("has \(one.bytes) bytes instead of \(size)") }
    if let hash = wanted.sha256, hash != one.sha256 { faults.append("has the SHA-256 \(one.sha256)") }
    return faults
  }

  private static func article(_ text: String) -> String {
    (text.first.map { "aeioux".contains($0) } ?? false ? "an " : "a ") + text
  }

  private static func whole(_ value: Double) -> Int64 { value >= 9e18 ? .max : value > 0 ? Int64(value) : 0 }

  // MARK: Telling

  private mutating func evaluated(_ index: Int) { counts[entries[index].expectation].evaluated += 1 }

  private mutating func skipped(_ index: Int, _ reason: RuleCoverage.Reason) {
    counts[entries[index].expectation].skipped += 1
    counts[entries[index].expectation].reason = reason
  }

  /// At one transaction; a few times for each entry.
  private mutating func tell(_ index: Int, _ message: String, _ one: Candidate) {
    guard entries[index].told < Self.toldLimit else { return }
    entries[index].told += 1
    var text = message
    if one.inferred { text += " (direction inferred)" }
    if entries[index].told == Self.toldLimit { text += "; further ones are not told" }
    tell(entries[index].expectation, entries[index].wanted.mark, text, one.position)
  }

  private mutating func tell(_ expectation: Int, _ mark: FileMark, _ message: String, _ position: Position?) {
    let one = expectations[expectation]
    var severity = one.severity
    switch user.weights[one.rule] {
    case nil: break
    case .off: return
    case .severity(let weight): severity = weight
    }
    findings.append(
      Finding(
        rule: one.rule, severity: severity,
        message: hasGap ? message + " (bytes are missing in the log)" : message,
        advice: ExpectRules.info(named: one.rule).advice, position: position ?? Position(place: 1),
        citation: Citation(document: "\(mark.file):\(mark.line)", section: "expect")))
  }
}
