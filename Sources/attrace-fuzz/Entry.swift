import Capture
import Profile
import Trace

/// What can be fuzzed. Beside not crashing, each entry holds what must hold: the result does not depend on how the
/// input was cut, nothing grows beyond its limit, and nothing that is printed could drive a terminal.
enum Entry: String, CaseIterable {
  case detect = "log-detect"
  case trace = "trace-reader"
  case raw = "raw-reader"
  case readers = "log-readers"
  case decoder = "at-decoder"
  case framing
  case pop3
  case escaped
  case xmodem
  case message
  case ppp
  case mux
  case pcap
  case pcapng
  case usb
  case network = "tcp"
  case bluetooth
  case links
  case silence
  case yaml = "yaml-loader"

  /// What is broken, or `nil`.
  func broken(_ input: [UInt8]) -> String? {
    switch self {
    case .detect: Self.detection(input)
    case .trace: Readings.broken(input) { TraceReader() }
    case .raw: Readings.broken(input) { RawReader() }
    case .readers: Self.reading(input)
    case .decoder: Inspection.broken(Script.session(input))
    case .framing: Inspection.broken(Script.framing(input))
    case .pop3: Inspection.broken(Script.mail(input))
    case .escaped: Inspection.broken(Script.data(input), Inspection.dataBook)
    case .xmodem: Inspection.broken(Script.xmodem(input), Inspection.dataBook)
    case .message: Inspection.broken(Script.message(input))
    case .ppp: Inspection.broken(Script.call(input))
    case .mux: Inspection.broken(Script.mux(input))
    case .pcap: Readings.broken(input, growth: CaptureScript.growth) { PcapReader() }
    case .pcapng: CaptureScript.broken(pcapng: input)
    case .usb: CaptureScript.broken(CaptureScript.usb(input))
    case .network: CaptureScript.broken(CaptureScript.network(input))
    case .bluetooth: CaptureScript.broken(CaptureScript.bluetooth(input))
    case .links: CaptureScript.broken(CaptureScript.links(input))
    case .silence: Silence.broken(input)
    case .yaml: Manual.broken(input)
    }
  }

  /// The first byte names the reader, the rest is the log.
  private static func reading(_ input: [UInt8]) -> String? {
    let names = FormatRegistry.names
    guard let first = input.first,
      let format = FormatRegistry.format(
        named: names[names.index(names.startIndex, offsetBy: Int(first) % names.count)])
    else { return nil }
    // A reader may put line ends, and words about what is missing, beside few bytes.
    return Readings.broken(Array(input.dropFirst()), growth: 64) { format.makeReader() }
      .map { "\(format.name): \($0)" }
  }

  private static func detection(_ input: [UInt8]) -> String? {
    switch Detection.detect(input) {
    case .found(let format, let confidence, _):
      if format.name.isEmpty { return "a format without a name" }
      return confidence > 0 && confidence <= 1 ? nil : "a confidence of \(confidence)"
    case .unrecognised(let why):
      return Printed.isSafe(why.message) ? nil : "a message that is not fit for printing"
    }
  }
}

/// Text that is printed as it is: one line, without control characters.
enum Printed {
  static func isSafe(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
  }
}
