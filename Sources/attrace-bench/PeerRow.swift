import Glibc

/// The same packets read by tshark, where it is installed: a measure of what people are used to.
enum PeerRow {
  private static let megabytes = 10

  /// The line of the table; `nil` without tshark.
  static func run() -> String? {
    var workload = Workload(.short, .usb)
    var bytes: [UInt8] = []
    while bytes.count < megabytes * 1_000_000 { bytes += workload.next() }
    var template = Array("/tmp/attrace-bench-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    let path = template.withUnsafeBufferPointer {
      String(decoding: $0.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    guard descriptor >= 0 else { return nil }
    defer { unlink(path) }
    var at = 0
    while at < bytes.count {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress?.advanced(by: at), $0.count - at) }
      guard count > 0 else { break }
      at += count
    }
    close(descriptor)
    guard at == bytes.count, let seconds = time(["tshark", "-r", path]) else { return nil }
    let rate = Int(Double(workload.packets) / seconds)
    return Table.column("tshark -r on the same (packets/s)", 44)
      + Table.column(String(Int(Double(bytes.count) / 1e6 / seconds)), 18, right: true)
      + Table.column(String(rate), 18, right: true) + "\n"
  }

  /// How long a program runs; `nil` where it is missing or fails. What it says goes nowhere.
  private static func time(_ words: [String]) -> Double? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for stream in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
    }
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    let start = now()
    guard posix_spawnp(&process, words[0], &actions, nil, &arguments, environ) == 0 else { return nil }
    var status: Int32 = 0
    guard waitpid(process, &status, 0) == process, status == 0 else { return nil }
    return now() - start
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
