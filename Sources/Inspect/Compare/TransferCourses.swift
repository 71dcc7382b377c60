import Trace

/// How the payload of transfers grew, so that single transfers can be compared piece by piece.
struct TransferCourses: Sendable {
  static let limit = 64
  static let openLimit = 16

  /// When how many bytes were there.
  struct Course: Sendable {
    static let pointLimit = 512
    /// A course is cut into so many parts of equal size.
    static let slices = 16
    /// With fewer points than this the parts would say more of the points than of the transfer.
    static let fewestPoints = 2 * slices

    let id: UInt32
    let kind: UInt8
    let direction: Direction
    let start: Instant
    private var points: [(instant: Instant, bytes: Int)] = []
    private var total = 0
    /// Every so many instants a point is kept.
    private var stride = 1
    private var instants = 0
    private var last = Instant.unknown

    init(_ event: Event) {
      id = UInt32(truncatingIfNeeded: event.b)
      kind = event.form
      direction = event.direction
      start = event.start
    }

    mutating func add(_ count: Int, at instant: Instant) {
      total &+= max(0, count)
      guard instant.isKnown else { return }
      // However bytes are cut, what comes at one instant is one point.
      if instant == last {
        if let end = points.indices.last, points[end].instant == instant { points[end].bytes = total }
        return
      }
      last = instant
      instants &+= 1
      guard instants % stride == 0 else { return }
      points.append((instant, total))
      guard points.count >= Self.pointLimit else { return }
      points = points.indices.filter { $0 % 2 == 1 }.map { points[$0] }
      stride *= 2
    }

    /// The time that each part took, in picoseconds a byte; empty where it cannot be told.
    var paces: [Int64] {
      guard points.count >= Self.fewestPoints, total >= Self.slices, start.isKnown else { return [] }
      var result: [Int64] = []
      var before = start
      var bytesBefore = 0
      for slice in 1...Self.slices {
        let wanted = total / Self.slices * slice
        guard let point = points.first(where: { $0.bytes >= wanted }) else { break }
        if let time = point.instant.since(before), point.bytes > bytesBefore {
          let pace = Double(max(0, time)) * 1000 / Double(point.bytes - bytesBefore)
          result.append(Int64(min(pace, 1e15)))
        }
        before = point.instant
        bytesBefore = point.bytes
      }
      return result
    }
  }

  private var open: [Course] = []
  private(set) var closed: [Course] = []

  mutating func take(_ event: Event) {
    if event.kind == .transferEnd {
      while let at = open.firstIndex(where: { Int64($0.id) == event.b }) { close(at) }
      return
    }
    guard event.b > 0 else { return }
    let id = UInt32(truncatingIfNeeded: event.b)
    if let at = open.firstIndex(where: { $0.id == id && $0.direction == event.direction }) {
      open[at].add(Int(event.text.count), at: event.end)
    } else if open.count < Self.openLimit {
      var course = Course(event)
      course.add(Int(event.text.count), at: event.end)
      open.append(course)
    }
  }

  private mutating func close(_ at: Int) {
    let course = open.remove(at: at)
    if closed.count < Self.limit { closed.append(course) }
  }

  /// The paces of the parts of all transfers of a kind.
  func paces(_ kind: TransferKind, _ direction: Direction) -> [Int64] {
    (closed + open).filter { $0.kind == kind.rawValue && $0.direction == direction }.flatMap(\.paces)
  }
}
