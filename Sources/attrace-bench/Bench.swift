import Capture
import Glibc

/// Writes the workloads, runs the rows, compares what they found with what is known, and prints the table.
struct Bench {
  let arguments: Main.Arguments

  init(_ arguments: Main.Arguments) { self.arguments = arguments }

  /// The report keeps so many transfers.
  private static let transferLimit = 10_000

  func run() -> Int32 {
    var table = Table()
    var failed = false
    var written: [String: Written] = [:]
    defer { for file in written.values { unlink(file.path) } }
    Main.say(table.heading)
    for (index, row) in Row.all.enumerated() where arguments.only.map({ row.name.contains($0) }) ?? true {
      let key = "\(row.mix)-\(row.form)"
      if written[key] == nil { written[key] = Written(row.mix, row.form, megabytes: arguments.megabytes) }
      guard let file = written[key], let result = fastest(index, file.path) else {
        Main.say("\(row.name): the row did not run\n")
        failed = true
        continue
      }
      let problem = Self.problem(row, result, file.workload)
      failed = failed || problem != nil
      Main.say(table.add(row.name, size: file.size, result, problem))
    }
    for row in DecoderRow.all where arguments.only.map({ ("decoder: " + row.name).contains($0) }) ?? true {
      guard let line = row.run(seconds: arguments.megabytes < 50 ? 0.1 : 2) else {
        Main.say("decoder: \(row.name)  WRONG: the payload found is not what went in\n")
        failed = true
        continue
      }
      table.add(line)
      Main.say(line)
    }
    if arguments.only.map({ DatabaseRow.name.contains($0) }) ?? true {
      let (line, isRight) = DatabaseRow.line(arguments.megabytes < 50 ? DatabaseRow.few : DatabaseRow.transactions)
      failed = failed || !isRight
      table.add(line)
      Main.say(line)
    }
    if arguments.only.map({ "usb: tshark".contains($0) }) ?? true, let line = PeerRow.run() {
      table.add(line)
      Main.say(line)
    }
    if arguments.record, !failed {
      Record(table: table.text, megabytes: arguments.megabytes, runs: arguments.runs).write()
    }
    return failed ? 1 : 0
  }

  /// The fastest of some runs: what slows a run down comes from outside.
  private func fastest(_ row: Int, _ path: String) -> Measured? {
    var best: Measured?
    for _ in 0..<arguments.runs {
      guard let result = Child(["--row", String(row), path])?.finish().flatMap(Measured.init) else { return nil }
      if best.map({ result.nanoseconds < $0.nanoseconds }) ?? true { best = result }
    }
    return best
  }

  private static func problem(_ row: Row, _ result: Measured, _ workload: Workload) -> String? {
    if result.wireBytes != workload.wireBytes {
      return "\(result.wireBytes) bytes on the line, \(workload.wireBytes) written"
    }
    if result.findings != 0 { return "\(result.findings) findings in a clean session" }
    guard row.stage != .read else { return nil }
    if result.commandLines != workload.commandLines {
      return "\(result.commandLines) command lines, \(workload.commandLines) written"
    }
    let transfers = row.stage == .whole ? min(workload.transfers, transferLimit) : workload.transfers
    return result.transfers == transfers ? nil : "\(result.transfers) transfers, \(transfers) written"
  }

  // MARK: Peak memory

  /// Peak memory for 10 MB and for 1 GB of input, which comes through a pipe and is stored nowhere. What grows, up to
  /// its limit, is the list of transfers for the report.
  static func memory() -> Int32 {
    guard let row = Row.all.firstIndex(where: { $0.mix == .session && $0.form == .trace && $0.stage == .whole }) else {
      return 1
    }
    var peaks: [Int] = []
    for megabytes in [10, 1000] {
      guard let child = Child(["--row", String(row), "-"]) else { return 1 }
      var workload = Workload(.session, .trace)
      var size = 0
      while size < megabytes * 1_000_000 {
        let part = workload.next()
        guard child.send(part) else { break }
        size += part.count
      }
      guard let result = child.finish().flatMap(Measured.init) else {
        Main.say("\(megabytes) MB of input: the row did not run\n")
        return 1
      }
      if let problem = problem(Row.all[row], result, workload) {
        Main.say("\(megabytes) MB of input: WRONG: \(problem)\n")
        return 1
      }
      Main.say("\(Table.column("\(megabytes) MB", 8, right: true)) of input: peak \(result.peakKiB) KiB\n")
      peaks.append(result.peakKiB)
    }
    let isBounded = peaks[1] < peakLimit && peaks[1] - peaks[0] < growthLimit
    Main.say(isBounded ? "memory does not grow with the input\n" : "WRONG: memory grows with the input\n")
    return isBounded ? 0 : 1
  }

  private static let peakLimit = 40 * 1024
  private static let growthLimit = 4 * 1024
}

/// A workload in a file, and what is known of it.
private struct Written {
  let path: String
  private(set) var size = 0
  private(set) var workload: Workload

  init?(_ mix: Workload.Mix, _ form: Workload.Form, megabytes: Int) {
    workload = Workload(mix, form)
    var template = Array("/tmp/attrace-bench-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    path = template.withUnsafeBufferPointer {
      String(decoding: $0.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    guard descriptor >= 0, let file = fdopen(descriptor, "w") else { return nil }
    var isWritten = true
    while size < megabytes * 1_000_000, isWritten {
      let part = workload.next()
      isWritten = fwrite(part, 1, part.count, file) == part.count
      size += part.count
    }
    guard fclose(file) == 0, isWritten else {
      unlink(path)
      return nil
    }
  }
}
