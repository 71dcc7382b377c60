import Glibc

/// The files beside a capture that were put aside: `line.trace` becomes `line.000001.trace`, the next one
/// `line.000002.trace`. Put together in this order, with the current one last, they are one capture.
struct RotatedFiles {
  private static let digits = 6
  private let path: String
  private let folder: String
  private let stem: String
  private let ending: String

  init(path: String) {
    self.path = path
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    folder = slash.map { String(path[...$0]) } ?? ""
    let name = slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path
    let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")).flatMap { $0 == name.startIndex ? nil : $0 }
    stem = dot.map { String(name[..<$0]) } ?? name
    ending = dot.map { String(name[$0...]) } ?? ""
  }

  /// Renames the current file to the next number.
  func putAside() throws(CaptureError) {
    let next = (numbers().last ?? 0) &+ 1
    guard rename(path, name(next)) == 0 else { throw CaptureError(path, doing: "put it aside", code: errno) }
  }

  /// Removes the oldest files.
  func remove(allBut keep: Int) {
    for number in numbers().dropLast(max(0, keep)) { unlink(name(number)) }
  }

  private func name(_ number: Int) -> String {
    let text = String(number)
    return folder + stem + "." + String(repeating: "0", count: max(0, RotatedFiles.digits - text.utf8.count)) + text
      + ending
  }

  /// The numbers that are there, in order.
  func numbers() -> [Int] {
    guard let listing = opendir(folder.isEmpty ? "." : folder) else { return [] }
    defer { closedir(listing) }
    var found: [Int] = []
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      guard name.hasPrefix(stem + "."), name.hasSuffix(ending) else { continue }
      let middle = name.utf8.dropFirst(stem.utf8.count + 1).dropLast(ending.utf8.count)
      guard middle.count >= RotatedFiles.digits, middle.count < 16, middle.allSatisfy(Ascii.isDigit) else { continue }
      if let number = Int(String(decoding: middle, as: UTF8.self)) { found.append(number) }
    }
    return found.sorted()
  }
}
