import Trace

/// A profile together with what it extends, compiled: what decoder and rules read while a trace passes.
///
/// Immutable once loaded. Everything that is looked up for each line is reached by index or by a hash of bytes.
public final class Book: Sendable {
  /// The profile's own name first, then what it extends.
  public let names: [String]
  public let title: String
  public let documents: [Document]
  public let commands: [CommandSpec]
  public let families: [CommandFamily]
  public let unsolicited: [LineSpec]
  /// Lines of the host that are no commands but answers.
  public let hostLines: [LineSpec]
  public let controls: [ControlSpec]
  public let finals: [FinalSpec]
  public let recognise: [RecogniseSpec]
  public let memory: [MemorySpec]
  public let everyLine: Hook
  public let everyCommand: Hook
  public let everyFinal: Hook
  public let codes: [CodeTable]
  /// Every rule that the profile itself states, in the order of `Statement.id`.
  public let statements: [Statement]
  /// Every line shape, in the order of `LineSpec.id`.
  public let lines: [LineSpec]
  /// Every data phase, in the order of `DataSpec.id`.
  public let dataPhases: [DataSpec]
  /// Time to a final result where a command says nothing else; in milliseconds.
  public let within: Program
  /// Whether the profile itself (not what it extends) is to be taken by the letter.
  public let isStrict: Bool
  /// The sections of the profile's own document, where it lists them.
  public let sections: [SectionSpec]
  /// The index of that document: the first that the profile itself names; -1: none.
  public let ownDocument: Int
  /// The tables of `+CME ERROR` and `+CMS ERROR` codes, where there are any.
  public let cmeTable: Int?
  public let cmsTable: Int?
  /// Some lines carry payload behind their values.
  public let hasInlinePayload: Bool
  /// The unsolicited lines of words with values between them, which no prefix tells.
  public let wordLines: [LineSpec]
  /// Some lines of the host have values.
  public let hasShapedHostLines: Bool
  /// The memory that decides how bytes are framed: the decoder keeps it up by itself.
  public let framingMemory: Set<Int>
  let commandIndex: NameIndex
  let unsolicitedIndex: NameIndex
  let hostIndex: NameIndex

  public init(
    names: [String], title: String, documents: [Document], commands: [CommandSpec], families: [CommandFamily] = [],
    unsolicited: [LineSpec],
    hostLines: [LineSpec] = [], controls: [ControlSpec] = [], finals: [FinalSpec], recognise: [RecogniseSpec],
    memory: [MemorySpec], everyLine: Hook = .empty, everyCommand: Hook, everyFinal: Hook = .empty, codes: [CodeTable],
    statements: [Statement], lines: [LineSpec], dataPhases: [DataSpec], within: Program, isStrict: Bool,
    sections: [SectionSpec] = [], ownDocument: Int = -1
  ) {
    self.names = names
    self.title = title
    self.documents = documents
    self.commands = commands
    self.families = families
    self.unsolicited = unsolicited
    self.hostLines = hostLines
    self.controls = controls
    self.finals = finals
    self.recognise = recognise
    self.memory = memory
    self.everyLine = everyLine
    self.everyCommand = everyCommand
    self.everyFinal = everyFinal
    self.codes = codes
    self.statements = statements
    self.lines = lines
    self.dataPhases = dataPhases
    self.within = within
    self.isStrict = isStrict
    self.sections = sections
    self.ownDocument = ownDocument
    cmeTable = codes.firstIndex { $0.name == "CME" }
    cmsTable = codes.firstIndex { $0.name == "CMS" }
    hasInlinePayload = lines.contains { $0.inlineAfter != nil }
    wordLines = unsolicited.filter { $0.template != nil }
    hasShapedHostLines = hostLines.contains { !$0.isText }
    var deciding = dataPhases.flatMap(\.conditions)
    for command in commands {
      for form in command.forms { if let form, !form.promptWhen.isEmpty { deciding.append(form.promptWhen) } }
    }
    // Whether a result code is the end or a line of the answer.
    for line in lines where !line.when.isEmpty && (line.isText || line.template != nil) { deciding.append(line.when) }
    framingMemory = deciding.reduce(into: Set<Int>()) { $0.formUnion($1.memories) }
    var byName = NameIndex()
    for (index, command) in commands.enumerated() {
      byName.insert(command.key, index)
      for alias in command.aliases { byName.insert(Array(alias.utf8), index) }
    }
    commandIndex = byName
    var byPrefix = NameIndex()
    for (index, line) in unsolicited.enumerated() {
      if !line.prefix.isEmpty { byPrefix.insert(line.prefix, index) }
      for alias in line.aliases { byPrefix.insert(alias, index) }
    }
    unsolicitedIndex = byPrefix
    var byText = NameIndex()
    for (index, line) in hostLines.enumerated() where line.isText { byText.insert(line.prefix, index) }
    hostIndex = byText
  }

  public var name: String { names.first ?? "" }

  /// The command of this name (any case), or -1.
  public func command(_ name: Span<UInt8>) -> Int { commandIndex.find(name) }

  /// The first unsolicited line with this prefix (the text before the colon, any case), or -1;
  /// `next(ofUnsolicited:)` gives the others.
  public func unsolicited(_ prefix: Span<UInt8>) -> Int { unsolicitedIndex.find(prefix) }

