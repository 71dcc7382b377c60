/// All link types that are read; a new one is a file in `Links/` and a line here.
enum LinkTypes {
  static let user = 147...162

  /// The reader of a link type; `nil` where there is none. `name`: what the capture calls the interface.
  static func link(_ type: Int, big: Bool, name: String, options: CaptureOptions) -> (any PacketLink)? {
    switch type {
    case 250: RTACLink(name: name)
    case 189: USBLink(.linux, big: big)
    case 220: USBLink(.linuxMapped, big: big)
    case 249: USBLink(.windows, big: false)
    case 0: NetworkLink(.loopback(big: big))
    case 1: NetworkLink(.ethernet)
    case 12, 14, 101, 228, 229: NetworkLink(.raw)
    case 108: NetworkLink(.loopback(big: true))
    case 113: NetworkLink(.cooked)
    case 276: NetworkLink(.cooked2)
    case 9, 50: PPPLink(name: name, hasDirection: false)
    case 204: PPPLink(name: name, hasDirection: true)
    case 236: MuxLink(name: name)
    case 187: BluetoothLink(hasDirection: false)
    case 201: BluetoothLink(hasDirection: true)
    case 252: ExportedLink(name: name)
    case user: userLink(options.userLink, name)
    default: nil
    }
  }

  private static func userLink(_ kind: CaptureOptions.UserLink?, _ name: String) -> (any PacketLink)? {
    switch kind {
    case .serial: SerialLink(name: name)
    case .ppp: PPPLink(name: name, hasDirection: false)
    case .mux: SerialLink(name: name, content: .multiplexed)
    case nil: nil
    }
  }

  /// Why the packets of a link type are not read.
  static func refusal(_ type: Int) -> String {
    if user.contains(type) {
      return "link type \(type) is the user's own; say with --user-link what its packets hold (serial, ppp or mux)"
    }
    let name = PacketFilter.name(ofLinkType: type)
    return "link type \(type)\(name.isEmpty ? "" : " (\(name))") carries no serial line that is known here; "
      + "capture USB, TCP, PPP, Bluetooth HCI or a serial line"
  }
}
