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
  /// Reads a log of this format in which something has put the time before each line.
  let makeStamped: (@Sendable () -> any LogReader)?
  /// Which share of the lines could be of this format, though too few for taking it.
  let kinship: @Sendable (LogBeginning) -> Double

  public init(
    name: String, summary: String, example: String, extensions: [String],
    confidence: @escaping @Sendable (LogBeginning) -> Double, makeReader: @escaping @Sendable () -> any LogReader
  ) {
    self.init(
      name: name, summary: summary, example: example, extensions: extensions, isCapture: false,
      confidence: confidence, make: { _ in makeReader() }, makeStamped: nil, kinship: { _ in 0 })
  }

  /// A format of text logs, before whose lines the time may stand.
  init(
    name: String, summary: String, example: String, extensions: [String],
    confidence: @escaping @Sendable (LogBeginning) -> Double, makeReader: @escaping @Sendable () -> any LogReader,
    makeStamped: (@Sendable () -> any LogReader)?, kinship: @escaping @Sendable (LogBeginning) -> Double
  ) {
    self.init(
      name: name, summary: summary, example: example, extensions: extensions, isCapture: false,
      confidence: confidence, make: { _ in makeReader() }, makeStamped: makeStamped, kinship: kinship)
  }

  /// A format of captures.
  init(
    name: String, summary: String, example: String, extensions: [String],
    confidence: @escaping @Sendable (LogBeginning) -> Double,
    makeCaptureReader: @escaping @Sendable (CaptureOptions) -> any LogReader
  ) {
    self.init(
      name: name, summary: summary, example: example, extensions: extensions, isCapture: true,
      confidence: confidence, make: makeCaptureReader, makeStamped: nil, kinship: { _ in 0 })
  }

  private init(
    name: String, summary: String, example: String, extensions: [String], isCapture: Bool,
    confidence: @escaping @Sendable (LogBeginning) -> Double,
    make: @escaping @Sendable (CaptureOptions) -> any LogReader,
    makeStamped: (@Sendable () -> any LogReader)?, kinship: @escaping @Sendable (LogBeginning) -> Double
  ) {
    self.name = name
    self.summary = summary
    self.example = example
    self.extensions = extensions
    self.isCapture = isCapture
    judge = confidence
    self.make = make
    self.makeStamped = makeStamped
    self.kinship = kinship
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
    StampedFormat.format,
    StampedFormat.delta,
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
    PppdDialect.format,
    ZephyrDialect.format,
    GammuDialect.format,
    ArrowsDialect.format,
    UsbMonitorDialect.format,
    SigrokDialect.format,
    SocatDialect.format,
    JpnevulatorDialect.format,
    SerialSpyDialect.format,
    StraceDialect.format,
    DocklightDialect.format,
    PythonBytesDialect.format,
    SaleaeDialect.format,
    UsbmonDialect.format,
    UsbsnoopDialect.format,
    TsharkDialect.format,
    KernelMuxDialect.format,
    EspLogDialect.format,
    EspConsoleDialect.format,
    PuttyDialect.format,
    SendDemoDialect.format,
    HexTerminalDialect.format,
    HexTextDialect.format,
    EscapedTextDialect.format,
    XmodemConsoleDialect.format,
    PppRecordFormat.format,
    PcapFormat.format,
    PcapngFormat.format,
  ]

  /// All names that `--input-format` takes.
  public static var names: [String] {
    all.map(\.name) + all.compactMap { StampedFormat.around($0)?.name }
  }

  public static func format(named name: String) -> LogFormat? {
    if let known = all.first(where: { $0.name == name }) { return known }
    let lead = StampedFormat.name + StampedFormat.join
    guard name.hasPrefix(lead), let inner = all.first(where: { $0.name == name.dropFirst(lead.count) }) else {
      return nil
    }
    return StampedFormat.around(inner)
  }
}

/// The beginning of a file, cut into lines for all detectors together.
public struct LogBeginning: Sendable {
  /// At most `byteLimit` bytes, without a byte order mark.
  public let bytes: [UInt8]
  /// At most `lineLimit` lines, without their ends. A lone CR ends a line too.
  public let lines: [Range<Int>]

  public static let byteLimit = 65_536
  public static let lineLimit = 200

  public init(_ bytes: [UInt8]) {
    let start = bytes.starts(with: Ascii.byteOrderMark) ? Ascii.byteOrderMark.count : 0
    self.bytes =
      start == 0 && bytes.count <= LogBeginning.byteLimit
      ? bytes : [UInt8](bytes.dropFirst(start).prefix(LogBeginning.byteLimit))
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
