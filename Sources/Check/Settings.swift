import Profile
import Trace

/// What the trace itself showed of parameters: the values that were set, and the ranges and lengths that test commands
/// reported. Keyed by command and parameter; bounded.
struct Settings {
  static let limit = 512

  private struct Key: Hashable {
    var command: Int32
    var parameter: UInt64
  }
  struct Reported {
    var range: ReportedRange?
    var longest: Int64?
    var place: Int
  }
  struct Known {
    var value: Value
    var place: Int
  }

  private var reported: [Key: Reported] = [:]
  private var known: [Key: Known] = [:]

  mutating func forgetAll() {
    reported.removeAll(keepingCapacity: true)
    known.removeAll(keepingCapacity: true)
  }

  /// The values may all be others now; what test commands reported still holds.
  mutating func forgetValues() { known.removeAll(keepingCapacity: true) }

  /// Nothing is known of this command's settings any more.
  mutating func forget(_ command: Int32) {
    for key in known.keys where key.command == command { known.removeValue(forKey: key) }
  }

  mutating func remember(_ range: ReportedRange, of command: Int32, _ name: UInt64, place: Int) {
    guard reported.count < Self.limit || reported[Key(command: command, parameter: name)] != nil else { return }
    reported[Key(command: command, parameter: name), default: Reported(place: place)].range = range
  }

  mutating func remember(longest: Int64, of command: Int32, _ name: UInt64, place: Int) {
    guard reported.count < Self.limit || reported[Key(command: command, parameter: name)] != nil else { return }
    reported[Key(command: command, parameter: name), default: Reported(place: place)].longest = longest
  }

  mutating func set(_ value: Value, of command: Int32, _ name: UInt64, place: Int) {
    guard known.count < Self.limit || known[Key(command: command, parameter: name)] != nil else { return }
    known[Key(command: command, parameter: name)] = Known(value: value, place: place)
  }

  var hasReported: Bool { !reported.isEmpty }
  func reported(_ command: Int32, _ name: UInt64) -> Reported? { reported[Key(command: command, parameter: name)] }
  func known(_ command: Int32, _ name: UInt64) -> Known? { known[Key(command: command, parameter: name)] }
}
