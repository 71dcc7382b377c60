import Profile
import Trace

/// Where and when things happen: ports, the clock of the trace, control lines.
extension Checker {
  mutating func set(scene event: Event) {
    let index = Int(event.port.index)
    scene.port = portNames.indices.contains(index) ? portNames[index] : .unknown
    scene.now = event.end.isKnown ? .number(event.end.nanoseconds / 1_000_000) : .unknown
    scene.step = (resolution.step &+ 999_999) / 1_000_000
    scene.lineText = .unknown
    scene.result = .unknown
    scene.reason = .unknown
    var waiting: Int64 = 0
    for track in open where track.port != event.port && !track.timedOut && !track.isQuiet {
      if event.transaction == 0 || track.transaction < event.transaction { waiting &+= 1 }
    }
    scene.elsewhere = .number(waiting)
  }

  /// What expressions see of a final result.
  mutating func set(result event: Event, _ final: Final, _ batch: borrowing EventBatch) {
    scene.result = .text(hash: TextHash.of(final.name.utf8))
    if final == .otherSuccess || final == .otherFailure {
      // By its text, without the colon of one that has a number.
      let line = batch.text.span.extracting(event.text.range)
      if let own = book.final(line) ?? book.final(number: line) {
        scene.result = .text(hash: TextHash.of(own.takesNumber ? own.text.dropLast() : own.text[...]))
      }
    }
    guard final == .cme || final == .cms else { return }
    if event.a >= 0 {
      scene.reason = .number(event.a)
    } else if var start = event.text.range.first(where: { batch.text[$0] == 0x3A }) {
      repeat { start += 1 } while start < event.text.range.upperBound && batch.text[start] == 0x20
      scene.reason = .text(hash: TextHash.of(batch.text[start..<event.text.range.upperBound]))
    }
  }

  /// `dcd=0`
  mutating func checkControl(_ event: Event, _ batch: borrowing EventBatch) {
    let text = batch.text.span.extracting(event.text.range)
    // AT&D3 resets the modem where DTR falls, and a port that is opened anew may have another state.
    if text.count == 5, text[0] == 0x64, text[1] == 0x74, text[2] == 0x72, text[4] == 0x30 { errorForm = nil }
    for control in book.controls where text.count == control.name.count + 2 {
      var index = 0
      while index < control.name.count, text[index] | 0x20 == control.name[index] { index += 1 }
      guard index == control.name.count, text[index] == 0x3D else { continue }
      let level = Int64(text[index + 1]) - 0x30
      guard level == 0 || level == 1 else { return }
      let fields = [Field(kind: .integer, number: level)]
      run(
        control.hook, at: event.position, fields: fields.span, text: text, signature: nil, parameters: Span<Field>(),
        parameterText: Span<UInt8>(), takes: nil, context: Machine.Context(scene: scene),
        name: .fixed(String(decoding: control.name, as: UTF8.self).uppercased()), inferred: false)
    }
  }
}
