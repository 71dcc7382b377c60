import Glibc

/// A process of this program that runs one row: its peak memory is its own.
struct Child {
  private var process: pid_t = 0
  private var input: Int32
  private let output: Int32

  /// Starts the program again with these arguments.
  init?(_ arguments: [String]) {
    var toChild: [Int32] = [-1, -1]
    var fromChild: [Int32] = [-1, -1]
    guard Self.pipe(&toChild), Self.pipe(&fromChild) else { return nil }
    input = toChild[1]
    output = fromChild[0]
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toChild[0], STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, fromChild[1], STDOUT_FILENO)
    var words = (["attrace-bench"] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    let status = posix_spawn(&process, "/proc/self/exe", &actions, nil, &words, environ)
    close(toChild[0])
    close(fromChild[1])
    guard status == 0 else {
      close(input)
      close(output)
      return nil
    }
  }

  /// A pipe that the child does not inherit but for what is handed to it.
  private static func pipe(_ ends: inout [Int32]) -> Bool {
    guard Glibc.pipe(&ends) == 0 else { return false }
    return ends.allSatisfy { fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }
  }

  /// Gives the process input; `false` when it takes no more.
  func send(_ bytes: [UInt8]) -> Bool {
    var at = 0
    while at < bytes.count {
      let written = bytes.withUnsafeBytes { write(input, $0.baseAddress?.advanced(by: at), $0.count - at) }
      guard written > 0 else { return false }
      at += written
    }
    return true
  }

  /// Ends the input, and waits for what the process says; `nil` when it failed.
  consuming func finish() -> String? {
    close(input)
    var text: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 4096)
    var count = read(output, &block, block.count)
    while count > 0 {
      text += block[..<count]
      count = read(output, &block, block.count)
    }
    close(output)
    var status: Int32 = 0
    guard waitpid(process, &status, 0) == process, status == 0 else { return nil }
    return String(decoding: text, as: UTF8.self)
  }
}
