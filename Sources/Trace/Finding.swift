/// The document and section that a finding rests on.
public struct Citation: Hashable, Sendable {
  public var document: String
  public var section: String
  public init(document: String, section: String) {
    self.document = document
    self.section = section
  }

  /// `DOCUMENT, section 2.1`; the document alone where no section is cited.
  public var text: String { section.isEmpty ? document : "\(document), section \(section)" }
}

/// Where something stands in the input.
public struct Position: Hashable, Sendable {
  /// 1-based line of a text input or packet of a capture; 0 where there is none.
  public var place: Int
  /// Byte offset in that direction's stream.
  public var offset: UInt64
  /// How many bytes are meant, from `offset`.
  public var length: Int
  public var instant: Instant
  public var direction: Direction
  public var port: Port

  public init(
    place: Int, offset: UInt64 = 0, length: Int = 0, instant: Instant = .unknown, direction: Direction = .unknown,
    port: Port = .first
  ) {
    self.place = place
    self.offset = offset
    self.length = length
    self.instant = instant
    self.direction = direction
    self.port = port
  }
}

/// Another place that a finding speaks of ("requested here").
public struct Related: Hashable, Sendable {
  public var place: Int
  public var message: String
  public init(place: Int, message: String) {
    self.place = place
    self.message = message
  }
}

/// Something a rule reports, at one place in the input. Findings are rare, so they may own text.
public struct Finding: Hashable, Sendable {
  /// `<profile or layer>.<kebab-name>`
  public var rule: String
  public var severity: Severity
  /// One sentence: what was expected and what was seen.
  public var message: String
  /// What to do about it; empty where the message says it all.
  public var advice: String
  public var position: Position
  public var citation: Citation
  public var related: [Related]

  public init(
    rule: String, severity: Severity, message: String, advice: String = "", position: Position, citation: Citation,
    related: [Related] = []
  ) {
    self.rule = rule
    self.severity = severity
    self.message = message
    self.advice = advice
    self.position = position
    self.citation = citation
    self.related = related
  }
}
