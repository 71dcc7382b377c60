import Trace

/// How much of the profile's own document stands in the profile as data, and how much of it is checked.
public struct ManualCoverage: Sendable {
  /// What an entry of a profile states.
  public enum Kind: Int, Sendable, CaseIterable {
    /// A form of a command exists.
    case form
    /// A parameter of a command, with what it may be.
    case parameter
    /// A line of the modem, of the host or in data, with when it comes.
    case line
    /// A value in a line.
    case value
    /// A time within which a result comes.
    case time
    /// A prompt, or data that follow.
    case data
    /// A code and what it means.
    case code
  }

  /// What is known of one section, or of all.
  public struct Tally: Sendable {
    /// By `Kind.rawValue`.
    private var counts = [Int](repeating: 0, count: Kind.allCases.count)
    /// How many of the entries the general rules hold against a trace; a text that may be anything is not among them.
    public private(set) var general = 0
    /// The names of the rules that the profile states for it, one for each place where it is checked.
    public private(set) var rules: [String] = []

    public subscript(kind: Kind) -> Int { counts[kind.rawValue] }
    public var data: Int { counts.reduce(0, +) }
    public var checked: Int { general + rules.count }

    fileprivate mutating func add(_ kind: Kind, _ count: Int, checked: Int) {
      counts[kind.rawValue] += count
      general += checked
    }
    fileprivate mutating func add(_ rule: String) { rules.append(rule) }
  }

  public struct Row: Sendable {
    public let section: SectionSpec
    public let tally: Tally
  }

  /// The sections in the order of the document.
  public let rows: [Row]
  /// Each entry once, even where it cites several sections.
  public let total: Tally
  /// What cites a section that is not listed; an empty name: no section at all.
  public let strays: [(section: String, tally: Tally)]

  public var unchecked: Int { rows.reduce(0) { $0 + $1.section.unchecked.count } }

  public init(_ book: Book) {
    var count = CoverageCount(book)
    count.run()
    rows = zip(book.sections, count.tallies).map { Row(section: $0, tally: $1) }
    total = count.total
    strays = count.strays.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

/// Goes through a book once and notes what each entry cites.
private struct CoverageCount {
  private let book: Book
  private let index: SectionIndex
  var tallies: [ManualCoverage.Tally]
  var total = ManualCoverage.Tally()
  var strays: [String: ManualCoverage.Tally] = [:]

  init(_ book: Book) {
    self.book = book
    index = SectionIndex(book.sections.map(\.name))
    tallies = book.sections.map { _ in ManualCoverage.Tally() }
  }

  mutating func run() {
    let hooks = [book.everyLine, book.everyCommand, book.everyFinal] + book.controls.map(\.hook)
    for hook in hooks { add(hook) }
    for (number, command) in book.commands.enumerated() where !isRepeated(number) {
      for form in command.forms { if let form { add(form) } }
    }
    add(book.unsolicited)
    add(book.hostLines)
    for (position, section) in book.sections.enumerated() {
      for table in section.codes where book.codes.indices.contains(table) {
        let count = book.codes[table].texts.count
        tallies[position].add(.code, count, checked: count)
        total.add(.code, count, checked: count)
      }
    }
  }

  /// Commands of a family that are not its first are the same entry once more.
  private func isRepeated(_ number: Int) -> Bool {
    let key = book.commands[number].key
    return book.families.contains { family in
      guard let first = family.numbers.first?.lowerBound, let own = family.number(in: key.span) else { return false }
      return own != first && family.numbers.contains { $0.contains(own) }
    }
  }

  private mutating func add(_ form: FormSpec) {
    add(.form, form.source)
    add(form.takes, .parameter, form.source)
    for time in [form.within, form.lateWithin] where !time.isEmpty { add(.time, form.source) }
    if !form.prompt.isEmpty { add(.data, form.source) }
    for data in form.phases { add(data) }
    add(form.gives)
    add(form.late)
    for hook in [form.onSent, form.onOK, form.onError, form.onMissing] { add(hook) }
  }

  private mutating func add(_ lines: [LineSpec]) {
    for (number, line) in lines.enumerated() {
      // Variants of one line differ in its prefix alone.
      if number > 0, lines[number - 1].pattern == line.pattern, lines[number - 1].prefix != line.prefix { continue }
      add(line)
    }
  }

  private mutating func add(_ line: LineSpec) {
    add(.line, line.source)
    add(line.signature, .value, line.source)
    for data in line.phases { add(data) }
    if let next = line.next { add([next]) }
    add(line.hook)
  }

  private mutating func add(_ data: DataSpec) {
    add(.data, data.source)
    for hook in [data.onEnd] + data.onEvent { add(hook) }
  }

  private mutating func add(_ hook: Hook) {
    for statement in hook.statements { note(statement.source) { $0.add(statement.rule) } }
  }

  private mutating func add(_ signature: Signature, _ kind: ManualCoverage.Kind, _ source: Source) {
    let named = signature.parameters.filter { $0.base.isNamed }
    guard !named.isEmpty else { return }
    let checked = named.count { $0.isRestricted }
    note(source) { $0.add(kind, named.count, checked: checked) }
  }

  private mutating func add(_ kind: ManualCoverage.Kind, _ source: Source) {
    note(source) { $0.add(kind, 1, checked: 1) }
  }

  private mutating func note(_ source: Source, _ body: (inout ManualCoverage.Tally) -> Void) {
    guard source.document == book.ownDocument, source.document >= 0 else { return }
    body(&total)
    let parts = SectionIndex.parts(of: source.section)
    var seen: Set<Int> = []
    for part in parts.isEmpty ? [""] : parts {
      guard let position = index.position(of: part) else {
        body(&strays[part, default: ManualCoverage.Tally()])
        continue
      }
      if seen.insert(position).inserted { body(&tallies[position]) }
    }
  }
}

extension Parameter {
  /// Whether some text would be wrong for it.
  fileprivate var isRestricted: Bool {
    switch base {
    case .any, .rest: length != nil || !values.isEmpty || !traits.isEmpty
    default: true
    }
  }
}
