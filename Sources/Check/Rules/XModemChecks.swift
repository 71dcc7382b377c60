import Trace

/// Says what an XMODEM transfer broke, and how it ended.
extension Checker {
  /// `false`: this is no fault of XMODEM.
  mutating func reportXModem(_ fault: Malformed, _ event: Event) -> Bool {
    guard let (rule, message) = xmodemSentence(fault, event) else { return false }
    let answered = event.c > 0 && Int(event.c) != event.place
    report(
      rule, message, at: event.position,
      related: answered ? [Related(place: Int(event.c), message: "answered here")] : [],
      inferred: event.flags.contains(.inferred))
    return true
  }

  private func xmodemSentence(_ fault: Malformed, _ event: Event) -> (GenericRule, String)? {
    let block = "block \(event.a)"
    switch fault {
    case .xmodemCadence:
      let name = event.a == 0x43 ? "C" : "NAK"
      let expected: Nanoseconds = event.a == 0x43 ? 3_000_000_000 : 10_000_000_000
      return (
        .xmodemStartCadence,
        "the receiver sent \(name) after \(Printable.seconds(event.b)); the protocol says every \(Printable.seconds(expected))"
      )
    case .xmodemNumber:
      return (.xmodemBlockNumber, "\(block) came where block \(event.b) was due")
    case .xmodemComplement:
      return (.xmodemBlockComplement, "\(block) was acknowledged although its third octet is not the complement")
    case .xmodemCRC: return (.xmodemBlockCRC, "\(block) was acknowledged although its CRC is wrong")
    case .xmodemSum: return (.xmodemBlockChecksum, "\(block) was acknowledged although its checksum is wrong")
    case .xmodemSwapped:
      return (.xmodemCRCOrder, "\(block) carries its CRC with the low octet first; so do those behind it")
    case .xmodemCheckMode: return (.xmodemCheckMode, "\(block) is not checked the way that the receiver asked for")
    case .xmodemLongWithSum:
      return (.xmodemLongWithChecksum, "\(block) has 1024 octets although the receiver asked for a checksum")
    case .xmodemHeadLength:
      return (.xmodemHeadLength, "the head of \(block) does not fit the length of its data")
    case .xmodemShort: return (.xmodemShortBlock, "\(block) was acknowledged although it is too short")
    case .xmodemLong: return (.xmodemLongBlock, "more octets than \(block) has came before the answer")
    case .xmodemPause:
      return (
        .xmodemCharacterTimeout,
        "the sender was silent for \(Printable.seconds(event.b)) within \(block); 1 s is the most"
      )
    case .xmodemResendDiffers: return (.xmodemResendDiffers, "\(block) came again with other data")
    case .xmodemSizeChanged:
      return (.xmodemSizeChanged, "a block of \(event.a) octets came again with \(event.b)")
    case .xmodemDuplicateRefused:
      return (
        .xmodemDuplicateRefused,
        event.b == 1
          ? "\(block) had been acknowledged before and was refused now"
          : "\(block) had come whole before, its answer was lost, and was refused now"
      )
    case .xmodemSurplusAnswer:
      return (.xmodemSurplusAnswer, "\(event.a == 1 ? "ACK" : "NAK") although the last block had its answer already")
    case .xmodemRetries: return (.xmodemRetries, "\(event.a < 0 ? "EOT" : block) was refused \(event.b) times")
    case .xmodemAfterCancel: return (.xmodemAfterCancel, "a block comes although the transfer was cancelled")
    case .xmodemEndUnanswered: return (.xmodemEndUnanswered, "EOT was not acknowledged before the session went on")
    case .xmodemForeign: return (.xmodemNoBlock, "the receiver asked for an XMODEM block, and what came is none")
    case .xmodemHeaderBlock: return (.xmodemHeaderBlock, "block 0 comes first: this is YMODEM")
    default: return nil
    }
  }

  // MARK: The post-mortem

  /// The values of `PayloadEvent.xmodemEnd`, in their order.
  private struct End {
    var blocks: Int64 = 0
    var longest: Int64 = 0
    var retries: Int64 = 0
    var checksum = false
    var outcome: Int64 = 0
  }

  mutating func reportXModemEnd(_ event: Event, _ batch: borrowing EventBatch) {
    let fields = event.fields.range
    guard fields.count == 7, fields.upperBound <= batch.fields.count else { return }
    func value(_ index: Int) -> Int64 { batch.fields[fields.lowerBound + index].number }
    let end = End(
      blocks: value(0), longest: value(1), retries: value(2), checksum: value(5) == 1, outcome: value(6))
    coverage.evaluated(.xmodemUnfinished)
    // An EOT without its ACK has been reported as such.
    guard end.outcome != 0, end.outcome != 6 || event.form == 0 else { return }
    let isCancelled = end.outcome == 1 || end.outcome == 2
    guard isCancelled || event.form == 1 else {
      coverage.skipped(.xmodemUnfinished, .traceEnded)
      return
    }
    report(
      isCancelled ? .xmodemCancelled : .xmodemUnfinished, story(end, event), at: event.position,
      inferred: event.flags.contains(.inferred))
  }

  private func story(_ end: End, _ event: Event) -> String {
    let host = event.direction == .hostToModem
    let sender = host ? "the host" : "the modem"
    let receiver = host ? "the modem" : "the host"
    let variant =
      end.longest > 128 ? "XMODEM-1K" : end.checksum ? "XMODEM with checksum" : "XMODEM-CRC"
    let done =
      end.blocks == 0
      ? "before any block was accepted"
      : "after \(end.blocks) accepted block\(end.blocks == 1 ? "" : "s") (\(variant), \(end.retries) sent again)"
    let refused = event.c > 0 ? " The last block was refused \(event.c) time\(event.c == 1 ? "" : "s")." : ""
    switch end.outcome {
    case 1: return "\(receiver) cancelled the transfer \(done).\(refused)"
    case 2: return "\(sender) cancelled the transfer \(done).\(refused)"
    case 3: return "\(receiver) asked for a transfer and no block ever came."
    case 4:
      return
        "The transfer died \(done): \(receiver) waited for block \(event.a), \(sender) sent nothing more.\(refused)"
    case 5:
      return "The transfer died \(done): \(sender) waited for the answer to its last block, \(receiver) was silent."
    default: return "The transfer ended \(done) with an EOT that \(receiver) did not acknowledge."
    }
  }
}
