import Measure
import Trace

/// The transfers of one kind and direction in both sessions.
public struct TransferShift: Sendable {
  public struct Side: Sendable {
    public var count = 0
    public var complete = 0
    public var payloadBytes = 0
    /// The median over complete transfers, in bytes per second.
    public var throughput: Double?
    public var longestStall: Nanoseconds = 0
  }
  /// What was compared.
  public enum Basis: Sendable {
    /// The throughputs of whole transfers.
    case transfers
    /// Of few transfers, the times of their parts.
    case parts
  }
  public let kind: TransferKind
  public let direction: Direction
  public let old: Side
  public let new: Side
  public let basis: Basis
  public let shift: Shift
  /// It is slower by more than the limit allows.
  public let isRegression: Bool
  /// Transfers do not finish that did before.
  public var breaksOff: Bool { old.count > 0 && old.complete == old.count && new.complete < new.count }

  static func all(_ old: ComparedSession, _ new: ComparedSession, _ limits: ComparisonLimits) -> [TransferShift] {
    var result: [TransferShift] = []
    for kind in TransferKind.allCases {
      for direction in [Direction.hostToModem, .modemToHost] {
        let before = old.transfers.filter { $0.kind == kind && $0.direction == direction }
        let after = new.transfers.filter { $0.kind == kind && $0.direction == direction }
        guard !before.isEmpty || !after.isEmpty else { continue }
        result.append(TransferShift(kind, direction, before, after, (old.transcript, new.transcript), limits))
      }
    }
    return result
  }

  private init(
    _ kind: TransferKind, _ direction: Direction, _ before: [TransferFigures], _ after: [TransferFigures],
    _ transcripts: (old: Transcript, new: Transcript), _ limits: ComparisonLimits
  ) {
    self.kind = kind
    self.direction = direction
    // In thousandths of a byte per second.
    let oldRates = Self.rates(before)
    let newRates = Self.rates(after)
    old = Self.side(before, oldRates)
    new = Self.side(after, newRates)
    var shift = Shift.of(oldRates, newRates, growthIsWorse: false, least: 0)
    var basis = Basis.transfers
    if shift.verdict == .tooFew, let change = shift.change {
      let parts = Shift.of(
        transcripts.old.courses.paces(kind, direction), transcripts.new.courses.paces(kind, direction),
        growthIsWorse: true, least: 0)
      if parts.verdict != .tooFew {
        basis = .parts
        shift.probability = parts.probability
        // The parts and the whole have to say the same.
        let agrees = (parts.verdict == .worse) == (change < 0) && change.magnitude > NoiseLimits.share
        shift.verdict = agrees ? parts.verdict : .withinNoise
      }
    }
    self.basis = basis
    self.shift = shift
    isRegression = shift.verdict == .worse && limits.throughput.map { -(shift.change ?? 0) > $0 } == true
  }

  private static func rates(_ figures: [TransferFigures]) -> [Int64] {
    figures.filter { $0.complete && $0.payloadBytes > 0 }.compactMap(\.throughput).map { Int64(min($0 * 1000, 1e15)) }
  }

  private static func side(_ figures: [TransferFigures], _ rates: [Int64]) -> Side {
    Side(
      count: figures.count, complete: figures.count(where: \.complete),
      payloadBytes: figures.reduce(0) { $0 &+ $1.payloadBytes },
      throughput: Shift.median(rates).map { Double($0) / 1000 },
      longestStall: figures.map(\.longestStall).max() ?? 0)
  }
}
