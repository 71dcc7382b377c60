import Profile
import Trace

/// Changes of one kind that read the same, and the first of them.
public struct Change: Sendable {
  public enum Kind: String, Sendable, CaseIterable {
    case removed, added, moved
    /// The same command with other parameters; the same line with another result, or other lines in its answer.
    case parameters, result, answer
    /// The same lines with other values: nothing is concluded from them.
    case values
  }
  public let kind: Kind
  public let old: Step?
  public let new: Step?
  public internal(set) var count = 1
  /// It differs only in what is masked.
  public let isHidden: Bool
}

/// The changes of two sessions in the order of their first occurrence.
public struct ChangeList: Sendable {
  /// So many that read differently are listed; the others are counted only.
  public static let limit = 1000

  public private(set) var list: [Change] = []
  public private(set) var counts: [Change.Kind: Int] = [:]
  /// Changes that are not listed.
  public private(set) var leftOut = 0
  private var index: [UInt64: Int] = [:]

  /// All but those of values.
  public var total: Int { counts.reduce(0) { $0 + ($1.key == .values ? 0 : $1.value) } }

  /// `reading`: a hash of what is printed of it.
  mutating func add(_ kind: Change.Kind, _ old: Step?, _ new: Step?, reading: UInt64, isHidden: Bool) {
    counts[kind, default: 0] += 1
    let key = TextHash.join(TextHash.of(kind.rawValue.utf8), TextHash.join(reading, isHidden ? 1 : 0))
    if let known = index[key] {
      list[known].count += 1
    } else if list.count < Self.limit {
      index[key] = list.count
      list.append(Change(kind: kind, old: old, new: new, isHidden: isHidden))
    } else {
      leftOut += 1
    }
  }
}

/// Goes over the rows and tells what differs.
struct Assembly {
  private(set) var changes = ChangeList()
  private(set) var rows: [Comparison.Row] = []
  private(set) var divergence: Comparison.Divergence?
  private(set) var newErrors = 0

  private let old: [Step]
  private let new: [Step]
  private let oldTexts: Transcript
  private let newTexts: Transcript

  init(_ pairing: Pairing, old: [Step], new: [Step], _ oldTexts: Transcript, _ newTexts: Transcript) {
    self.old = old
    self.new = new
    self.oldTexts = oldTexts
    self.newTexts = newTexts
    let failedBefore = Set(old.filter(\.outcome.isFailure).map(\.names))
    let partner = Dictionary(pairing.moves.map { ($0.new, $0.old) }, uniquingKeysWith: { first, _ in first })
    var (nextOld, nextNew, common) = (0, 0, 0)
    for row in pairing.rows {
      let before = row.old >= 0 ? old[row.old] : nil
      let after = row.new >= 0 ? new[row.new] : nil
      var found: [Change.Kind] = []
      switch row.kind {
      case .removed:
        found = [.removed]
        if let before { changes.add(.removed, before, nil, reading: before.line.shown, isHidden: false) }
      case .added:
        found = [.added]
        if let after {
          changes.add(.added, nil, after, reading: after.line.shown, isHidden: false)
          if after.outcome.isFailure, !failedBefore.contains(after.names) { newErrors += 1 }
        }
      case .moved:
        found = [.moved]
        if let after, let from = partner[row.new] {
          changes.add(.moved, old[from], after, reading: after.line.shown, isHidden: false)
          found += compare(old[from], after)
        }
      case .same, .parameters:
        if let before, let after { found = compare(before, after) }
      }
      let isEnd = row.kind == .moved && row.new < 0
      rows.append(
        Comparison.Row(
          old: before == nil ? nil : row.old, new: after == nil ? nil : row.new, changes: isEnd ? [] : found,
          isEnd: isEnd))
      if divergence == nil, found.contains(where: { $0 != .values }) {
        divergence = Comparison.Divergence(
          old: nextOld < old.count ? old[nextOld] : nil, new: nextNew < new.count ? new[nextNew] : nil, common: common)
      }
      if row.old >= 0 { nextOld = row.old + 1 }
      if row.new >= 0 { nextNew = row.new + 1 }
      if row.old >= 0, row.new >= 0 { common += 1 }
    }
  }

  /// What differs in two transactions that belong together.
  private mutating func compare(_ a: Step, _ b: Step) -> [Change.Kind] {
    var found: [Change.Kind] = []
    func note(_ kind: Change.Kind, _ reading: UInt64, isHidden: Bool = false) {
      found.append(kind)
      changes.add(kind, a, b, reading: reading, isHidden: isHidden)
    }
    if a.line.exact != b.line.exact {
      note(.parameters, TextHash.join(a.line.shown, b.line.shown), isHidden: a.line.shown == b.line.shown)
    }
    if !a.hasResult(of: b) {
      let words = [oldTexts.name(of: a), oldTexts.result(of: a), newTexts.result(of: b)]
      note(.result, TextHash.of(words.joined(separator: "\u{0}").utf8))
      if a.outcome == .succeeded, b.outcome.isFailure { newErrors += 1 }
    } else if a.outcome == .open || b.outcome == .open {
      // Cut off by the end of a trace: what is missing of the answer was not seen.
    } else if a.answers != b.answers || a.shape != b.shape {
      note(.answer, TextHash.join(a.names, TextHash.join(a.shape, b.shape)))
    } else if a.answered != b.answered {
      note(.values, a.names, isHidden: a.answered.shown == b.answered.shown)
    }
    return found
  }
}
