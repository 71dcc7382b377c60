import Trace

/// What a line is doing at the moment, on one line of a terminal: rates, latency, what is waited for, and the transfer
/// that is under way.
public struct LiveStatus {
  private var hostBytes: UInt64 = 0
  private var modemBytes: UInt64 = 0
  private var hostRate = 0.0
  private var modemRate = 0.0
  private var lastLook: Nanoseconds = 0
  private var latency: Nanoseconds?
  private var waiting: [(transaction: UInt32, since: Instant)] = []
  private var transfers = LiveTransfers()

  private static let waitingLimit = 64
  private static let barWidth = 20

  public init() {}

  public mutating func take(_ batch: borrowing EventBatch) {
    for index in batch.events.indices {
      let event = batch.events[index]
      transfers.take(event)
      switch event.kind {
      case .commandLine:
        if waiting.count >= Self.waitingLimit { waiting.removeFirst() }
        waiting.append((event.transaction, event.end))
      case .final, .unanswered:
        waiting.removeAll { $0.transaction == event.transaction }
        if event.kind == .final, event.c >= 0 { latency = event.c }
      default: break
      }
    }
  }

  /// Counts bytes. `now`: since the beginning of the line.
  public mutating func count(hostBytes: UInt64, modemBytes: UInt64, now: Nanoseconds) {
    let span = Double(now &- lastLook) / 1e9
    guard span > 0 else { return }
    hostRate = Double(hostBytes &- self.hostBytes) / span
    modemRate = Double(modemBytes &- self.modemBytes) / span
    (self.hostBytes, self.modemBytes, lastLook) = (hostBytes, modemBytes, now)
  }

  public func line(now: Nanoseconds, errors: Int, warnings: Int, width: Int) -> String {
    var parts = [
      Self.clock(now), "host \(Self.rate(hostRate))", "modem \(Self.rate(modemRate))",
      "latency \(TextLayout.time(latency))",
    ]
    if let transfer = transfers.open.last {
      parts.append(Self.bar(transfer))
    } else if let oldest = waiting.first, oldest.since.isKnown {
      let span = Instant(nanoseconds: now).since(oldest.since) ?? 0
      if span > 500_000_000 { parts.append("waiting \(TextLayout.time(span))") }
    }
    if errors + warnings > 0 { parts.append("\(errors) errors, \(warnings) warnings") }
    return TextLayout.cut(parts.joined(separator: "  "), max(10, width - 1))
  }

  private static func bar(_ transfer: LiveTransfers.One) -> String {
    guard transfer.announced > 0 else { return "\(transfer.kind.name) \(transfer.bytes) bytes" }
    let share = min(1, Double(transfer.bytes) / Double(transfer.announced))
    let filled = Int(share * Double(barWidth))
    return "\(transfer.kind.name) [" + String(repeating: "=", count: filled)
      + String(repeating: " ", count: barWidth - filled) + "] \(Int(share * 100)) %"
  }

  private static func rate(_ bytes: Double) -> String {
    bytes < 1000 ? "\(Int(bytes)) B/s" : "\(Decimal.rounded(bytes / 1000, places: 1)) kB/s"
  }

  private static func clock(_ span: Nanoseconds) -> String {
    let seconds = max(0, span / 1_000_000_000)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
  }
}
