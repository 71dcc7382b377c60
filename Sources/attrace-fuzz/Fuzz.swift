import Glibc

/// What is fuzzed stands in the environment as ATTRACE_FUZZ; without it the first byte of an input says so.
private let chosen: Entry? = getenv("ATTRACE_FUZZ").flatMap { Entry(rawValue: String(cString: $0)) }

/// What is broken by an input, or `nil`.
private func broken(_ input: [UInt8]) -> String? {
  if let chosen { return chosen.broken(input) }
  guard let first = input.first else { return nil }
  return Entry.allCases[Int(first) % Entry.allCases.count].broken(Array(input.dropFirst()))
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let problem = broken(Array(UnsafeBufferPointer(start: bytes, count: count))) else { return 0 }
  // A broken invariant ends the run like a crash does.
  print("BROKEN: \(problem)")
  fflush(nil)
  abort()
}

#if ATTRACE_LIBFUZZER
  @_silgen_name("LLVMFuzzerRunDriver")
  private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ entry: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
  ) -> CInt

  /// The package manager names the entry point of an executable like this; it hands over to libFuzzer.
  @_cdecl("attrace_fuzz_main")
  public func fuzzMain(
    _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
  ) -> CInt {
    var count = count
    var arguments = arguments
    return runDriver(&count, &arguments, fuzz)
  }
#else
  /// Without libFuzzer: runs the entry over files, to look at what was found.
  @main
  struct Main {
    static func main() {
      var failed = false
      for path in CommandLine.arguments.dropFirst() {
        guard let input = bytes(of: path) else {
          print("\(path): not readable")
          failed = true
          continue
        }
        let problem = broken(input)
        failed = failed || problem != nil
        print("\(path): \(problem.map { "BROKEN: \($0)" } ?? "holds")")
      }
      exit(failed ? 1 : 0)
    }

    private static func bytes(of path: String) -> [UInt8]? {
      guard let file = fopen(path, "r") else { return nil }
      defer { fclose(file) }
      var input: [UInt8] = []
      var block = [UInt8](repeating: 0, count: 65_536)
      var count = fread(&block, 1, block.count, file)
      while count > 0 {
        input += block[..<count]
        count = fread(&block, 1, block.count, file)
      }
      return input
    }
  }
#endif
