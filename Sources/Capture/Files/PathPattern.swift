/// A path with `*`, `?`, `[…]` within names and `**` for any number of folders.
struct PathPattern {
  private let components: [[UInt8]]
  private let isAbsolute: Bool

  static func isPattern(_ path: String) -> Bool { path.utf8.contains { special.contains($0) } }

  private static let special = [UInt8]("*?[".utf8)
  private static let anyFolders = [UInt8]("**".utf8)

  init(_ path: String) {
    isAbsolute = path.hasPrefix("/")
    components = path.utf8.split(separator: UInt8(ascii: "/")).map { [UInt8]($0) }
  }

  /// The paths that match, sorted, each once.
  func matches() -> [String] {
    var found: Set<String> = []
    descend(isAbsolute ? "/" : "", components[...], depth: 0, into: &found)
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private func descend(_ folder: String, _ rest: ArraySlice<[UInt8]>, depth: Int, into found: inout Set<String>) {
    guard let component = rest.first, depth <= FolderWalk.depthLimit else { return }
    let others = rest.dropFirst()
    if component == PathPattern.anyFolders {
      if others.isEmpty {
        for path in (try? FolderWalk.files(in: folder.isEmpty ? "." : folder)) ?? [] {
          found.insert(folder.isEmpty ? String(path.dropFirst(2)) : path)
        }
        return
      }
      descend(folder, others, depth: depth, into: &found)
      for name in names(in: folder) where !name.hasPrefix(".") && isFolder(folder, name) {
        descend(FolderWalk.join(folder, name), rest, depth: depth + 1, into: &found)
      }
      return
    }
    for name in candidates(in: folder, component) {
      let path = FolderWalk.join(folder, name)
      if others.isEmpty {
        if FileKind(of: path) != .missing { found.insert(path) }
      } else if FileKind(of: path) == .folder {
        descend(path, others, depth: depth + 1, into: &found)
      }
    }
  }

  /// The names that a component may mean; one without special characters is not looked up.
  private func candidates(in folder: String, _ component: [UInt8]) -> [String] {
    guard component.contains(where: PathPattern.special.contains) else {
      return [String(decoding: component, as: UTF8.self)]
    }
    let wantsHidden = component.first == Ascii.dot
    return names(in: folder).filter {
      (wantsHidden || !$0.hasPrefix(".")) && PathPattern.matches([UInt8]($0.utf8)[...], component[...])
    }
  }

  private func names(in folder: String) -> [String] {
    (try? FolderWalk.names(in: folder.isEmpty ? "." : folder)) ?? []
  }

  /// Links to folders are not followed by `**`.
  private func isFolder(_ folder: String, _ name: String) -> Bool {
    FolderWalk.isRealFolder(FolderWalk.join(folder, name))
  }

  /// Whether a name matches a pattern without `/`. The last `*` is where matching goes on after a mismatch, so that
  /// the time is bounded by the product of the lengths.
  static func matches(_ name: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    var text = name
    var shape = pattern
    var retry: (text: ArraySlice<UInt8>, shape: ArraySlice<UInt8>)?
    while true {
      if shape.first == UInt8(ascii: "*") {
        shape = shape.dropFirst()
        retry = (text, shape)
        continue
      }
      if text.isEmpty, shape.isEmpty { return true }
      if let byte = text.first, let rest = matchOne(byte, shape) {
        text = text.dropFirst()
        shape = rest
        continue
      }
      guard let last = retry, !last.text.isEmpty else { return false }
      text = last.text.dropFirst()
      shape = last.shape
      retry = (text, shape)
    }
  }

  /// Matches one byte against the first item of a pattern; returns what follows the item.
  private static func matchOne(_ byte: UInt8, _ pattern: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let first = pattern.first else { return nil }
    let rest = pattern.dropFirst()
    if first == UInt8(ascii: "?") { return rest }
    guard first == UInt8(ascii: "["), let set = ByteSet(rest) else { return first == byte ? rest : nil }
    return set.contains(byte) ? set.rest : nil
  }

  /// What stands between `[` and `]`: bytes and ranges, all others after `!` or `^`.
  private struct ByteSet {
    private var ranges: [ClosedRange<UInt8>] = []
    private var isNegated = false
    let rest: ArraySlice<UInt8>

    /// `nil` without a closing bracket: then `[` stands for itself.
    init?(_ text: ArraySlice<UInt8>) {
      var items = text
      if items.first == UInt8(ascii: "!") || items.first == UInt8(ascii: "^") {
        isNegated = true
        items = items.dropFirst()
      }
      // A bracket right at the beginning is a member.
      guard let end = items.dropFirst().firstIndex(of: UInt8(ascii: "]")) else { return nil }
      rest = items[(end + 1)...]
      items = items[..<end]
      while let low = items.popFirst() {
        if items.count >= 2, items.first == Ascii.minus, let high = items.dropFirst().first {
          items = items.dropFirst(2)
          if low <= high { ranges.append(low...high) }
        } else {
          ranges.append(low...low)
        }
      }
    }

    func contains(_ byte: UInt8) -> Bool { ranges.contains { $0.contains(byte) } != isNegated }
  }
}
