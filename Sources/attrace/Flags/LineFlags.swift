import Capture

/// Flags about a live line and how it is saved.
extension Flag {
  static let proxy = Flag(
    "proxy", .text(name: "DEV"), help: "stand between an application and the port DEV",
    more: "Makes a pseudo-terminal for the application and prints its name.")
  static let link = Flag(
    "link", .text(name: "PATH"), help: "a link that always leads to the pseudo-terminal", more: "With --proxy.")
  static let rx = Flag(
    "rx", .text(name: "DEV"), help: "listen on DEV to what the modem sends", more: "With --tx; nothing is written.")
  static let tx = Flag(
    "tx", .text(name: "DEV"), help: "listen on DEV to what the host sends", more: "With --rx.")
  static let networkProxy = Flag(
    "tcp-proxy", .text(name: "LISTEN:HOST:PORT"), help: "stand between an application and a serial server",
    more: "Programs of this machine only may connect, unless an address stands before: ADDRESS:LISTEN:HOST:PORT.")
  static let interface = Flag(
    "interface", letter: "i", .text(name: "IFACE"), help: "capture packets of IFACE: usbmon1, any, lo, eth0, ...",
    more:
      "USB, TCP to a serial server, PPP: what 'attrace check' reads from a capture in a file. Needs the right to capture. -f takes a filter."
  )
  static let follow = Flag(
    "follow", .text(name: "FILE"), help: "read a log as it grows, is rotated or truncated")
  static let write = Flag(
    "write", letter: "w", .text(name: "FILE"), help: "save the capture, before it is decoded",
    more:
      "As text, or, where FILE ends so, as a .pcap or .pcapng that Wireshark opens. Everything as it was said, passwords included; only its owner may read it. An older FILE is put aside as FILE with a number. After a crash all is there but what came since the last flush."
  )
  static let flush = Flag(
    "flush", .text(name: "TIME"), help: "how often the capture is made safe on disk",
    more: "Such as 500ms or 5s; the default is 1s. A finding flushes at once.")
  static let rotate = Flag(
    "rotate", .text(name: "SIZE|TIME"), repeats: true, help: "put the capture aside when it is so large or old",
    more: "A size such as 10M or 1G, a time such as 30m, 1h or 1d; may be given once each.")
  static let keep = Flag(
    "keep", .number(name: "N", in: 0...999_999), help: "keep so many captures that were put aside",
    more: "The default is all of them.")
  static let parity = Flag(
    "parity", .choice(name: "PARITY", of: LineSettings.Parity.allCases.map(\.rawValue)), help: "the line's parity",
    more: "Line settings that are not given are those of the port, or with --proxy those of the application.")
  static let dataBits = Flag("data-bits", .number(name: "N", in: 5...8), help: "data bits a character")
  static let stopBits = Flag("stop-bits", .number(name: "N", in: 1...2), help: "stop bits a character")
  static let flow = Flag(
    "flow", .choice(name: "FLOW", of: LineSettings.Flow.allCases.map(\.rawValue)), help: "the line's flow control")
}
