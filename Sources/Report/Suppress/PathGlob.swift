/// A pattern of paths: `*` and `?` stand for anything within one folder, `**` for any folders too. A pattern that does
/// not begin with `/` may begin at any folder of the path: `*.log` means every log, `field/*.log` those in a `field`.
public struct PathGlob: Hashable, Sendable {
  /// Longer patterns are refused by whoever reads them.
  public static let limit = 256

  private enum Sign: Hashable, Sendable {
    case byte(UInt8)
    case one, some
    /// `**`, and `**/`, which may be no folder at all.
    case all, folders
  }

  public let text: String
  private let signs: [Sign]
  private let isRooted: Bool

  public init(_ text: String) {
    self.text = text
    var bytes = Array(text.utf8.prefix(Self.limit))[...]
    if bytes.starts(with: [0x2E, 0x2F]) { bytes = bytes.dropFirst(2) }
    isRooted = bytes.first == 0x2F
    var signs: [Sign] = []
    while let first = bytes.first {
      if bytes.starts(with: [0x2A, 0x2A, 0x2F]) {
        signs.append(.folders)
        bytes = bytes.dropFirst(3)
      } else if bytes.starts(with: [0x2A, 0x2A]) {
        signs.append(.all)
        bytes = bytes.dropFirst(2)
      } else {
        signs.append(first == 0x2A ? .some : first == 0x3F ? .one : .byte(first))
        bytes = bytes.dropFirst()
      }
    }
    // A folder means what is in it.
    if signs.last == .byte(0x2F) { signs.append(.all) }
    self.signs = signs
  }

  public func matches(_ path: String) -> Bool {
    let slash: UInt8 = 0x2F
    var active = [Bool](repeating: false, count: signs.count + 1)
    enter(0, &active)
    for byte in path.utf8 {
      var next = [Bool](repeating: false, count: signs.count + 1)
      for at in signs.indices where active[at] {
        switch signs[at] {
        case .byte(let wanted): if wanted == byte { enter(at + 1, &next) }
        case .one: if byte != slash { enter(at + 1, &next) }
        case .some: if byte != slash { enter(at, &next) }
        case .all: enter(at, &next)
        case .folders:
          next[at] = true
          if byte == slash { enter(at + 1, &next) }
        }
      }
      if byte == slash, !isRooted { enter(0, &next) }
      active = next
    }
    return active[signs.count]
  }

  /// What may stand for nothing is passed at once.
  private func enter(_ at: Int, _ active: inout [Bool]) {
    active[at] = true
    guard at < signs.count else { return }
    switch signs[at] {
    case .some, .all, .folders: enter(at + 1, &active)
    case .byte, .one: break
    }
  }
}
