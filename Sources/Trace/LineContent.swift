/// What passes on a port from its beginning on, where a capture tells.
public enum LineContent: UInt8, Hashable, Sendable {
  /// Commands and answers, as on any port.
  case commands
  /// Frames of PPP.
  case frames
  /// The multiplexer of 27.010, basic or advanced option.
  case multiplexed, multiplexedAdvanced
}
