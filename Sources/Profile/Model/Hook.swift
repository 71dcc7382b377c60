import Trace

/// What is checked and done at one moment: rules first, then moves.
public final class Hook: Sendable {
  public let statements: [Statement]
  public let moves: [Move]
  public let transfers: [TransferMove]
  /// Whether it matters at which port it happens.
  public let asksForPort: Bool

  public init(statements: [Statement] = [], moves: [Move] = [], transfers: [TransferMove] = []) {
    self.statements = statements
    self.moves = moves
    self.transfers = transfers
    let programs = statements.flatMap { [$0.when, $0.holds] } + moves.flatMap(\.programs)
    asksForPort = programs.contains(where: \.asksForPort)
  }

  public static let empty = Hook()
  public var isEmpty: Bool { statements.isEmpty && moves.isEmpty && transfers.isEmpty }
}

/// One rule that a document states, checked by evaluating `holds` where it applies.
public final class Statement: Sendable {
  public let id: Int
  /// `<profile>.<kebab-name>`
  public let rule: String
  public let severity: Severity
  public let source: Source
  /// The rule applies only where this holds; empty: always.
  public let when: Program
  /// Broken only when this is definitely false.
  public let holds: Program
  /// The expression as written, for `explain`.
  public let expression: String
  /// A template with `{name}`; empty: a sentence is made from the expression.
  public let says: String
  /// The programs for the names in `says`, in order.
  public let values: [(name: String, program: Program)]
  /// What to do; where the profile does not say it, what helps against any such rule.
  public let advice: String
  /// Who said that at which it is checked.
  public let speaker: Direction
  /// Checked after the moves of its hook rather than before.
  public let isAfterMoves: Bool
  /// It must become true within this time; empty: it must hold at once.
  public let within: Program

  public init(
    id: Int, rule: String, severity: Severity, source: Source, when: Program, holds: Program, expression: String,
    says: String, values: [(name: String, program: Program)], advice: String, speaker: Direction = .unknown,
    isAfterMoves: Bool = false, within: Program = .empty
  ) {
    self.id = id
    self.rule = rule
    self.severity = severity
    self.source = source
    self.when = when
    self.holds = holds
    self.expression = expression
    self.says = says
    self.values = values
    self.advice = advice
    self.speaker = speaker
    self.isAfterMoves = isAfterMoves
    self.within = within
  }
}

/// One change of the memory.
public final class Move: Sendable {
  public enum Action: Sendable {
    /// Sets a memory (with keys, where it is a map) to the value of the first case whose condition holds.
    /// A condition that is unknown makes the memory unknown.
    case set(memory: Int, keys: [Program], cases: [(condition: Program, value: Program)])
    /// Empties a map, or the part of it under this first key, if the condition holds (empty: always).
    case forget(memory: Int, key: Program, condition: Program)
    /// The modem restarts, if the condition holds (empty: always).
    case restart(condition: Program)
  }
  public let action: Action

  // The same laid out, so that doing it copies nothing.
  /// The memory that it changes.
  public let memory: Int
  let isForgetting: Bool
  public let isRestart: Bool
  let keys: [Program]
  let conditions: [Program]
  let values: [Program]
  let key: Program
  let condition: Program
  var programs: [Program] { keys + conditions + values + [key, condition] }

  public init(action: Action) {
    self.action = action
    switch action {
    case .set(let memory, let keys, let cases):
      self.memory = memory
      self.keys = keys
      conditions = cases.map(\.condition)
      values = cases.map(\.value)
      isForgetting = false
      isRestart = false
      key = .empty
      condition = .empty
    case .forget(let memory, let key, let condition):
      self.memory = memory
      self.key = key
      self.condition = condition
      isForgetting = true
      isRestart = false
      keys = []
      conditions = []
      values = []
    case .restart(let condition):
      // It changes all of them.
      memory = -1
      key = .empty
      self.condition = condition
      isForgetting = false
      isRestart = true
      keys = []
      conditions = []
      values = []
    }
  }
}

/// Begins, ends or drops a transfer that has several parts.
public struct TransferMove: Sendable {
  public enum Action: Sendable { case begin, end, drop }
  public let action: Action
  public let kind: TransferKind
  /// For `begin` the argument of the payload decoder; for `end` the condition; empty: none.
  public let program: Program
  public init(action: Action, kind: TransferKind, program: Program) {
    self.action = action
    self.kind = kind
    self.program = program
  }
}

/// Something the manual implies that the modem remembers.
public struct MemorySpec: Sendable {
  public let name: String
  /// Names of the states, in order; empty for a number or a text.
  public let states: [String]
  /// 0 for a single value, else the number of keys of the map.
  public let keys: Int
  public let atStart: Value
  public let atReset: Value
  /// A restart does not change it.
  public let isKept: Bool

  public init(
    name: String, states: [String], keys: Int, atStart: Value, atReset: Value, isKept: Bool = false
  ) {
    self.name = name
    self.states = states
    self.keys = keys
    self.atStart = atStart
    self.atReset = atReset
    self.isKept = isKept
  }
}
