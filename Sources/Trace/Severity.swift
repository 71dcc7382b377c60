/// How much a finding weighs.
public enum Severity: UInt8, Hashable, Comparable, Sendable, CaseIterable {
  /// Worth knowing: a command that failed as documented, a guess, a weak source.
  case note
  /// A recommendation is broken, or a limit is near.
  case warning
  /// The document is broken.
  case error

  public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }

  public var name: String {
    switch self {
    case .note: "note"
    case .warning: "warning"
    case .error: "error"
    }
  }

  public init?(name: String) {
    guard let found = Severity.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }
}