  /// The next unsolicited line with the same prefix, or -1.
  public func next(ofUnsolicited index: Int) -> Int { unsolicitedIndex.next(after: index) }

  /// The line of the host that reads like this (any case), as an index in `lines`, or -1.
  public func hostLine(_ bytes: Span<UInt8>) -> Int {
    guard !hostLines.isEmpty else { return -1 }
    let index = hostIndex.find(bytes)
    return index >= 0 ? hostLines[index].id : -1
  }

  public func command(named name: String) -> CommandSpec? {
    let bytes = Array(name.utf8)
    let index = commandIndex.find(bytes.span)
    return index >= 0 ? commands[index] : nil
  }

  public func document(_ index: Int) -> Document {
    documents.indices.contains(index) ? documents[index] : Document(id: name, title: title, version: "", date: "")
  }

  /// The profile's own final result that this line is.
  public func final(_ line: Span<UInt8>) -> FinalSpec? { finals.first { $0.end(in: line) != nil } }

  /// The profile's own final result that this number stands for under ATV0.
  public func final(number line: Span<UInt8>) -> FinalSpec? {
    guard line.count > 0, line.count <= 9 else { return nil }
    var number: Int64 = 0
    for index in line.indices {
      guard line[index] >= 0x30, line[index] <= 0x39 else { return nil }
      number = number &* 10 &+ Int64(line[index] &- 0x30)
    }
    return finals.first { $0.number == number }
  }

  public func meaning(table: Int, code: Int64) -> String? {
    codes.indices.contains(table) ? codes[table].texts[code] : nil
  }

  /// The code with this meaning, in any case and with any blanks around it.
  public func code(table: Int, text: String) -> Int64? {
    guard codes.indices.contains(table) else { return nil }
    let wanted = text.split(separator: " ").joined(separator: " ").lowercased()
    return codes[table].texts.first { $0.value.lowercased() == wanted }?.key
  }
}

/// What a change of a control line (`dcd`) means.
public struct ControlSpec: Sendable {
  public let name: [UInt8]
  /// Its one field is the level, 0 or 1.
  public let hook: Hook

  public init(name: [UInt8], hook: Hook) {
    self.name = name
    self.hook = hook
  }
}

/// A vendor document or standard that is cited.
public struct Document: Hashable, Sendable {
  public var id: String
  public var title: String
  public var version: String
  public var date: String
  public init(id: String, title: String, version: String, date: String) {
    self.id = id
    self.title = title
    self.version = version
    self.date = date
  }
}

/// Where a statement stands: the index of a document and a section of it.
public struct Source: Hashable, Sendable {
  public var document: Int
  public var section: String
  public init(document: Int, section: String) {
    self.document = document
    self.section = section
  }
}

/// What codes mean, for messages.
public struct CodeTable: Sendable {
  public let name: String
  public let texts: [Int64: String]
  /// Stated by the profile itself rather than by what it extends: then it is the whole list of this modem.
  public let isOwn: Bool
  public init(name: String, texts: [Int64: String], isOwn: Bool = false) {
    self.name = name
    self.texts = texts
    self.isOwn = isOwn
  }

  /// Whether one of the texts reads so, without regard to case and to blanks around it.
  public func lists(_ slice: Slice, of bytes: Span<UInt8>) -> Bool {
    var range = slice.range
    guard range.upperBound <= bytes.count else { return false }
    while let first = range.first, bytes[first] == 0x20 || bytes[first] == 0x22 { range.removeFirst() }
    while let last = range.last, bytes[last] == 0x20 || bytes[last] == 0x22 { range.removeLast() }
    let trimmed = Slice(start: range.lowerBound, count: range.count)
    return texts.values.contains { Bytes.equal(trimmed, of: bytes, $0) }
  }
}

/// A final result beyond those of V.250, such as `SHUT OK`.
public struct FinalSpec: Sendable {
  /// With a colon at its end it is what a number follows: `*CME ERROR:`.
  public let text: [UInt8]
  public let success: Bool
  /// What its numbers mean, or -1.
  public let table: Int
  /// What stands for it under ATV0, or -1.
  public let number: Int64
  /// It may be the end already: an OK that follows is its own.
  public let mayPrecedeOK: Bool

  public init(text: [UInt8], success: Bool, table: Int = -1, number: Int64 = -1, mayPrecedeOK: Bool = false) {
    self.text = text
    self.success = success
    self.table = table
    self.number = number
    self.mayPrecedeOK = mayPrecedeOK
  }

  public var takesNumber: Bool { text.last == 0x3A }

  /// Where the number behind the text begins, or the end of the line; `nil` where the line is another one.
  public func end(in line: Span<UInt8>) -> Int? {
    let count = takesNumber ? text.count - 1 : text.count
    guard line.count >= count else { return nil }
    for index in 0..<count where NameIndex.fold(line[index]) != NameIndex.fold(text[index]) { return nil }
    var at = count
    guard takesNumber else { return line.count == count ? at : nil }
    while at < line.count, line[at] == 0x20 { at += 1 }
    guard at < line.count, line[at] == 0x3A else { return nil }
    at += 1
    while at < line.count, line[at] == 0x20 { at += 1 }
    return at
  }
}

/// How the modem is recognised: an answer to one of these commands contains this text (any case).
public struct RecogniseSpec: Sendable {
  public let commands: [String]
  public let contains: String
  public init(commands: [String], contains: String) {
    self.commands = commands
    self.contains = contains
  }
}
