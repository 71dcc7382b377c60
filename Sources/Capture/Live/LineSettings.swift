import CSerial
import Glibc

/// How a serial line is set; what is `nil` is left as it is.
public struct LineSettings: Hashable, Sendable {
  public enum Parity: String, CaseIterable, Sendable {
    case none, even, odd, mark, space
  }
  public enum Flow: String, CaseIterable, Sendable {
    case none, hardware, software
  }

  public var baud: Int?
  public var parity: Parity?
  public var dataBits: Int?
  public var stopBits: Int?
  public var flow: Flow?

  public init(
    baud: Int? = nil, parity: Parity? = nil, dataBits: Int? = nil, stopBits: Int? = nil, flow: Flow? = nil
  ) {
    self.baud = baud
    self.parity = parity
    self.dataBits = dataBits
    self.stopBits = stopBits
    self.flow = flow
  }

  /// Whether the user stated anything: then the settings of an application do not count.
  var isStated: Bool { self != LineSettings() }

  func apply(to line: inout attrace_line) {
    if let baud {
      line.input_rate = UInt32(clamping: baud)
      line.output_rate = UInt32(clamping: baud)
    }
    if let dataBits {
      line.control &= ~attrace_size_mask
      line.control |= [5: attrace_size_5, 6: attrace_size_6, 7: attrace_size_7][dataBits] ?? attrace_size_8
    }
    if let stopBits {
      if stopBits == 2 {
        line.control |= attrace_two_stop_bits
      } else {
        line.control &= ~attrace_two_stop_bits
      }
    }
    if let parity {
      line.control &= ~(attrace_parity | attrace_parity_odd | attrace_parity_stick)
      switch parity {
      case .none: break
      case .even: line.control |= attrace_parity
      case .odd: line.control |= attrace_parity | attrace_parity_odd
      case .mark: line.control |= attrace_parity | attrace_parity_odd | attrace_parity_stick
      case .space: line.control |= attrace_parity | attrace_parity_stick
      }
    }
    if let flow {
      line.control &= ~attrace_hardware_flow
      line.input &= ~attrace_software_flow
      if flow == .hardware { line.control |= attrace_hardware_flow }
      if flow == .software { line.input |= attrace_software_flow }
    }
  }
}
