/// The values that an expression keeps while it is evaluated: the loader refuses expressions that need more.
///
/// Memory of its own, made once: an array would be checked for other owners at each push, and values kept in place
/// would be copied with what holds them.
struct ValueStack: ~Copyable, @unchecked Sendable {
  static let capacity = 32

  private let values: UnsafeMutablePointer<Value>
  private var count = 0

  init() {
    values = .allocate(capacity: Self.capacity)
    values.initialize(repeating: .unknown, count: Self.capacity)
  }

  deinit { values.deallocate() }

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
