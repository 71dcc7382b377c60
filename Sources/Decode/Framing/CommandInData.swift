import Profile
import Trace

/// What the host sends in data mode, watched for a command line that stands alone: between PPP frames, or between two
/// silences.
struct CommandWatch {
  /// The host has sent something.
  var hasBegun = false
  /// Bytes are collected: they may be a command line.
  var isOpen = false
  var bytes = 0
  var place = 0
  var offset: UInt64 = 0
  var start = Instant.unknown
  /// How much of the start of a first PPP frame has come; -1: these data are no PPP.
  var frame = 0
  /// A command line after a silence; a silence behind it shows that it stood alone.
  var waits = false
  var last = Instant.unknown
}

extension Channel {
  private static let longest = 256
  /// How PPP begins (RFC 1662).
  private static let frameStart: [UInt8] = [0x7E, 0xFF]
  private static let silence: Nanoseconds = 700_000_000

  mutating func watchCommand(_ bytes: Span<UInt8>, _ out: inout EventBatch) {
    // Before the first byte of the host there was nothing.
    let isFirst = !commandWatch.hasBegun
    commandWatch.hasBegun = true
    let isQuiet = isFirst || now.since(commandWatch.last).map { $0 >= Self.silence } ?? false
    if commandWatch.waits, isQuiet { tellCommand(&out) }
    commandWatch.waits = false
    if isFirst, let first = bytes.indices.first, bytes[first] != Self.frameStart[0] { commandWatch.frame = -1 }
    if isQuiet {
      commandWatch.bytes = 0
      if commandWatch.frame < 0 { commandWatch.isOpen = true }
    }
    for index in bytes.indices { watch(bytes[index], at: index, &out) }
    commandWatch.last = now
  }

  private mutating func watch(_ byte: UInt8, at index: Int, _ out: inout EventBatch) {
    commandWatch.waits = false
    if commandWatch.frame >= 0, commandWatch.frame < 2 {
      commandWatch.frame = byte == Self.frameStart[commandWatch.frame] ? commandWatch.frame + 1 : -1
    } else if byte == 0x7E, commandWatch.frame == 2 {
      commandWatch.isOpen = true
      commandWatch.bytes = 0
    } else if commandWatch.isOpen {
      collect(byte, at: index, &out)
    }
  }

  private mutating func collect(_ byte: UInt8, at index: Int, _ out: inout EventBatch) {
    if commandWatch.bytes == 0 {
      commandWatch.place = place
      commandWatch.offset = hostOffset &+ UInt64(index)
      commandWatch.start = now
    }
    if byte == 0x0D {
      commandWatch.isOpen = false
      guard commandWatch.bytes > 2 else { return }
      if commandWatch.frame == 2 { tellCommand(&out) } else { commandWatch.waits = true }
      return
    }
    let wanted: UInt8 = commandWatch.bytes == 0 ? 0x61 : 0x74
    let fits = commandWatch.bytes < 2 ? byte | 0x20 == wanted : byte >= 0x20 && byte < 0x7F
    commandWatch.isOpen = fits && commandWatch.bytes < Self.longest
    commandWatch.bytes += 1
  }

  /// The data are over, or the host is about to leave data mode.
  mutating func settleCommand(_ out: inout EventBatch) {
    if commandWatch.waits { tellCommand(&out) }
    commandWatch = CommandWatch()
  }

  private mutating func tellCommand(_ out: inout EventBatch) {
    var wrong = event(.malformed, .hostToModem)
    wrong.code = Malformed.commandInData.rawValue
    wrong.start = commandWatch.start
    wrong.place = commandWatch.place
    wrong.offset = commandWatch.offset
    wrong.a = Int64(commandWatch.bytes)
    wrong.b = commandWatch.frame == 2 ? 1 : 0
    emit(wrong, &out)
  }
}
