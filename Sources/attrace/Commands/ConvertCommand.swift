import Capture
import Inspect
import Profile
import Report
import Trace

/// `attrace convert`: a log or capture in another form, with its bytes, directions and times.
struct ConvertCommand {
  /// What is written.
  enum Target: String, CaseIterable {
    case trace, pcap
    /// Decoded payloads and findings.
    case pcapng
    /// Serial ports, each an interface.
    case serialPcapng = "serial-pcapng"
    case jsonl

    init?(path: String) {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      guard let dot = name.lastIndex(of: ".") else { return nil }
      switch name[name.index(after: dot)...].lowercased() {
      case "trace": self = .trace
      case "pcap", "cap": self = .pcap
      case "pcapng": self = .pcapng
      case "jsonl": self = .jsonl
      default: return nil
      }
    }
  }

  let options: CommonOptions
  let source: InputSource
  let path: String
  let target: Target
  let masks: Bool

  init(_ arguments: ParsedArguments) throws(UsageError) {
    options = try CommonOptions(arguments, format: nil)
    guard arguments.positionals.count == 1, let input = arguments.positionals.first else {
      throw UsageError("convert takes one input; name a file, or - for standard input")
    }
    source = InputSource(path: input)
    guard let output = arguments.value(.converted) else {
      throw UsageError(
        "convert needs a file to write to; name it with -o FILE (FILE.trace is text), or -o - --to trace")
    }
    path = output == "-" ? "/dev/stdout" : output
    let named = arguments.value(.to).flatMap(Target.init(rawValue:))
    guard let target = named ?? Target(path: output) else {
      throw UsageError("the name '\(Printable.text(output))' does not tell what to write; say it with --to")
    }
    self.target = target
    masks = arguments.has(.mask)
    guard options.profiles.count < 2 else { throw UsageError("convert takes one --profile") }
    guard !source.isStandardInput || !masks && target != .pcapng else {
      let why = masks ? "--mask" : "pcapng with findings"
      throw UsageError("\(why) needs to read the input twice; save standard input to a file first")
    }
  }

  func run() -> Int32 {
    do throws(ProfileError) {
      let settings = try ProfileSource.settings(options)
      return convert(settings)
    } catch {
      Console.complain(error.message)
      return ExitCode.failed
    }
  }

  private func convert(_ settings: InputJob.Settings) -> Int32 {
    let readings = target == .pcapng ? 2 : masks ? 3 : 1
    var settings = settings
    settings.progress = Progress([source], readings: readings, quiet: options.quiet, color: options.color)
    defer { settings.progress?.end() }
    do throws(CaptureError) {
      let file = try AtomicFile(path: path)
      var conversion = Conversion(source: source, settings: settings, target: target, masks: masks, file: file)
      try conversion.run()
      settings.progress?.end()
      // What damage cut off is told, and what came before it is kept.
      try file.commit()
      for remark in conversion.remarks { Console.complain("\(source.name): \(remark)") }
      return conversion.isDamaged ? ExitCode.failed : ExitCode.clean
    } catch {
      Console.complain(error.message)
      return ExitCode.failed
    }
  }
}
