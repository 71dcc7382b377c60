/// Which members of two sequences belong together: a longest common subsequence after Myers (1986), within limits of
/// memory and time.
struct Alignment {
  /// Sequences that differ in more places are aligned window by window: 8 MB hold the search for this many.
  static let distanceLimit = 2048
  /// Members of each side in a window.
  static let window = 1024

  /// What belongs together, in order on both sides.
  private(set) var pairs: [(old: Int, new: Int)] = []
  /// The limit was met: within a window the alignment is the best one, over the whole it may not be.
  private(set) var isWindowed = false

  private let old: [UInt64]
  private let new: [UInt64]

  init(_ old: [UInt64], _ new: [UInt64]) {
    self.old = old
    self.new = new
    var start = 0
    while start < old.count, start < new.count, old[start] == new[start] {
      pairs.append((start, start))
      start += 1
    }
    var oldEnd = old.count
    var newEnd = new.count
    while oldEnd > start, newEnd > start, old[oldEnd - 1] == new[newEnd - 1] {
      oldEnd -= 1
      newEnd -= 1
    }
    if let found = search(start..<oldEnd, start..<newEnd, limit: Self.distanceLimit) {
      pairs += found
    } else {
      isWindowed = true
      slide(start..<oldEnd, start..<newEnd)
    }
    pairs += (0..<(old.count - oldEnd)).map { (oldEnd + $0, newEnd + $0) }
  }

  /// Aligns a window, takes what stands in the first half of either side, and goes on behind it.
  private mutating func slide(_ oldRange: Range<Int>, _ newRange: Range<Int>) {
    var (i, j) = (oldRange.lowerBound, newRange.lowerBound)
    while i < oldRange.upperBound, j < newRange.upperBound {
      let oldWindow = i..<min(oldRange.upperBound, i + Self.window)
      let newWindow = j..<min(newRange.upperBound, j + Self.window)
      let found = search(oldWindow, newWindow, limit: 2 * Self.window) ?? []
      if oldWindow.upperBound == oldRange.upperBound, newWindow.upperBound == newRange.upperBound {
        pairs += found
        return
      }
      let half = Self.window / 2
      let first = found.firstIndex { $0.old >= i + half && $0.new >= j + half }
      let taken = found[..<(first ?? found.count)]
      pairs += taken
      // At least half a window on each side is done with.
      let next = first.map { found[$0] }
      i = next?.old ?? max(i + half, (taken.last?.old ?? i) + 1)
      j = next?.new ?? max(j + half, (taken.last?.new ?? j) + 1)
    }
  }

  /// The pairs of two ranges; `nil` where they differ in more places than `limit`.
  private func search(
    _ oldRange: Range<Int>, _ newRange: Range<Int>, limit: Int
  ) -> [(old: Int, new: Int)]? {
    let (n, m) = (oldRange.count, newRange.count)
    guard n > 0, m > 0 else { return [] }
    let most = min(limit, n + m)
    // For each diagonal, how far along the old side it was reached.
    var reached = [Int32](repeating: 0, count: 2 * most + 3)
    let middle = most + 1
    var history: [[Int32]] = []
    for distance in 0...most {
      for diagonal in stride(from: -distance, through: distance, by: 2) {
        let at = middle + diagonal
        var x =
          Self.comesFromAbove(diagonal, distance, reached[at - 1], reached[at + 1])
          ? Int(reached[at + 1]) : Int(reached[at - 1]) + 1
        if distance == 0 { x = 0 }
        var y = x - diagonal
        while x < n, y < m, old[oldRange.lowerBound + x] == new[newRange.lowerBound + y] {
          x += 1
          y += 1
        }
        reached[at] = Int32(truncatingIfNeeded: x)
        if x >= n, y >= m { return trace(back: history, distance, oldRange, newRange) }
      }
      history.append(
        stride(from: -distance, through: distance, by: 2).map { reached[middle + $0] })
    }
    return nil
  }

  /// Whether a diagonal is entered by a member that only the new side has.
  private static func comesFromAbove(_ diagonal: Int, _ distance: Int, _ below: Int32, _ above: Int32) -> Bool {
    diagonal == -distance || diagonal != distance && below < above
  }

  /// The way from the end to the beginning.
  private func trace(
    back history: [[Int32]], _ last: Int, _ oldRange: Range<Int>, _ newRange: Range<Int>
  ) -> [(old: Int, new: Int)] {
    var (x, y) = (oldRange.count, newRange.count)
    var pairs: [(old: Int, new: Int)] = []
    func take(downTo startX: Int, _ startY: Int) {
      while x > startX, y > startY {
        x -= 1
        y -= 1
        pairs.append((oldRange.lowerBound + x, newRange.lowerBound + y))
      }
    }
    for distance in stride(from: last, to: 0, by: -1) {
      let before = history[distance - 1]
      // Of the diagonals from -d to d every second one is kept.
      func far(_ diagonal: Int) -> Int32 {
        let at = (diagonal + distance - 1) / 2
        return diagonal >= 1 - distance && before.indices.contains(at) ? before[at] : 0
      }
      let diagonal = x - y
      let isAbove = Self.comesFromAbove(diagonal, distance, far(diagonal - 1), far(diagonal + 1))
      let from = isAbove ? diagonal + 1 : diagonal - 1
      let startX = Int(far(from))
      // Behind the step that enters the diagonal stands what is equal.
      take(downTo: isAbove ? startX : startX + 1, isAbove ? startX - from + 1 : startX - from)
      x = startX
      y = startX - from
    }
    take(downTo: 0, 0)
    return pairs.reversed()
  }
}
