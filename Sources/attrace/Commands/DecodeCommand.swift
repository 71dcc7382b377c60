import Capture
import Inspect
import Profile
import Report
import Trace

/// `attrace decode`: the reconstructed session, event by event, as it is read.
struct DecodeCommand {
  let options: CommonOptions
  let paths: [String]

  init(_ arguments: ParsedArguments) throws(UsageError) {
    options = try CommonOptions(arguments, format: .sessionFormat)
    paths = arguments.positionals
    guard !paths.isEmpty else {
      throw UsageError("decode needs an input; name a file, a folder, or - for standard input")
    }
    guard options.profiles.count < 2 else { throw UsageError("decode takes one --profile") }
  }

  func run() -> Int32 {
    do throws(ProfileError) {
      let settings = try ProfileSource.settings(options)
      let expansion = InputSource.expand(paths, format: settings.format)
      for error in expansion.errors { Console.complain(error.message) }
      return run(expansion.sources, settings, failed: !expansion.errors.isEmpty)
    } catch {
      Console.complain(error.message)
      return ExitCode.failed
    }
  }

  private func run(_ sources: [InputSource], _ settings: InputJob.Settings, failed before: Bool) -> Int32 {
    var failed = before
    do throws(CaptureError) {
      let path = options.outputs.first?.path
      let file = try path.map { path throws(CaptureError) in try AtomicFile(path: path) }
      for source in sources {
        do throws(CaptureError) {
          try decode(source, settings, file, heading: sources.count > 1)
        } catch {
          Console.complain(error.message)
          failed = true
        }
      }
      try file?.commit()
    } catch {
      Console.complain(error.message)
      return ExitCode.failed
    }
    return failed ? ExitCode.failed : ExitCode.clean
  }

  private func decode(
    _ source: InputSource, _ settings: InputJob.Settings, _ file: AtomicFile?, heading: Bool
  ) throws(CaptureError) {
    let settings = settings.fitted(to: source.path)
    var session = try Session(source, settings, book: settings.book)
    var printer = SessionPrinter(options, book: session.inspector.book, facts: session.facts)
    if heading { try emit(printer.heading(source.name), file) }
    var text = ""
    while try session.advance(observe: { text += printer.text($0) }) {
      try emit(text, file)
      text = ""
    }
    session.finish(observe: { text += printer.text($0) })
    try emit(text, file)
  }

  private func emit(_ text: String, _ file: AtomicFile?) throws(CaptureError) {
    if let file { try file.write(text) } else { Console.write(text) }
  }
}

/// Prints events in the format that was asked for.
private struct SessionPrinter {
  private var lines: SessionJSONLines?
  private var text: SessionText

  init(_ options: CommonOptions, book: Book, facts: LogFacts) {
    let output = options.outputs.first
    let color = output?.path == nil && Console.usesColor(options.color)
    text = SessionText(book: book, redact: options.redact, style: TextStyle(color: color))
    lines =
      output?.format == "jsonl"
      ? SessionJSONLines(
        book: book, redact: options.redact, ports: facts.ports,
        isCapture: FormatRegistry.format(named: facts.format)?.isCapture == true) : nil
  }

  mutating func text(_ batch: borrowing EventBatch) -> String { lines?.text(batch) ?? text.text(batch) }

  func heading(_ name: String) -> String { lines == nil ? "\n\(Escaped.line(name))\n" : "" }
}
