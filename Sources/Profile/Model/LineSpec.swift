import Trace

/// The shape of one line that the modem sends: an information response, a late result or an unsolicited line.
public final class LineSpec: Sendable {
  public enum Role: UInt8, Sendable {
    case information
    case late
    case unsolicited
  }

  public let id: Int
  public let role: Role
  /// The line as the profile writes it.
  public let pattern: String
  /// Words with values between them.
  public let template: LineTemplate?
  /// Other spellings of a free text or a template, its number under ATV0 among them.
  public let aliases: [[UInt8]]
  /// What stands before the colon (`+POP3READ`), or the whole of a free text; empty for a line of values alone.
  public let prefix: [UInt8]
  /// A free text without values, compared as a whole.
  public let isText: Bool
  public let signature: Signature
  /// How often the line comes in one answer.
  public let times: ClosedRange<Int>
  public let when: Program
  public let fails: Program
  /// The data phases that may begin behind it: the first whose condition does not fail.
  public let phases: [DataSpec]
  public let hook: Hook
  public let source: Source
  public let resets: Bool
  public let endsWaits: Bool
  /// The command may be over with it: a final result may follow or not.
  public let mayEnd: Bool
  /// A final result follows it, or its data, although no command is running.
  public let hasResult: Bool
  /// The command whose setting it shows, where that is another.
  public let of: [UInt8]
  /// The command it belongs to, or -1 for an unsolicited line.
  public let command: Int
  /// The shape of the line that must follow it (`+CMT:` and its PDU).
  public let next: LineSpec?
  /// Payload follows in the same line, behind this separator; `nil`: behind the line.
  public let inlineAfter: UInt8?
  public let hasMasks: Bool
  /// Nothing but its shape is to be checked.
  public let isPlain: Bool
  /// It has values that are read one by one, rather than one text.
  public let isStructured: Bool
  /// Data follow, or transfers begin or end.
  public let entailsMore: Bool

  public init(
    id: Int, role: Role, pattern: String, prefix: [UInt8], isText: Bool, signature: Signature,
    times: ClosedRange<Int> = 1...1, when: Program = .empty, fails: Program = .empty, phases: [DataSpec] = [],
    hook: Hook = .empty, source: Source, resets: Bool = false, endsWaits: Bool = false, command: Int = -1,
    next: LineSpec? = nil, inlineAfter: UInt8? = nil, template: LineTemplate? = nil, aliases: [[UInt8]] = [],
    mayEnd: Bool = false, hasResult: Bool = false, of: [UInt8] = []
  ) {
    self.id = id
    self.role = role
    self.pattern = pattern
    self.prefix = prefix
    self.isText = isText
    self.signature = signature
    self.times = times
    self.when = when
    self.fails = fails
    self.phases = phases
    self.hook = hook
    self.source = source
    self.resets = resets
    self.endsWaits = endsWaits
    self.command = command
    self.next = next
    self.inlineAfter = inlineAfter
    self.template = template
    self.aliases = aliases
    self.mayEnd = mayEnd
    self.hasResult = hasResult
    self.of = of
    isPlain = of.isEmpty && !mayEnd && when.isEmpty && fails.isEmpty && hook.statements.isEmpty && hook.moves.isEmpty
    isStructured = signature.parameters.count > 1 || signature.parameters.first.map { $0.base != .rest } ?? false
    entailsMore = hasResult || !phases.isEmpty || !hook.transfers.isEmpty
    hasMasks = signature.parameters.contains { $0.mask != .none }
  }

  public var data: DataSpec? { phases.first }

  /// A text that stands for the line as a whole.
  public func isWhole(_ line: Span<UInt8>) -> Bool {
    if isText, Self.equal(prefix, line) { return true }
    return !aliases.isEmpty && aliases.contains { Self.equal($0, line) }
  }

  /// Whether the values are literals, and these.
  public func isLiteral(_ values: Span<UInt8>) -> Bool {
    var low = 0
    while low < values.count, values[low] == 0x20 { low += 1 }
    return Self.equal(Array(signature.pattern.utf8), values.extracting(low..<values.count))
  }

  static func equal(_ text: [UInt8], _ line: Span<UInt8>) -> Bool {
    guard text.count == line.count else { return false }
    for index in line.indices where NameIndex.fold(text[index]) != NameIndex.fold(line[index]) { return false }
    return true
  }
}
