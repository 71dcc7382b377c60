import Glibc
import Sessions

/// `attrace tap --proxy` over a pair of pseudo-terminals: an hour of 921,600 baud both ways at full speed, bit for bit;
/// what memory it takes; what the proxy adds to the time of a byte.
enum ProxyBench {
  private static let rate = 92_160
  private static let rounds = 5_000
  private static let growthLimit = 16 * 1024

  /// `minutes`: how much traffic, in minutes of the line at its rate.
  static func run(minutes: Int) -> Int32 {
    guard let program = TapProcess.program() else {
      Main.say("attrace stands not beside this program; run 'make build' first\n")
      return 1
    }
    var template = Array("/tmp/attrace-proxy-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { return 1 }
    let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer {
      for name in ["out", "out.err", "app"] { unlink("\(folder)/\(name)") }
      rmdir(folder)
    }
    guard let line = PtyPair() else { return 1 }
    let direct = PtyPair.open(line.path)
    let before = LineLatency.measure(from: direct, to: line.end, count: rounds)
    close(direct)
    let arguments = [
      "--proxy", line.path, "--link", "\(folder)/app", "--profile", "3gpp", "--quiet", "--fail-on", "never",
    ]
    guard let tap = TapProcess(program, arguments, output: "\(folder)/out"), tap.says("let the application") else {
      Main.say("tap does not begin\n")
      return 1
    }
    let host = PtyPair.open("\(folder)/app")
    defer { close(host) }
    usleep(100_000)
    let after = LineLatency.measure(from: host, to: line.end, count: rounds)
    guard before.count == rounds, after.count == rounds else {
      Main.say("WRONG: messages were lost\n")
      return 1
    }
    tell("without the proxy", before)
    tell("with the proxy", after)

    var pump = LinePump(host: host, modem: line.end)
    let total = minutes * 60 * rate
    let began = LinePump.now()
    var isMoving = pump.run(total: total / 10)
    let early = tap.memory("VmHWM")
    isMoving = isMoving && pump.run(total: total)
    let seconds = Double(LinePump.now() - began) / 1e9
    let late = tap.memory("VmHWM")
    guard isMoving, pump.isRight else {
      Main.say("WRONG: \(pump.toModem) \(pump.toHost)\n")
      return 1
    }
    let speed = Double(total) * 2 / seconds / 1e6
    Main.say(
      "\(minutes) minutes of 921,600 baud both ways (\(total * 2 / 1_000_000) MB) in \(tenths(seconds)) s, \(tenths(speed)) MB/s, bit for bit\n"
    )
    Main.say("peak memory after a tenth \(early) KiB, after all of it \(late) KiB\n")
    _ = tap.end()
    guard late - early < growthLimit else {
      Main.say("WRONG: memory grows with the traffic\n")
      return 1
    }
    return 0
  }

  private static func tell(_ what: String, _ sorted: [Int]) {
    let (median, high) = (sorted[sorted.count / 2], sorted[sorted.count * 99 / 100])
    Main.say("a command \(what): median \(median / 1000) µs, p99 \(high / 1000) µs\n")
  }

  private static func tenths(_ number: Double) -> String {
    String(Int(number * 10) / 10) + "." + String(Int(number * 10) % 10)
  }
}
