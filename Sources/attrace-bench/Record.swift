import Capture
import Glibc

/// The benchmark record in the repository.
struct Record {
  let table: String
  let megabytes: Int
  let runs: Int

  func write() {
    let text = """
      # Benchmark record

      Made by `make bench`: \(megabytes) MB of each workload from a cached file, one core, release build, the fastest of \(runs) runs.
      Machine: \(Self.processor()), \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) cores; Swift \(Self.compiler).

      ```
      \(table)```

      The mixed session is a data logger that polls, reads its settings and messages, fetches a mail of 20 kB for every sixty polls and
      sends one with a binary attachment for every third that it fetches. Peak memory is that of the whole process; allocations are
      counted after the first four megabytes. `attrace-bench --memory` compares the peaks of 10 MB and 1 GB.

      """
    do throws(CaptureError) {
      let file = try AtomicFile(path: "reports/bench/latest.md")
      try file.write(text)
      try file.commit()
    } catch {
      Main.say(error.message + "\n")
    }
  }

  private static var compiler: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  private static func processor() -> String {
    guard let file = fopen("/proc/cpuinfo", "r") else { return "unknown processor" }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 512)
    while let found = fgets(&buffer, Int32(buffer.count), file) {
      let line = String(cString: found)
      if line.hasPrefix("model name"), let colon = line.firstIndex(of: ":") {
        return line[line.index(after: colon)...].split { $0.isWhitespace }.joined(separator: " ")
      }
    }
    return "unknown processor"
  }
}
