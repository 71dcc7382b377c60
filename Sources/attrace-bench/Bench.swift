import Capture
import Glibc

/// Writes the workloads, runs the rows, compares what they found with what is known, and prints the table.
struct Bench {
  let arguments: Main.Arguments

  init(_ arguments: Main.Arguments) { self.arguments = arguments }

  func run() -> Int32 {
    var table = Self.heading
    var failed = false
    var files: [String: (path: String, size: Int, workload: Workload)] = [:]
    defer { for file in files.values { unlink(file.path) } }
    Main.say(table)
    for (index, row) in Row.all.enumerated() where arguments.only.map({ row.name.contains($0) }) ?? true {
      let key = "\(row.mix)-\(row.form)"
      if files[key] == nil { files[key] = Self.write(row.mix, row.form, megabytes: arguments.megabytes) }
      guard let file = files[key], let result = Self.measure(index, file.path) else {
        Main.say("\(row.name): the row did not run\n")
        failed = true
        continue
      }
      let problem = Self.problem(row, result, file.workload)
      failed = failed || problem != nil
      let line = Self.line(row.name, size: file.size, result) + (problem.map { "  WRONG: \($0)" } ?? "") + "\n"
      table += line
      Main.say(line)
    }
    if arguments.record, !failed { record(table) }
    return failed ? 1 : 0
  }

  /// Peak memory for 10 MB and for 1 GB of input; what grows until its limit is the list of transfers in the report.
  static func memory() -> Int32 {
    var peaks: [Int] = []
    for megabytes in [10, 1000] {
      guard let file = write(.session, .trace, megabytes: megabytes) else { return 1 }
      let result = measure(2, file.path)
      unlink(file.path)
      guard let result else { return 1 }
      Main.say(
        "\(megabytes) MB of input: peak \(result.peakKiB / 1024) MiB, \(decimal(Double(file.size) / 1e6 / result.seconds)) MB/s\n"
      )
      peaks.append(result.peakKiB)
    }
    return peaks[1] < 40 * 1024 && peaks[1] - peaks[0] < 4096 ? 0 : 1
  }

  // MARK: One row

  private static func write(
    _ mix: Workload.Mix, _ form: Workload.Form, megabytes: Int
  ) -> (path: String, size: Int, workload: Workload)? {
    let path = "/tmp/attrace-bench-\(getpid())-\(mix)-\(form)"
    var workload = Workload(mix, form)
    guard let file = fopen(path, "w") else { return nil }
    defer { fclose(file) }
    var size = 0
    var block: [UInt8] = []
    while size < megabytes * 1_000_000 {
      block.removeAll(keepingCapacity: true)
      workload.append(to: &block)
      guard fwrite(block, 1, block.count, file) == block.count else { return nil }
      size += block.count
    }
    return (path, size, workload)
  }

  private static func measure(_ row: Int, _ path: String) -> Row.Result? {
    guard let pipe = popen("'\(CommandLine.arguments[0])' --row \(row) '\(path)'", "r") else { return nil }
    var buffer = [CChar](repeating: 0, count: 1024)
    let line = fgets(&buffer, Int32(buffer.count), pipe).map { String(cString: $0) }
    guard pclose(pipe) == 0, let words = line?.split(whereSeparator: { $0 == " " || $0 == "\n" }), words.count == 9
    else {
      return nil
    }
    let numbers = words.dropFirst().compactMap { Int($0) }
    guard let seconds = Double(words[0]), numbers.count == 8 else { return nil }
    return Row.Result(
      seconds: seconds, bytes: numbers[0], events: numbers[1], transactions: numbers[2], transfers: numbers[3],
      findings: numbers[4], allocations: UInt64(numbers[5]), countedEvents: numbers[6], peakKiB: numbers[7])
  }

  private static func problem(_ row: Row, _ result: Row.Result, _ workload: Workload) -> String? {
    guard row.stage == .whole else { return result.events == 0 ? "no events" : nil }
    if result.transactions != workload.commandLines {
      return "\(result.transactions) command lines, \(workload.commandLines) written"
    }
    if result.transfers != workload.transfers { return "\(result.transfers) transfers, \(workload.transfers) written" }
    return result.findings == 0 ? nil : "\(result.findings) findings in a clean session"
  }

  // MARK: The table

  private static let heading =
    column("", 40) + ["MB/s", "events/s", "peak MiB", "allocations/event"].map { column($0, 18, right: true) }.joined()
    + "\n"

  private static func line(_ name: String, size: Int, _ result: Row.Result) -> String {
    let perEvent = result.countedEvents > 0 ? Double(result.allocations) / Double(result.countedEvents) : 0
    return column(name, 40) + column(decimal(Double(size) / 1e6 / result.seconds), 18, right: true)
      + column(decimal(Double(result.events) / result.seconds), 18, right: true)
      + column(String(result.peakKiB / 1024), 18, right: true)
      + column(result.countedEvents > 0 ? decimal(perEvent, places: 4) : "-", 18, right: true)
  }

  private static func column(_ text: String, _ width: Int, right: Bool = false) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.count))
    return right ? blanks + text : text + blanks
  }

  static func decimal(_ value: Double, places: Int = 0) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let whole = Int((value * scale).rounded())
    guard places > 0 else { return String(whole) }
    let fraction = String(whole % Int(scale))
    return "\(whole / Int(scale))." + String(repeating: "0", count: places - fraction.count) + fraction
  }

  private func record(_ table: String) {
    let processor = Self.processor()
    let text = """
      # Benchmark record

      Made by `make bench`: \(arguments.megabytes) MB of each workload, one core, release build.
      Machine: \(processor), \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) cores.

      ```
      \(table)```

      `session` is a data logger that polls, takes messages and fetches a mail of 20 kB for every thirty polls; peak memory is that of the
      whole process; allocations are counted after the first four megabytes.

      """
    do throws(CaptureError) {
      let file = try AtomicFile(path: "reports/bench/latest.md")
      try file.write(text)
      try file.commit()
    } catch {
      Main.say(error.message + "\n")
    }
  }

  private static func processor() -> String {
    guard let file = fopen("/proc/cpuinfo", "r") else { return "unknown processor" }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 512)
    while let found = fgets(&buffer, Int32(buffer.count), file) {
      let line = String(cString: found)
      if line.hasPrefix("model name"), let colon = line.firstIndex(of: ":") {
        return line[line.index(after: colon)...].split(separator: " ").joined(separator: " ").split(separator: "\n")
          .joined()
      }
    }
    return "unknown processor"
  }
}
