import Glibc

/// A running `attrace tap`, whose output goes to a file.
public final class TapProcess {
  public let process: pid_t
  public let output: String
  private var status: Int32?

  /// Starts the program with these arguments; standard input is `input`.
  public init?(_ program: String, _ arguments: [String], output: String, input: Int32? = nil) {
    self.output = output
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    } else {
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, output + ".err", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var words: [UnsafeMutablePointer<CChar>?] = ([program, "tap"] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var started: pid_t = 0
    guard posix_spawn(&started, program, &actions, &attributes, &words, environ) == 0 else { return nil }
    process = started
  }

  deinit { if status == nil { end(SIGKILL) } }

  /// The program beside this one, or where the tests of the package build it.
  public static func program(named name: String = "attrace") -> String? {
    var own = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &own, own.count - 1)
    let path = String(decoding: own.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    for candidate in [path, CommandLine.arguments[0]] {
      guard let slash = candidate.lastIndex(of: "/") else { continue }
      let beside = candidate[...slash] + name
      if access(String(beside), X_OK) == 0 { return String(beside) }
    }
    return nil
  }

  /// Waits until what was printed holds `text`.
  public func says(_ text: String, within milliseconds: Int = 10_000) -> Bool {
    for _ in 0..<(milliseconds / 5) {
      if printed.contains(text) { return true }
      usleep(5_000)
    }
    return false
  }

  public var printed: String { Self.text(output) }
  public var complaints: String { Self.text(output + ".err") }

  /// Ends it by a signal; its exit code, or -1 when it died of one or does not end.
  @discardableResult
  public func end(_ signal: Int32 = SIGINT, patience milliseconds: Int = 10_000) -> Int32 {
    kill(process, signal)
    return wait(patience: milliseconds)
  }

  public func wait(patience milliseconds: Int = 10_000) -> Int32 {
    if let status { return status }
    var state: Int32 = 0
    for _ in 0..<(milliseconds / 5) {
      if waitpid(process, &state, WNOHANG) == process {
        let code = state & 0x7F == 0 ? (state >> 8) & 0xFF : -1
        status = code
        return code
      }
      usleep(5_000)
    }
    kill(process, SIGKILL)
    waitpid(process, &state, 0)
    status = -1
    return -1
  }

  /// A number that the system keeps of it, in KiB: `VmHWM` is the most memory that it has held, `VmRSS` what it holds.
  public func memory(_ what: String) -> Int {
    for line in Self.text("/proc/\(process)/status").split(separator: "\n") where line.hasPrefix(what + ":") {
      return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }
    return 0
  }

  static func text(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var all: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    var count = fread(&block, 1, block.count, file)
    while count > 0 {
      all += block[..<count]
      count = fread(&block, 1, block.count, file)
    }
    return String(decoding: all, as: UTF8.self)
  }
}
