/// Makes a mail file of a retrieved response, piece by piece: the status line, the dot of byte-stuffed lines and the
/// dot line are taken off (RFC 1939, 3).
struct MailText {
  private enum State {
    case status
    case lineStart
    case dot
    case dotReturn
    case line
    case end
  }

  private var state: State
  /// `hasStatus`: the response begins with a status line.
  init(hasStatus: Bool) { state = hasStatus ? .status : .lineStart }

  /// What of these bytes belongs to the mail.
  mutating func take(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var mail: [UInt8] = []
    mail.reserveCapacity(bytes.count)
    for byte in bytes {
      switch state {
      case .status: if byte == 0x0A { state = .lineStart }
      case .lineStart:
        if byte == 0x2E {
          state = .dot
        } else {
          mail.append(byte)
          state = byte == 0x0A ? .lineStart : .line
        }
      case .dot:
        if byte == 0x0D {
          state = .dotReturn
        } else {
          // The first of two dots was put there for the transport.
          mail.append(byte)
          state = byte == 0x0A ? .lineStart : .line
        }
      case .dotReturn:
        if byte == 0x0A {
          state = .end
        } else {
          mail += [0x0D, byte]
          state = .line
        }
      case .line:
        mail.append(byte)
        if byte == 0x0A { state = .lineStart }
      case .end: break
      }
    }
    return mail
  }
}
