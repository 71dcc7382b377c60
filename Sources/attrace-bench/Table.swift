/// The table of figures, aligned.
struct Table {
  private(set) var text = ""
  let heading: String

  init() {
    heading =
      Self.column("", 44)
      + ["MB/s", "events/s", "peak MiB", "allocations/event"].map { Self.column($0, 18, right: true) }.joined() + "\n"
    text = heading
  }

  /// Adds a row and gives its line.
  mutating func add(_ name: String, size: Int, _ result: Measured, _ problem: String?) -> String {
    let seconds = Double(max(1, result.nanoseconds)) / 1e9
    let perEvent = Double(result.allocations) / Double(max(1, result.countedEvents))
    let cells = [
      Self.decimal(Double(size) / 1e6 / seconds), Self.decimal(Double(result.events) / seconds),
      Self.decimal(Double(result.peakKiB) / 1024, places: 1),
      result.countedEvents > 0 ? Self.decimal(perEvent, places: 4) : "-",
    ]
    let line =
      Self.column(name, 44) + cells.map { Self.column($0, 18, right: true) }.joined()
      + (problem.map { "  WRONG: \($0)" } ?? "") + "\n"
    text += line
    return line
  }

  /// Adds a line as it is.
  mutating func add(_ line: String) { text += line }

  static func column(_ text: String, _ width: Int, right: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.count))
    return right ? blanks + text : text + blanks
  }

  private static func decimal(_ value: Double, places: Int = 0) -> String {
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((value * Double(scale)).rounded())
    guard places > 0 else { return String(scaled) }
    let fraction = String(scaled % scale)
    return "\(scaled / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
  }
}
