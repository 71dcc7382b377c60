import Profile
import Trace

/// Follows what a host enters behind a prompt as the modem's line editor does: a backspace takes back a character.
///
/// Invariant: `text.count <= limit`; a longer text is known by its length only.
struct LineEditor {
  static let limit = 16384

  private(set) var typed = TypedText()
  private var text: [UInt8] = []
  private var length: Int64 = 0
  private var odd: Int64 = 0
  /// The text cannot be told: it is too long, or holds bytes that editors read in different ways.
  private var isUncertain = false
  private var port: Port?

  mutating func begin(_ event: Event) {
    typed = TypedText()
    text.removeAll(keepingCapacity: true)
    length = 0
    odd = 0
    isUncertain = false
    port = event.port
  }

  mutating func take(_ bytes: Span<UInt8>, port: Port) {
    guard port == self.port else { return }
    for index in bytes.indices { take(bytes[index]) }
  }

  private mutating func take(_ byte: UInt8) {
    if byte == 0x08 {
      if let last = text.popLast() {
        length &-= Self.isLineEnd(last) ? 0 : 1
        odd &-= Self.isOdd(last) ? 1 : 0
      }
      return
    }
    if byte == 0x7F || text.count >= Self.limit { isUncertain = true }
    if !Self.isLineEnd(byte) { length &+= 1 }
    if Self.isOdd(byte) { odd &+= 1 }
    if text.count < Self.limit { text.append(byte) }
  }

  mutating func end(_ event: Event) {
    guard event.direction == .hostToModem, event.port == port else { return }
    port = nil
    typed.length = .number(length)
    typed.odd = .number(odd)
    if !isUncertain, !text.contains(where: Self.isLineEnd) { typed.text = .text(hash: TextHash.of(text)) }
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0D || byte == 0x0A }
  private static func isOdd(_ byte: UInt8) -> Bool { !isLineEnd(byte) && (byte < 0x20 || byte >= 0x7F) }
}
