import Capture
import Glibc
import Report
import Synchronization

/// How far the reading of long inputs has come, in one line of the terminal that is drawn anew and taken away at the end.
///
/// It stands on standard error, and only where that is a terminal; quick work shows none.
final class Progress: Sendable {
  /// Work that is over before this shows nothing.
  static let patience: Int64 = 1_000_000_000
  private static let interval: Int64 = 100_000_000
  private static let barWidth = 24

  private struct State {
    var read = 0
    var finished = 0
    var drawn: Int64 = 0
    var isShown = false
    var isOver = false
  }

  private let begin = Console.monotonic()
  /// All bytes to be read; `nil` where an input does not tell.
  private let total: Int?
  private let inputs: Int
  private let signs: TextPlots
  private let state = Mutex(State())

  /// `nil` where nobody would see it. `readings`: how often each input is read.
  init?(_ sources: [InputSource], readings: Int = 1, quiet: Bool, color: String) {
    guard !quiet, !sources.isEmpty, isatty(STDERR_FILENO) == 1 else { return nil }
    if let term = getenv("TERM"), strcmp(term, "dumb") == 0 { return nil }
    var sum: Int? = 0
    for source in sources {
      guard let size = source.size else {
        sum = nil
        break
      }
      sum = sum.map { $0 &+ size &* max(1, readings) }
    }
    total = sum
    inputs = sources.count
    signs = Console.isUnicode && color != "never" ? .blocks : .ascii
  }

  /// So many bytes more were read.
  func move(by bytes: Int) {
    let now = Console.monotonic()
    state.withLock { state in
      state.read &+= max(0, bytes)
      guard !state.isOver, now - begin >= Self.patience, now - state.drawn >= Self.interval else { return }
      state.drawn = now
      state.isShown = true
      put("\r" + line(state, seconds: Double(now - begin) / 1e9) + "\u{1B}[K")
    }
  }

  /// An input is done with.
  func finishInput() { state.withLock { $0.finished += 1 } }

  /// Takes the line away.
  func end() {
    state.withLock { state in
      state.isOver = true
      guard state.isShown else { return }
      state.isShown = false
      put("\r\u{1B}[K")
    }
  }

  private func line(_ state: State, seconds: Double) -> String {
    let rate = Double(state.read) / max(seconds, 0.001)
    let speed = "\(Decimal.rounded(rate / 1e6, places: 1)) MB/s"
    var parts: [String] = []
    if let total, total > 0 {
      let share = min(1, Double(state.read) / Double(total))
      let filled = Int(share * Double(Self.barWidth))
      let (full, empty): (Character, Character) = signs == .blocks ? ("█", "░") : ("#", "-")
      let bar = String(repeating: full, count: filled) + String(repeating: empty, count: Self.barWidth - filled)
      parts = [signs == .blocks ? bar : "[\(bar)]", "\(Int(share * 100)) %", speed]
      if rate > 0 { parts.append(Self.time(Double(max(0, total - state.read)) / rate) + " left") }
    } else {
      parts = ["\(Decimal.rounded(Double(state.read) / 1e6, places: 1)) MB read", speed]
    }
    if inputs > 1 { parts.append("input \(min(inputs, state.finished + 1)) of \(inputs)") }
    return TextPlots.cut(parts.joined(separator: "  "), max(10, Console.errorWidth - 1))
  }

  private static func time(_ seconds: Double) -> String {
    guard seconds < 360_000 else { return "long" }
    let whole = Int(seconds.rounded(.up))
    if whole < 60 { return "\(whole) s" }
    return whole < 3600 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  private func put(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

extension InputSource {
  /// The bytes of a file; `nil` of anything that does not tell.
  fileprivate var size: Int? {
    var facts = Glibc.stat()
    guard !isStandardInput, stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(facts.st_size)
  }
}
