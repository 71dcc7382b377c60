import Capture
import Glibc

/// Benchmarks over generated sessions. Each row runs in a process of its own, so that its peak memory is its own.
@main
struct Main {
  struct Arguments {
    var megabytes = 100
    var runs = 3
    var only: String?
    var record = false
    var memory = false
    var list = false
    /// Minutes of traffic through `tap --proxy`.
    var proxy: Int?
    /// Set in the child that runs one row.
    var row: Int?
    var path = ""
    /// Set in the child that carries one payload of so many megabytes.
    var payload: Int?
    /// Set in the child that writes a database of so many transactions.
    var database: Int?
  }

  private static let usage = """
    usage: attrace-bench [--size MB] [--runs N] [--only WORDS] [--record]
           attrace-bench --smoke     5 MB of each workload, to see that the results are right
           attrace-bench --memory    peak memory for 10 MB and for 1 GB, and for one payload of 2 GB
           attrace-bench --proxy [MINUTES]  traffic through 'attrace tap --proxy', both ways at full speed
           attrace-bench --list      the rows

    """

  static func main() {
    // A child that ends early is seen by the write that fails.
    signal(SIGPIPE, SIG_IGN)
    guard let arguments = parse(Array(CommandLine.arguments.dropFirst())) else {
      say(usage)
      exit(2)
    }
    if let row = arguments.row, Row.all.indices.contains(row) { exit(child(Row.all[row], arguments.path)) }
    if let megabytes = arguments.payload {
      guard let peak = PayloadRun.run(bytes: megabytes * 1_000_000) else { exit(1) }
      say("\(peak)\n")
      exit(0)
    }
    if let count = arguments.database {
      guard let numbers = DatabaseRow.run(count) else { exit(1) }
      say(numbers)
      exit(0)
    }
    if let minutes = arguments.proxy { exit(ProxyBench.run(minutes: minutes)) }
    if arguments.list {
      for row in Row.all { say(row.name + "\n") }
      exit(0)
    }
    exit(arguments.memory ? max(Bench.memory(), PayloadRun.compare()) : Bench(arguments).run())
  }

  private static func parse(_ words: [String]) -> Arguments? {
    var arguments = Arguments()
    var rest = words[...]
    while let word = rest.popFirst() {
      switch word {
      case "--smoke":
        arguments.megabytes = 5
        arguments.runs = 1
      case "--record": arguments.record = true
      case "--memory": arguments.memory = true
      case "--list": arguments.list = true
      case "--proxy":
        arguments.proxy = 60
        if let number = rest.first.flatMap({ Int($0) }), (1...1440).contains(number) {
          arguments.proxy = number
          rest.removeFirst()
        }
      case "--size":
        guard let number = rest.popFirst().flatMap({ Int($0) }), (1...10_000).contains(number) else { return nil }
        arguments.megabytes = number
      case "--runs":
        guard let number = rest.popFirst().flatMap({ Int($0) }), (1...100).contains(number) else { return nil }
        arguments.runs = number
      case "--only":
        guard let text = rest.popFirst() else { return nil }
        arguments.only = text
      case "--payload":
        guard let number = rest.popFirst().flatMap({ Int($0) }), (1...100_000).contains(number) else { return nil }
        arguments.payload = number
      case "--database":
        guard let number = rest.popFirst().flatMap({ Int($0) }), (1...100_000_000).contains(number) else { return nil }
        arguments.database = number
      case "--row":
        guard let number = rest.popFirst().flatMap({ Int($0) }), let path = rest.popFirst() else { return nil }
        arguments.row = number
        arguments.path = path
      default: return nil
      }
    }
    return arguments
  }

  /// Runs one row and prints its numbers for the parent.
  private static func child(_ row: Row, _ path: String) -> Int32 {
    do throws(CaptureError) {
      say(try row.run(path: path).text)
      return 0
    } catch {
      _ = write(STDERR_FILENO, error.message + "\n", error.message.utf8.count + 1)
      return 2
    }
  }

  static func say(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }
}
