import Capture
import Trace

/// What the flags of `tap` say.
struct TapOptions {
  enum Mode: Hashable {
    case proxy(String, link: String?)
    case listen(modem: String, host: String)
    case network(NetworkRoute)
    case interface(String)
    case follow(String)
  }

  let mode: Mode
  let settings: LineSettings
  let spool: SpoolOptions?

  init(_ arguments: ParsedArguments) throws(UsageError) {
    mode = try TapOptions.mode(arguments)
    settings = LineSettings(
      baud: arguments.number(.baud), parity: arguments.value(.parity).flatMap(LineSettings.Parity.init),
      dataBits: arguments.number(.dataBits), stopBits: arguments.number(.stopBits),
      flow: arguments.value(.flow).flatMap(LineSettings.Flow.init))
    spool = try TapOptions.spool(arguments)
  }

  private static func mode(_ arguments: ParsedArguments) throws(UsageError) -> Mode {
    var modes: [Mode] = []
    if let device = arguments.value(.proxy) { modes.append(.proxy(device, link: arguments.value(.link))) }
    if let modem = arguments.value(.rx) {
      guard let host = arguments.value(.tx) else {
        throw UsageError("--rx needs --tx DEV, the port that hears the host")
      }
      modes.append(.listen(modem: modem, host: host))
    } else if arguments.has(.tx) {
      throw UsageError("--tx needs --rx DEV, the port that hears the modem")
    }
    if let text = arguments.value(.networkProxy) {
      guard let route = NetworkRoute(text) else {
        throw UsageError(
          "--tcp-proxy cannot be '\(Printable.text(text))'; write LISTEN:HOST:PORT, such as 7000:10.0.0.5:4001")
      }
      modes.append(.network(route))
    }
    if let name = arguments.value(.interface) { modes.append(.interface(name)) }
    if let path = arguments.value(.follow) {
      guard path != InputSource.standardInputName else {
        throw UsageError("--follow needs a file; for standard input write 'attrace tap -'")
      }
      modes.append(.follow(path))
    }
    if let word = arguments.positionals.first {
      guard word == InputSource.standardInputName, arguments.positionals.count == 1 else {
        throw UsageError("tap takes no FILE; follow one with --follow \(Printable.text(word))")
      }
      modes.append(.follow(word))
    }
    guard let mode = modes.first else {
      throw UsageError(
        "tap needs a line: --proxy DEV, --rx DEV --tx DEV, --tcp-proxy ROUTE, -i IFACE, --follow FILE, or -")
    }
    guard modes.count == 1 else {
      throw UsageError("tap follows one line; give one of --proxy, --rx, --tcp-proxy, -i, --follow, -")
    }
    if case .proxy = mode {
    } else if arguments.has(.link) {
      throw UsageError("--link leads to the pseudo-terminal of --proxy; give it with --proxy DEV")
    }
    if case .interface = mode { return mode }
    for flag in [Flag.filter, .userLink] where arguments.has(flag) {
      throw UsageError("--\(flag.name) is about packets; give it with -i IFACE")
    }
    return mode
  }

  private static func spool(_ arguments: ParsedArguments) throws(UsageError) -> SpoolOptions? {
    guard let path = arguments.value(.write) else {
      for flag in [Flag.flush, .rotate, .keep] where arguments.has(flag) {
        throw UsageError("--\(flag.name) is about the saved capture; name it with -w FILE")
      }
      return nil
    }
    var options = SpoolOptions(path: path)
    guard options.form != .pcap || !arguments.has(.interface) else {
      throw UsageError("an interface may carry several ports, for which .pcap has no room; save .pcapng or .trace")
    }
    if let text = arguments.value(.flush) {
      guard let span = Quantity.span(text) else { throw bad(.flush, text, "a time such as 500ms or 5s") }
      options.flushInterval = span
    }
    for text in arguments.values(.rotate) {
      if let span = Quantity.span(text), options.rotateAge == nil {
        options.rotateAge = span
      } else if let size = Quantity.size(text), options.rotateBytes == nil {
        options.rotateBytes = size
      } else {
        throw bad(.rotate, text, "one size such as 10M and one time such as 1h")
      }
    }
    options.keep = arguments.number(.keep)
    return options
  }

  private static func bad(_ flag: Flag, _ text: String, _ wanted: String) -> UsageError {
    UsageError("--\(flag.name) cannot be '\(Printable.text(text))'; it is \(wanted)")
  }
}

/// Numbers with a unit.
enum Quantity {
  /// `500ms`, `5s`, `30m`, `1h`, `1d`.
  static func span(_ text: String) -> Nanoseconds? {
    let units: [String: Int64] = [
      "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000, "d": 86_400_000_000_000,
    ]
    return scaled(text, units)
  }

  /// `500k`, `10M`, `1G`: powers of 1000.
  static func size(_ text: String) -> Int? {
    scaled(text, ["k": 1_000, "K": 1_000, "M": 1_000_000, "G": 1_000_000_000]).flatMap { Int(exactly: $0) }
  }

  private static func scaled(_ text: String, _ units: [String: Int64]) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits), number > 0, let unit = units[String(text.dropFirst(digits.count))] else {
      return nil
    }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow ? nil : product
  }
}
