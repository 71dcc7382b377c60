import CPcap
import Glibc

/// An interface whose packets are captured, as libpcap opens it: a network, a bus, or all networks at once.
///
/// Touched by the thread of the line only, once it is made.
final class PacketInterface {
  private let handle: OpaquePointer
  let linkType: Int
  /// What becomes readable when packets are there.
  let descriptor: Int32
  private var dropped: UInt32 = 0

  /// What the kernel may hold until packets are taken: a burst at the rate of USB.
  private static let bufferSize: Int32 = 16 << 20
  private static let longestPacket: Int32 = 262_144
  private static let patience: Int32 = 100
  /// How many names an error tells.
  private static let shownNames = 16

  init(_ name: String, filter: String?) throws(CaptureError) {
    var problem = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let made = pcap_create(name, &problem) else {
      throw PacketInterface.refusal(name, PCAP_ERROR, String(nulTerminated: problem))
    }
    pcap_set_snaplen(made, PacketInterface.longestPacket)
    pcap_set_promisc(made, 1)
    pcap_set_buffer_size(made, PacketInterface.bufferSize)
    pcap_set_timeout(made, PacketInterface.patience)
    // Each packet is told when it comes, not when a block of them is full.
    pcap_set_immediate_mode(made, 1)
    let status = pcap_activate(made)
    guard status >= 0 else {
      let why = pcap_geterr(made).map { String(cString: $0) } ?? ""
      pcap_close(made)
      throw PacketInterface.refusal(name, status, why)
    }
    let type = pcap_datalink(made)
    let ready = pcap_get_selectable_fd(made)
    guard ready >= 0, pcap_setnonblock(made, 1, &problem) == 0 else {
      pcap_close(made)
      throw CaptureError(name, "its packets cannot be waited for; capture it with another program and read the file")
    }
    if let filter, let problem = PacketFilter.install(filter, on: made) {
      pcap_close(made)
      throw CaptureError(name, "the filter does not fit this interface: \(problem.message)")
    }
    handle = made
    linkType = Int(type)
    descriptor = ready
  }

  deinit { pcap_close(handle) }

  enum Outcome {
    case packet
    /// None is there.
    case idle
    /// The interface is gone, with the reason.
    case gone(String)
  }

  /// Hands on the next packet that is there.
  func next(_ take: (_ time: Int64, _ original: Int, _ bytes: PacketBytes) -> Void) -> Outcome {
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var bytes: UnsafePointer<UInt8>?
    switch pcap_next_ex(handle, &header, &bytes) {
    case 1:
      guard let head = header?.pointee, let bytes else { return .idle }
      let time = Int64(head.ts.tv_sec) &* 1_000_000_000 &+ Int64(head.ts.tv_usec) &* 1_000
      let captured = UnsafeRawBufferPointer(start: bytes, count: Int(head.caplen))
      take(time, max(captured.count, Int(head.len)), PacketBytes(captured))
      return .packet
    case 0: return .idle
    default: return .gone(Printable.text(pcap_geterr(handle).map { String(cString: $0) } ?? "it cannot be read"))
    }
  }

  /// How many packets the kernel had no room for since the last call.
  func takeDrops() -> Int {
    var counts = pcap_stat()
    guard pcap_stats(handle, &counts) == 0 else { return 0 }
    // The kernel's counter has 32 bits and may begin again.
    defer { dropped = counts.ps_drop }
    return Int(counts.ps_drop &- dropped)
  }

  // MARK: What cannot be opened

  /// The names of what can be captured, as the system lists them.
  static func names() -> [String] {
    var list: UnsafeMutablePointer<pcap_if_t>?
    var problem = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard pcap_findalldevs(&list, &problem) == 0 else { return [] }
    defer { pcap_freealldevs(list) }
    var names: [String] = []
    var next = list
    while let one = next, names.count < 256 {
      if let name = one.pointee.name { names.append(Printable.text(String(cString: name))) }
      next = one.pointee.next
    }
    return names
  }

  private static func refusal(_ name: String, _ status: Int32, _ why: String) -> CaptureError {
    switch status {
    case PCAP_ERROR_NO_SUCH_DEVICE:
      if name.hasPrefix("usbmon") {
        return CaptureError(name, "no such interface; for USB load the kernel's monitor (modprobe usbmon). \(listed())")
      }
      return CaptureError(name, "no such interface. \(listed())")
    case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
      return CaptureError(
        name, "permission denied to capture there; run it as root, or allow it with setcap cap_net_raw+ep. \(listed())")
    case PCAP_ERROR_IFACE_NOT_UP:
      return CaptureError(name, "the interface is down; bring it up with ip link set \(Printable.text(name)) up")
    default:
      let said = why.isEmpty ? pcap_statustostr(status).map { String(cString: $0) } ?? "" : why
      return CaptureError(name, "cannot be captured: \(Printable.text(said)). \(listed())")
    }
  }

  private static func listed() -> String {
    let names = names()
    guard !names.isEmpty else { return "None can be captured by this user" }
    let more = names.count > shownNames ? " and \(names.count - shownNames) more" : ""
    return "There are: \(names.prefix(shownNames).joined(separator: ", "))\(more)"
  }
}

extension String {
  fileprivate init(nulTerminated text: [CChar]) {
    self.init(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
