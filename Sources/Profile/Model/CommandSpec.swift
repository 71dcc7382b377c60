import Trace

/// The four forms of an extended command; a basic command with a number counts as `write`.
public enum Form: UInt8, Hashable, Sendable, CaseIterable {
  case exec
  case write
  case read
  case test

  public var name: String {
    switch self {
    case .exec: "exec"
    case .write: "write"
    case .read: "read"
    case .test: "test"
    }
  }
}

/// One command of the document.
public final class CommandSpec: Sendable {
  public let index: Int
  public let name: String
  public let key: [UInt8]
  /// By which expressions compare `command`.
  public let nameHash: UInt64
  public let aliases: [String]
  /// The aliases as bytes: an answer may begin with one of them, too.
  public let aliasKeys: [[UInt8]]
  public let title: String
  public let source: Source
  public let abortable: Bool
  /// Indexed by `Form.rawValue`; `nil` where the document has no such form.
  public let forms: [FormSpec?]
  /// The profile that states it (the vendor's own or what it extends), and whether that profile is strict.
  public let profile: String
  public let strict: Bool

  public init(
    index: Int, name: String, aliases: [String], title: String, source: Source, abortable: Bool, forms: [FormSpec?],
    profile: String, strict: Bool
  ) {
    self.index = index
    self.name = name
    self.key = Array(name.utf8)
    nameHash = TextHash.of(name.utf8)
    self.aliases = aliases
    aliasKeys = aliases.map { Array($0.utf8) }
    self.title = title
    self.source = source
    self.abortable = abortable
    self.forms = forms
    self.profile = profile
    self.strict = strict
  }

  public func form(_ form: Form) -> FormSpec? { forms[Int(form.rawValue)] }

  /// The name without its sign, in small letters: the first part of the names of its rules.
  public var ruleName: String {
    String(name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
  }
}

/// One form of a command.
public final class FormSpec: Sendable {
  public let form: Form
  public let source: Source
  public let note: String
  public let takes: Signature
  public let gives: [LineSpec]
  public let late: [LineSpec]
  /// Time from OK to the late result; empty when there is no limit.
  public let lateWithin: Program
  /// Prefixes of unsolicited lines that may come in place of the late result.
  public let instead: [[UInt8]]
  /// Commands whose late results are not due any more once this one has succeeded.
  public let endsWaits: [String]
  /// The late result may come before OK as well.
  public let lateInAnyOrder: Bool
  /// What the modem prints to ask for data, without blanks around it; empty when it does not.
  public let prompt: [UInt8]
  /// The prompt comes only where this holds; empty: always.
  public let promptWhen: Program
  /// The data phases that the prompt or CONNECT may open: the first whose condition does not fail.
  public let phases: [DataSpec]
  public let finals: Finals
  /// The profile's own final results that may come, where the form lists its final results.
  public let ownFinals: [[UInt8]]
  /// Whether the form says which final results may come; else the profile's own may all come.
  public let listsFinals: Bool
  /// A character before the final result may abort this form.
  public let abortable: Bool
  /// Time to the final result; empty: the profile's.
  public let within: Program
  /// Nothing but the lines of `gives` and unsolicited ones may come before the final result.
  public let isExact: Bool
  /// Whether the read form repeats what the write form set.
  public let reports: Bool
  public let onSent: Hook
  public let onOK: Hook
  public let onError: Hook
  public let onMissing: Hook

  public var data: DataSpec? { phases.first }

  /// The data follow the command line at once; nothing asks for them.
  public var takesDataAtOnce: Bool { data != nil && prompt.elementsEqual("none".utf8) }

  /// An OK that opens data, and is no final result.
  public var promptsWithOK: Bool { prompt.elementsEqual("OK".utf8) }

  public struct Finals: OptionSet, Sendable {
    public var rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let ok = Finals(rawValue: 1)
    public static let error = Finals(rawValue: 2)
    public static let connect = Finals(rawValue: 4)
  }

  public init(
    form: Form, source: Source, note: String = "", takes: Signature, gives: [LineSpec] = [], late: [LineSpec] = [],
    lateWithin: Program = .empty, instead: [[UInt8]] = [], endsWaits: [String] = [], lateInAnyOrder: Bool = false,
    prompt: [UInt8] = [], promptWhen: Program = .empty, phases: [DataSpec] = [],
    finals: Finals = [.ok, .error], ownFinals: [[UInt8]] = [], listsFinals: Bool = false, within: Program = .empty,
    abortable: Bool = false, isExact: Bool = false,
    reports: Bool = false,
    onSent: Hook = .empty,
    onOK: Hook = .empty, onError: Hook = .empty, onMissing: Hook = .empty
  ) {
    self.form = form
    self.source = source
    self.note = note
    self.takes = takes
    self.gives = gives
    self.late = late
    self.lateWithin = lateWithin
    self.instead = instead
    self.endsWaits = endsWaits
    self.lateInAnyOrder = lateInAnyOrder
    self.prompt = prompt
    self.promptWhen = promptWhen
    self.phases = phases
    self.finals = finals
    self.ownFinals = ownFinals
    self.listsFinals = listsFinals
    self.within = within
    self.abortable = abortable
    self.isExact = isExact
    self.reports = reports
    self.onSent = onSent
    self.onOK = onOK
    self.onError = onError
    self.onMissing = onMissing
  }
}
