import Inspect
import Measure
import Trace

/// Small plots of a terminal's own signs.
public enum TextPlots: Sendable {
  /// No plots: what is written to a file or pipe is read by programs too.
  case none
  case ascii
  case blocks

  /// Columns of the course of a transfer, and of a bar.
  static let courseWidth = 60
  static let barWidth = 40
  static let spreadWidth = 12
  /// Of fewer answers the three times beside them say as much.
  static let fewestAnswers = 20
  /// Fewer pieces show no course.
  static let fewestPieces = 8

  private static let blockSteps = Array("▁▂▃▄▅▆▇█")
  private static let asciiSteps = Array(".:-=+*#@")

  /// Text cut to the width of a terminal.
  public static func cut(_ text: String, _ width: Int) -> String { String(text.prefix(width)) }

  /// One sign a value, as high as it is compared with the greatest; a blank for none.
  func steps(_ values: [Double]) -> String {
    guard self != .none, let most = values.max(), most > 0 else { return "" }
    let signs = self == .blocks ? Self.blockSteps : Self.asciiSteps
    return String(
      values.map { value in
        guard value > 0 else { return " " }
        let level = Int((value / most * Double(signs.count)).rounded(.up)) - 1
        return signs[max(0, min(signs.count - 1, level))]
      })
  }

  /// The sign of a part of the time of a transfer.
  func sign(of part: String) -> Character {
    switch part {
    case "line": self == .blocks ? "█" : "="
    case "modem": self == .blocks ? "▓" : "m"
    case "host": self == .blocks ? "▒" : "h"
    case "retransmitting": self == .blocks ? "░" : "r"
    default: self == .blocks ? "·" : "."
    }
  }

  /// Shares, which add up to 1, as one bar. Each that is told has a sign at least.
  func bar(_ shares: [(part: String, share: Double)]) -> String {
    guard self != .none, !shares.isEmpty else { return "" }
    var text = ""
    var sum = 0.0
    for (index, one) in shares.enumerated() {
      sum += one.share
      let isLast = index == shares.count - 1
      let end = isLast ? Self.barWidth : min(Self.barWidth, Int((sum * Double(Self.barWidth)).rounded()))
      let room = Self.barWidth - text.count - (shares.count - 1 - index)
      text += String(repeating: sign(of: one.part), count: max(1, min(room, end - text.count)))
    }
    return text
  }

  /// The bytes of a transfer over its time, and the fastest of these stretches in bytes per second.
  func course(_ series: TransferSeries) -> (text: String, fastest: Double)? {
    let used = series.used
    guard self != .none, used >= Self.fewestPieces, series.pieces >= Self.fewestPieces else { return nil }
    let perColumn = (used + Self.courseWidth - 1) / Self.courseWidth
    var columns: [Double] = []
    for start in stride(from: 0, to: used, by: perColumn) {
      let slots = min(used, start + perColumn) - start
      let bytes = series.bytes[start..<start + slots].reduce(0, &+)
      columns.append(Double(bytes) / (Double(slots) * Double(series.width) / 1e9))
    }
    guard let fastest = columns.max(), fastest > 0 else { return nil }
    return (steps(columns), fastest)
  }

  /// How often an answer took how long: from none to the longest, in equal steps.
  func spread(_ times: Quantiles) -> String {
    guard self != .none, times.count >= Self.fewestAnswers, times.maximum > 0 else { return "" }
    return steps(times.counts(in: Self.spreadWidth).map(Double.init))
  }
}
