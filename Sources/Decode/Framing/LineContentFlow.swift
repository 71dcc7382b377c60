import Profile
import Trace

/// Ports that carry something else than commands from their beginning on, as captures have them.
extension Channel {
  /// Begins the data that no command opened.
  mutating func beginContent(_ out: inout EventBatch) {
    guard phase == nil else { return }
    switch content {
    case .commands: break
    case .frames: beginPhase(GenericData.connected, announced: -1, transaction: 0, &out)
    // What was agreed on is not known: any length that a frame may have is believed.
    case .multiplexed: beginPhase(GenericData.multiplexed, announced: Int64(Limits.muxFrame), transaction: 0, &out)
    case .multiplexedAdvanced:
      beginPhase(
        GenericData.multiplexed, announced: Int64(Limits.muxFrame), transaction: 0, stuffed: true, &out)
    }
  }
}
