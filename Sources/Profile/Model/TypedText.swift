/// What the host last entered behind a prompt, as an editor would leave it: backspaces have taken back a character.
public struct TypedText: Hashable, Sendable {
  public enum Part: UInt8, Sendable {
    case text
    case length
    case odd
  }

  /// The text; unknown where it has line ends, for how it is printed then is no single line.
  public var text = Value.unknown
  /// Characters, line ends not counted.
  public var length = Value.unknown
  /// Characters that are neither printable ASCII nor line ends.
  public var odd = Value.unknown

  public init() {}
}
