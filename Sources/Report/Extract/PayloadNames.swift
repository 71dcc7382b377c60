import Trace

/// Names of extracted files: `003-ftp-fw.bin`.
enum PayloadNames {
  static func stem(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 3 - digits.utf8.count)) + digits
  }

  /// The part behind the number: kind, and what it is called or is.
  static func name(_ kind: TransferKind, _ direction: Direction, called name: String?, isListing: Bool) -> String {
    let own = name.map(safe).flatMap { $0.isEmpty ? nil : $0 }
    let side = direction == .hostToModem ? "host" : "modem"
    switch kind {
    case .xmodem: return "xmodem-" + (own ?? "firmware.bin")
    case .pop3: return isListing ? "pop3-list.txt" : "pop3-mail.raw"
    case .smtp: return "smtp-" + (own ?? "data.bin")
    case .mail: return "mail-" + (own ?? (direction == .hostToModem ? "sent.txt" : "received.raw"))
    case .ftp: return "ftp-" + (own ?? (direction == .hostToModem ? "upload.bin" : "download.bin"))
    case .http: return "http-" + (own ?? (direction == .hostToModem ? "request.bin" : "response.bin"))
    case .tcp, .udp, .transparent: return "\(kind.name)-\(side).bin"
    case .sms: return "sms.txt"
    case .ppp: return "ppp.pcap"
    case .file: return "file-" + (own ?? "\(side).bin")
    }
  }

  /// The last part of a path, with nothing in it that a file system, a shell or a terminal could take amiss.
  static func safe(_ name: String) -> String {
    let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" || $0 == ":" }).last.map(String.init) ?? ""
    var text = ""
    for scalar in last.unicodeScalars.prefix(64) {
      let isPlain =
        scalar.isASCII
        && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._-+".unicodeScalars.contains(scalar))
      text.unicodeScalars.append(isPlain ? scalar : "_")
    }
    while text.hasPrefix(".") || text.hasPrefix("-") { text.removeFirst() }
    return text
  }
}
