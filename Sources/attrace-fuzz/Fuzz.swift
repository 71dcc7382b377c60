import Glibc

/// The entry that libFuzzer calls; which one is fuzzed stands in the environment as ATTRACE_FUZZ.
private let entry: Entry = {
  guard let name = getenv("ATTRACE_FUZZ") else { return .decoder }
  return Entry(rawValue: String(cString: name)) ?? .decoder
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: bytes, count: count))
  // A broken invariant ends the run like a crash does.
  if !entry.run(input) { abort() }
  return 0
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
      for path in CommandLine.arguments.dropFirst() {
        guard let file = fopen(path, "r") else { continue }
        var input: [UInt8] = []
        var byte = fgetc(file)
        while byte != EOF {
          input.append(UInt8(truncatingIfNeeded: byte))
          byte = fgetc(file)
        }
        fclose(file)
        let holds = entry.run(input)
        print("\(path): \(holds ? "holds" : "BROKEN")")
        if !holds { exit(1) }
      }
    }
  }
#endif
