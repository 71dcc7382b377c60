/// Two sessions side by side: which transaction of one belongs to which of the other.
///
/// Equal command lines are aligned first. What is left between them is paired by the names of its commands, so that a
/// parameter that changed is told as such; an equal line that stands elsewhere within reach was moved.
struct Pairing {
  struct Row {
    enum Kind {
      /// The same command line, or the same commands with other parameters.
      case same, parameters
      case removed, added
      /// One end of a line that stands elsewhere.
      case moved
    }
    var kind: Kind
    /// Indices of steps; -1: the side has none here.
    var old: Int
    var new: Int
  }

  /// Over so many rows a line may have moved; farther away it is another one.
  static let reach = 64
  /// The same commands with other parameters count as moved only if they are as near as this.
  static let shortReach = 8

  private(set) var rows: [Row] = []
  /// Both ends of what was moved.
  private(set) var moves: [(old: Int, new: Int)] = []
  let isWindowed: Bool

  private let old: [Step]
  private let new: [Step]

  init(_ old: [Step], _ new: [Step]) {
    self.old = old
    self.new = new
    let alignment = Alignment(old.map(\.line.exact), new.map(\.line.exact))
    isWindowed = alignment.isWindowed
    let (movedOld, movedNew) = findMoves(alignment.pairs)
    var (i, j) = (0, 0)
    for pair in alignment.pairs {
      appendGap(i..<pair.old, j..<pair.new, movedOld, movedNew)
      rows.append(Row(kind: .same, old: pair.old, new: pair.new))
      (i, j) = (pair.old + 1, pair.new + 1)
    }
    appendGap(i..<old.count, j..<new.count, movedOld, movedNew)
    findNearMoves()
  }

  /// What is left may have moved and changed.
  private mutating func findNearMoves() {
    for at in rows.indices where rows[at].kind == .added {
      let names = new[rows[at].new].names
      let around = max(0, at - Self.shortReach)...min(rows.count - 1, at + Self.shortReach)
      let found = around.filter { rows[$0].kind == .removed && old[rows[$0].old].names == names }
      guard let nearest = found.min(by: { abs($0 - at) < abs($1 - at) }) else { continue }
      rows[at].kind = .moved
      rows[nearest].kind = .moved
      moves.append((rows[nearest].old, rows[at].new))
    }
  }

  private mutating func findMoves(_ pairs: [(old: Int, new: Int)]) -> (Set<Int>, Set<Int>) {
    struct Left {
      var index: Int
      var row: Int
    }
    /// Equal lines that were removed, and how many of them are done with.
    struct Queue {
      var list: [Left] = []
      var next = 0
    }
    var removed: [UInt64: Queue] = [:]
    var added: [Left] = []
    var (i, j, row) = (0, 0, 0)
    for pair in pairs + [(old.count, new.count)] {
      while i < pair.old {
        removed[old[i].line.exact, default: Queue()].list.append(Left(index: i, row: row))
        i += 1
        row += 1
      }
      while j < pair.new {
        added.append(Left(index: j, row: row))
        j += 1
        row += 1
      }
      (i, j, row) = (i + 1, j + 1, row + 1)
    }
    var movedOld: Set<Int> = []
    var movedNew: Set<Int> = []
    func takeNear(_ row: Int, _ queue: inout Queue) -> Left? {
      // What is out of reach for this one is so for all behind it.
      while queue.next < queue.list.count, queue.list[queue.next].row < row - Self.reach { queue.next += 1 }
      guard queue.next < queue.list.count, queue.list[queue.next].row <= row + Self.reach else { return nil }
      defer { queue.next += 1 }
      return queue.list[queue.next]
    }
    for one in added {
      guard let place = removed.index(forKey: new[one.index].line.exact),
        let first = takeNear(one.row, &removed.values[place])
      else { continue }
      movedOld.insert(first.index)
      movedNew.insert(one.index)
      moves.append((first.index, one.index))
    }
    return (movedOld, movedNew)
  }

  /// What stands between two equal lines.
  private mutating func appendGap(
    _ oldGap: Range<Int>, _ newGap: Range<Int>, _ movedOld: Set<Int>, _ movedNew: Set<Int>
  ) {
    guard !oldGap.isEmpty || !newGap.isEmpty else { return }
    let oldLeft = oldGap.filter { !movedOld.contains($0) }
    let newLeft = newGap.filter { !movedNew.contains($0) }
    let named = Alignment(oldLeft.map { old[$0].names }, newLeft.map { new[$0].names })
    var (i, j) = (oldGap.lowerBound, newGap.lowerBound)
    func ends(_ oldEnd: Int, _ newEnd: Int) -> [Row] {
      (i..<oldEnd).map { Row(kind: movedOld.contains($0) ? .moved : .removed, old: $0, new: -1) }
        + (j..<newEnd).map { Row(kind: movedNew.contains($0) ? .moved : .added, old: -1, new: $0) }
    }
    for pair in named.pairs {
      rows += ends(oldLeft[pair.old], newLeft[pair.new])
      rows.append(Row(kind: .parameters, old: oldLeft[pair.old], new: newLeft[pair.new]))
      (i, j) = (oldLeft[pair.old] + 1, newLeft[pair.new] + 1)
    }
    rows += ends(oldGap.upperBound, newGap.upperBound)
  }
}
