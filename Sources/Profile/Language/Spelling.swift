/// Finds what was probably meant by a misspelt word.
public enum Spelling {
  /// More candidates than this are not compared.
  static let candidateLimit = 2000

  /// `did you mean 'word'?`, or `otherwise` when nothing is near.
  static func suggestion(_ word: String, _ words: some Sequence<String>, _ otherwise: String) -> String {
    nearest(to: word, among: words).map { "did you mean '\(Diagnostic.shown($0))'?" } ?? otherwise
  }

  /// The word that was probably meant, if one is near.
  public static func nearest(to word: String, among words: some Sequence<String>) -> String? {
    let wanted = Array(word.lowercased().utf8.prefix(64))
    var best: (word: String, distance: Int)?
    for candidate in words.prefix(candidateLimit) {
      let limit = max(1, max(wanted.count, candidate.utf8.count) / 3)
      guard abs(candidate.utf8.count - wanted.count) <= limit else { continue }
      let distance = distance(wanted, Array(candidate.lowercased().utf8.prefix(64)))
      if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// How many letters must be put in, left out or replaced; two neighbours that changed places count as one.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in b.indices {
        var least = min(min(last[j + 1], row[j]) + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, before[j - 1] + 1) }
        row.append(least)
      }
      before = last
      last = row
    }
    return last[b.count]
  }
}
