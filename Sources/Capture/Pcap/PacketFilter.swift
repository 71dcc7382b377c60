import CPcap
import Synchronization

/// A filter expression as libpcap compiles it, for one link type.
///
/// A reference, so that the program is freed once; it never changes after `make`, so it may be shared.
final class PacketFilter: @unchecked Sendable {
  struct Problem: Error {
    /// Safe to print.
    let message: String
  }

  private var program = bpf_program()
  private static let longestPacket: Int32 = 262_144
  /// The parser of expressions keeps state of its own.
  private static let compiling = Mutex(())

  private init() {}

  deinit { pcap_freecode(&program) }

  static func make(_ text: String, linkType: Int) -> Result<PacketFilter, Problem> {
    compiling.withLock { _ in
      guard let handle = pcap_open_dead(number(ofLinkType: linkType), longestPacket) else {
        return .failure(Problem(message: "no memory for it"))
      }
      defer { pcap_close(handle) }
      let filter = PacketFilter()
      guard pcap_compile(handle, &filter.program, text, 1, bpf_u_int32.max) == 0 else {
        let why = pcap_geterr(handle).map { String(cString: $0) } ?? "it cannot be compiled"
        return .failure(Problem(message: Printable.text(why) + " (see pcap-filter(7))"))
      }
      return .success(filter)
    }
  }

  /// Has an interface let through only what the filter lets through; what is wrong with it, if it cannot.
  static func install(_ text: String, on handle: OpaquePointer) -> Problem? {
    compiling.withLock { _ in
      let filter = PacketFilter()
      guard pcap_compile(handle, &filter.program, text, 1, bpf_u_int32.max) == 0,
        pcap_setfilter(handle, &filter.program) == 0
      else {
        let why = pcap_geterr(handle).map { String(cString: $0) } ?? "it cannot be compiled"
        return Problem(message: Printable.text(why) + " (see pcap-filter(7))")
      }
      return nil
    }
  }

  func passes(_ packet: Packet, _ bytes: PacketBytes) -> Bool {
    var header = pcap_pkthdr()
    header.caplen = UInt32(clamping: bytes.count)
    header.len = UInt32(clamping: packet.original)
    return pcap_offline_filter(&program, &header, bytes.raw.baseAddress?.assumingMemoryBound(to: UInt8.self)) != 0
  }

  /// libpcap's own number of a link type: it differs from that in files where systems had their own.
  private static func number(ofLinkType type: Int) -> Int32 { type == 101 ? DLT_RAW : Int32(clamping: type) }

  /// What libpcap calls a link type, as text that is safe to print.
  static func name(ofLinkType type: Int) -> String {
    guard let name = pcap_datalink_val_to_name(number(ofLinkType: type)) else { return "" }
    return Printable.text(String(cString: name))
  }
}
