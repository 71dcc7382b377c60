/// One format of logs: how it is called, how it looks, and who reads it.
public struct LogFormat: Sendable {
  /// The name that `--input-format` takes.
  public let name: String
  /// One line for a list of formats.
  public let summary: String
  /// A line as such a log has it.
  public let example: String
  /// Usual endings of file names, without the dot. They do not decide anything.
  public let extensions: [String]
  private let judge: @Sendable (LogBeginning) -> Double
  private let make: @Sendable (CaptureOptions) -> any LogReader
  /// Whether it is a capture: findings tell packets, and what the user says of captures counts.
  public let isCapture: Bool

  public init(
    name: String, summary: String, example: String, extensions: [String],
    confidence: @escaping @Sendable (LogBeginning) -> Double, makeReader: @escaping @Sendable () -> any LogReader
  ) {
    self.init(
      name: name, summary: summary, example: example, extensions: extensions, isCapture: false,
      confidence: confidence, make: { _ in makeReader() })
  }

  /// A format of captures.
  init(
    name: String, summary: String, example: String, extensions: [String],
    confidence: @escaping @Sendable (LogBeginning) -> Double,
    makeCaptureReader: @escaping @Sendable (CaptureOptions) -> any LogReader
  ) {
    self.init(
      name: name, summary: summary, example: example, extensions: extensions, isCapture: true,
      confidence: confidence, make: makeCaptureReader)
  }

  private init(
    name: String, summary: String, example: String, extensions: [String], isCapture: Bool,
    confidence: @escaping @Sendable (LogBeginning) -> Double,
    make: @escaping @Sendable (CaptureOptions) -> any LogReader
  ) {
    self.name = name
    self.summary = summary
    self.example = example
    self.extensions = extensions
    self.isCapture = isCapture
    judge = confidence
    self.make = make
  }

  /// How sure it is, from 0 to 1, that a file which begins like this is of this format.
  public func confidence(of beginning: LogBeginning) -> Double { judge(beginning) }

  public func confidence(of beginning: [UInt8]) -> Double { judge(LogBeginning(beginning)) }

  public func makeReader(_ options: CaptureOptions = CaptureOptions()) -> any LogReader { make(options) }
}

/// All formats that can be read; a new dialect is one file and one line here.
public enum FormatRegistry {
  public static let all: [LogFormat] = [
    TraceFormat.format,
    RawFormat.format,
    ParticleDialect.format,
    TxRxDialect.format,
    LogcatDialect.format,
    SscomDialect.format,
    SscomChineseDialect.format,
    ModemManagerDialect.format,
    QcomDialect.format,
    OfonoDialect.format,
    BridgeDialect.format,
    FrameworkdDialect.format,
    SmstoolsDialect.format,
    ChatDialect.format,
    WvdialDialect.format,
    ZephyrDialect.format,
    GammuDialect.format,
    ArrowsDialect.format,
    UsbMonitorDialect.format,
    SigrokDialect.format,
    SocatDialect.format,
    PcapFormat.format,
    PcapngFormat.format,
  ]

  public static func format(named name: String) -> LogFormat? { all.first { $0.name == name } }
}

/// The beginning of a file, cut into lines for all detectors together.
public struct LogBeginning: Sendable {
  /// At most `byteLimit` bytes.
  public let bytes: [UInt8]
  /// At most `lineLimit` lines, without their ends. A lone CR ends a line too.
  public let lines: [Range<Int>]

  public static let byteLimit = 65_536
  public static let lineLimit = 200

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes.count <= LogBeginning.byteLimit ? bytes : [UInt8](bytes.prefix(LogBeginning.byteLimit))
    lines = LogBeginning.cut(self.bytes)
  }

  /// Blank lines do not count towards the limit.
  private static func cut(_ bytes: [UInt8]) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    for (index, byte) in bytes.enumerated() where byte == Ascii.lineFeed || byte == Ascii.carriageReturn {
      if index > start { lines.append(start..<index) }
      start = index + 1
      if lines.count == lineLimit { return lines }
    }
    if start < bytes.count { lines.append(start..<bytes.count) }
    return lines
  }
}
