/// The values that an expression keeps while it is evaluated, in place: the loader refuses expressions that need more.
struct ValueStack: Sendable {
  private var values = InlineArray<32, Value>(repeating: .unknown)
  private var count = 0

  static var capacity: Int { 32 }

  /// The value on top; unknown when there is none.
  var top: Value { count > 0 ? values[count - 1] : .unknown }

  mutating func push(_ value: Value) {
    guard count < Self.capacity else { return }
    values[count] = value
    count += 1
  }

  mutating func pop() -> Value {
    guard count > 0 else { return .unknown }
    count -= 1
    return values[count]
  }

  mutating func replaceTop(_ value: Value) {
    guard count > 0 else { return }
    values[count - 1] = value
  }

  mutating func removeAll() { count = 0 }
}
