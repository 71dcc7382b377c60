import Trace

/// Turns the bytes of a log or capture into chunks. A reader opens nothing and knows no clock: it is given the
/// input block by block, and what it hands on does not depend on where the blocks were cut.
public protocol LogReader: Sendable {
  /// What the reader knows about the log so far; complete after `finish`.
  var facts: LogFacts { get }

  /// Takes the next bytes of the input and appends what they say to `batch`.
  mutating func read(_ block: Span<UInt8>, into batch: inout ChunkBatch)

  /// Says that the input ends here.
  mutating func finish(into batch: inout ChunkBatch)
}

/// What a log says about itself, and what its format could not keep.
public struct LogFacts: Hashable, Sendable {
  /// The name of the format, as `--input-format` takes it.
  public var format: String
  /// The finest step of the time stamps seen so far.
  public var resolution: Resolution = .none
  /// The line rate in bits per second, where the log states it.
  public var baud: Int?
  /// The ISO 8601 stamp of the start, where the log states it.
  public var start: String?
  /// The names of the ports; `Port.index` is the place in here. The first port may have no name.
  public var ports: [String] = [""]
  /// What each port carries from its beginning on; commands where there is no entry.
  public var contents: [LineContent] = []
  /// What the format or the tool that wrote the log did not keep.
  public var lossy: Loss = []
  /// What the user should know about this log, each one sentence and safe to print.
  public private(set) var warnings: [String] = []

  /// Why the input cannot be read at all, one clause and what to do; the reader takes nothing more.
  public var refusal: String?

  /// How many different ports one log may have.
  public static let portLimit = 64
  /// How many warnings are kept; the rest would repeat them.
  public static let warningLimit = 32

  public init(format: String) { self.format = format }

  /// Keeps a warning, each text once.
  public mutating func warn(_ text: String) {
    guard warnings.count < LogFacts.warningLimit, !warnings.contains(text) else { return }
    warnings.append(text)
  }
}

/// What a log did not keep of the bytes on the line. Rules that need it count as not evaluated.
public struct Loss: OptionSet, Hashable, Sendable {
  public var rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// CR and LF are not kept exactly.
  public static let lineEndings = Loss(rawValue: 1)
  /// Control bytes were dropped or changed.
  public static let controlBytes = Loss(rawValue: 2)
  /// The log does not say which way the bytes went.
  public static let direction = Loss(rawValue: 4)
  /// What came is logged when a program got to it: a command may stand before lines that were there already.
  public static let order = Loss(rawValue: 8)
}
