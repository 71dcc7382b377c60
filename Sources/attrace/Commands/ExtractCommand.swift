import Capture
import Glibc
import Profile
import Report
import Trace

/// `attrace extract`: every payload that the trace carried, each in a file of its own, and a manifest.
struct ExtractCommand {
  let options: CommonOptions
  let paths: [String]
  let folder: String

  init(_ arguments: ParsedArguments) throws(UsageError) {
    options = try CommonOptions(arguments, format: nil)
    paths = arguments.positionals
    guard !paths.isEmpty else {
      throw UsageError("extract needs an input; name a file, a folder, or - for standard input")
    }
    guard let folder = options.folder else {
      throw UsageError("extract needs a folder to write to; name it with -o DIR")
    }
    guard options.profiles.count < 2 else { throw UsageError("extract takes one --profile") }
    self.folder = folder
  }

  func run() -> Int32 {
    do throws(ProfileError) {
      let settings = try ProfileSource.settings(options)
      let expansion = InputSource.expand(paths, format: settings.format)
      for error in expansion.errors { Console.complain(error.message) }
      guard FolderStore.make(folder) else { return ExitCode.failed }
      return extract(expansion.sources, settings, failed: !expansion.errors.isEmpty)
    } catch {
      Console.complain(error.message)
      return ExitCode.failed
    }
  }

  private func extract(_ sources: [InputSource], _ settings: InputJob.Settings, failed before: Bool) -> Int32 {
    var failed = before
    var extractor = Extractor(FolderStore(path: folder), redact: options.redact)
    var settings = settings
    settings.progress = Progress(sources, quiet: options.quiet, color: options.color)
    defer { settings.progress?.end() }
    for (number, source) in sources.enumerated() {
      defer { settings.progress?.finishInput() }
      extractor.begin(input: number)
      do throws(CaptureError) {
        try read(source, settings, &extractor)
      } catch {
        Console.complain(error.message)
        failed = true
      }
      if let failure = extractor.failure {
        Console.complain(failure.message)
        return ExitCode.failed
      }
    }
    settings.progress?.end()
    let manifest = Manifest.text(
      extractor.entries, inputs: sources.map(\.path), version: CommandLineInterface.version)
    guard ReportFile.write(manifest, to: folder + "/manifest.json") else { return ExitCode.failed }
    if !options.quiet { Console.write(summary(extractor.entries)) }
    return failed ? ExitCode.failed : ExitCode.clean
  }

  private func read(
    _ source: InputSource, _ settings: InputJob.Settings, _ extractor: inout Extractor<FolderStore>
  ) throws(CaptureError) {
    let settings = settings.fitted(to: source.path)
    var session = try Session(source, settings, book: settings.book)
    do throws(CaptureError) {
      while try session.advance(observe: { extractor.take($0) }), extractor.failure == nil { session.dropFindings() }
    } catch {
      // What came before the damage is still written.
      session.finish(observe: { extractor.take($0) })
      throw error
    }
    session.finish(observe: { extractor.take($0) })
  }

  private func summary(_ entries: [Extractor<FolderStore>.Entry]) -> String {
    var text = ""
    for entry in entries {
      let state = entry.why.map { "part: \($0)" } ?? "complete"
      text +=
        "\(entry.files.joined(separator: ", "))  \(entry.figures.payloadBytes) bytes, \(state)"
        + (entry.isMasked ? " (masked; --no-redact writes it as it is)" : "") + "\n"
    }
    let whole = entries.count { $0.figures.complete }
    return text + "\(entries.count) payload\(entries.count == 1 ? "" : "s"), \(whole) complete, in \(folder)\n"
  }
}

/// A folder that payloads are written to, each beside its place and moved there when it is whole.
struct FolderStore: PayloadStore {
  let path: String

  /// Makes the folder if it is not there; false after a complaint.
  static func make(_ path: String) -> Bool {
    var status = stat()
    if stat(path, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR { return true }
      Console.complain("\(Escaped.line(path)): this is no folder; name another")
      return false
    }
    guard mkdir(path, 0o777) == 0 else {
      let why =
        errno == ENOENT ? "the one above it is not there; make it first (mkdir -p)" : String(cString: strerror(errno))
      Console.complain("\(Escaped.line(path)): cannot make this folder: \(why)")
      return false
    }
    return true
  }

  func create() throws(PayloadError) -> any PayloadFile {
    do throws(CaptureError) {
      return FolderFile(folder: path, file: try AtomicFile(path: path + "/payload"))
    } catch {
      throw PayloadError(error.message)
    }
  }
}

private final class FolderFile: PayloadFile {
  let folder: String
  let file: AtomicFile

  init(folder: String, file: AtomicFile) {
    self.folder = folder
    self.file = file
  }

  func write(_ bytes: [UInt8]) throws(PayloadError) {
    do throws(CaptureError) { try file.write(bytes) } catch { throw PayloadError(error.message) }
  }

  func commit(as name: String) throws(PayloadError) {
    do throws(CaptureError) { try file.commit(as: folder + "/" + name) } catch { throw PayloadError(error.message) }
  }
}
