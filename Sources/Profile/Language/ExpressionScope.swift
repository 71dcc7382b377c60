import Trace

/// What an expression yields, as far as it is plain before anything runs.
enum ExpressionKind: Equatable {
  case unknown
  case number
  case truth
  case text
  /// A memory with these named states, or one of them.
  case state([String])

  var states: [String] {
    if case .state(let names) = self { return names }
    return []
  }

  var isNumber: Bool { self == .number || self == .truth }
}

/// The names that an expression can see.
struct ExpressionScope {
  struct Memory {
    var index: Int
    var states: [String]
    var keys: Int
  }

  struct Name {
    var name: String
    var kind: ExpressionKind
    /// The default of a parameter.
    var fallback = Value.unknown
  }

  /// Values of the line or payload event at hand, by position.
  var fields: [Name] = []
  /// Parameters of the command, by position.
  var parameters: [Name] = []
  /// Names with a fixed value.
  var constants: [(name: String, value: Int64)] = []
  var memory: [String: Memory] = [:]
  /// Whether the expression belongs to a line, so that there can be copies of it.
  var hasCopies = false
  /// Names of all commands; empty where they are not known.
  var commands: Set<String> = []

  /// Whether there are names that could not be read; then unknown names are not accused.
  var isOpen = false

  static let functions = [
    "given", "known", "length", "trait", "count", "sum", "held", "min", "max", "otherwise", "begins", "ends",
    "pieces", "longest", "octet", "tail", "waited", "lasted",
  ]
  static let words = [
    "command", "form", "copies", "position", "typed", "typed-length", "typed-odd", "port", "now", "baud", "elsewhere",
    "line-text", "result", "reason", "error", "unknown",
  ]

  func field(_ name: String) -> Int? { fields.firstIndex { $0.name == name } }
  func parameter(_ name: String) -> Int? { parameters.firstIndex { $0.name == name } }

  var names: [String] {
    fields.map(\.name) + parameters.map(\.name) + constants.map(\.name) + memory.keys.sorted() + Self.words
      + Self.functions
  }

  func isKnown(_ name: String) -> Bool {
    field(name) != nil || parameter(name) != nil || memory[name] != nil || constants.contains { $0.name == name }
  }

  /// The names of a signature, by position; literals keep their place but have no name.
  static func names(of signature: Signature) -> [Name] {
    signature.parameters.map { parameter in
      Name(
        name: parameter.base.isNamed ? parameter.name : "", kind: kind(of: parameter), fallback: parameter.defaultValue)
    }
  }

  /// An unquoted text of digits is a number when a trace is read, so only types that are sure say what they are.
  private static func kind(of parameter: Parameter) -> ExpressionKind {
    switch parameter.base {
    case .int, .limit, .literalNumber: parameter.quotes == .forbidden ? .number : .unknown
    case .string, .host, .ip, .mailbox: parameter.quotes == .required ? .text : .unknown
    default: .unknown
    }
  }
}
