/// Which way bytes went. The host is the application side (TE, DTE), the modem is the module (UE, DCE).
public enum Direction: UInt8, Hashable, Sendable, CaseIterable {
  case hostToModem
  case modemToHost
  /// The log does not tell; the decoder infers it from echo and grammar.
  case unknown
}

/// One serial port (or multiplexer channel) of one modem. Names are kept by whoever read the log.
public struct Port: Hashable, Sendable {
  public var index: UInt16
  public init(_ index: UInt16) { self.index = index }
  public static let first = Port(0)
}
