import Capture
import Glibc

/// Benchmarks over generated sessions. Each row runs in a process of its own, so that its peak memory is its own.
@main
struct Main {
  struct Arguments {
    var megabytes = 100
    var only: String?
    var smoke = false
    var record = false
    var memory = false
    /// Set in the child that runs one row.
    var row: Int?
    var path = ""
  }

  static func main() {
    guard let arguments = parse(Array(CommandLine.arguments.dropFirst())) else {
      say("usage: attrace-bench [--size MB] [--only WORD] [--smoke] [--memory] [--record]\n")
      exit(2)
    }
    if let row = arguments.row, Row.all.indices.contains(row) { exit(child(Row.all[row], arguments.path)) }
    exit(arguments.memory ? Bench.memory() : Bench(arguments).run())
  }

  private static func parse(_ words: [String]) -> Arguments? {
    var arguments = Arguments()
    var rest = words[...]
    while let word = rest.popFirst() {
      switch word {
      case "--smoke": arguments.smoke = true
      case "--record": arguments.record = true
      case "--memory": arguments.memory = true
      case "--size":
        guard let number = rest.popFirst().flatMap({ Int($0) }), number > 0, number <= 10_000 else { return nil }
        arguments.megabytes = number
      case "--only":
        guard let text = rest.popFirst() else { return nil }
        arguments.only = text
      case "--row":
        guard let number = rest.popFirst().flatMap({ Int($0) }), let path = rest.popFirst() else { return nil }
        arguments.row = number
        arguments.path = path
      default: return nil
      }
    }
    if arguments.smoke { arguments.megabytes = 5 }
    return arguments
  }

  /// Runs one row and prints its numbers for the parent.
  private static func child(_ row: Row, _ path: String) -> Int32 {
    do throws(CaptureError) {
      let result = try row.run(path: path)
      say(
        "\(result.seconds) \(result.bytes) \(result.events) \(result.transactions) \(result.transfers) \(result.findings) \(result.allocations) \(result.countedEvents) \(result.peakKiB)\n"
      )
      return 0
    } catch {
      say(error.message + "\n")
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
