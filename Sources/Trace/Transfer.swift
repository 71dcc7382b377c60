/// What kind of payload a transfer carried, as the report names it.
public enum TransferKind: UInt8, Hashable, Sendable, CaseIterable {
  case xmodem, pop3, smtp, ftp, http, tcp, udp, sms, ppp, mail, file, transparent

  public var name: String {
    switch self {
    case .xmodem: "xmodem"
    case .pop3: "pop3"
    case .smtp: "smtp"
    case .ftp: "ftp"
    case .http: "http"
    case .tcp: "tcp"
    case .udp: "udp"
    case .sms: "sms"
    case .ppp: "ppp"
    case .mail: "mail"
    case .file: "file"
    case .transparent: "transparent"
    }
  }

  public init?(name: String) {
    guard let found = TransferKind.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}

/// What a payload decoder reports beside its bytes. The integers of each are named in `fieldNames`.
public enum PayloadEvent: UInt8, Hashable, Sendable, CaseIterable {
  /// One line of a scan listing.
  case listing
  /// One line of a unique-id listing; the id is given by its hash.
  case uid
  /// The multi-line response is complete (or was ended).
  case mailEnd
  /// An XMODEM block was answered. Behind the named fields: ns from its first byte to its last.
  case block
  /// An XMODEM transfer is over; how it went.
  case xmodemEnd
  /// A short message.
  case sms
  /// A packet of a control protocol of PPP.
  case ppp
  /// A PPP link is over; how far it came.
  case pppEnd
  /// A channel of the multiplexer is opened, closed, or changes its status.
  case mux
  /// One line of a text.
  case line

  public var name: String {
    switch self {
    case .listing: "listing"
    case .uid: "uid"
    case .mailEnd: "mail-end"
    case .block: "block"
    case .xmodemEnd: "xmodem-end"
    case .sms: "sms"
    case .ppp: "ppp"
    case .pppEnd: "ppp-end"
    case .mux: "mux"
    case .line: "line"
    }
  }

  /// The names by which a profile's expressions reach `Event.fields` of this event, in order.
  public var fieldNames: [String] {
    switch self {
    case .listing: ["number", "size"]
    case .uid: ["number", "uid"]
    case .mailEnd:
      ["command", "octets", "lines", "dotted", "extra", "blank", "body-lines", "positive"]
    case .block: ["number", "size", "status", "tries"]
    case .xmodemEnd: ["blocks", "longest", "retries", "errors", "padding", "checksum", "outcome"]
    case .sms:
      [
        "type", "octets", "announced", "alphabet", "length", "characters", "reference", "parts", "part", "time",
        "status", "gap", "span", "address",
      ]
    case .ppp: ["protocol", "code", "id", "size"]
    case .mux: ["channel", "what", "value"]
    case .pppEnd: ["frames", "damaged", "opened", "addressed", "outcome"]
    case .line: ["number", "length", "text", "eightbit", "mailbox", "line-end"]
    }
  }

  /// The same for the end of any data part.
  public static let partFieldNames = [
    "bytes", "eightbit", "cancelled", "nonhex", "blocks", "longest", "retries", "ended-by", "echoed", "host-bytes",
  ]

  /// Where `ended-by` stands among them.
  public static let endedByIndex = 7
}
