/// Keeps a `Channel` where collections can hold it: a channel is large and has one owner, so nothing may copy it.
final class ChannelBox {
  var channel: Channel

  init(_ channel: consuming Channel) { self.channel = channel }
}
