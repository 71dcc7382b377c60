import Profile
import Trace

/// A command line and what is known of its answer so far.
///
/// A reference, reused for line after line.
final class Transaction {
  var id: UInt32 = 0
  var commands: [CommandState] = []
  /// The values of all commands; their texts are not kept.
  var fields: [Field] = []
  /// The line as sent, to know its echo again.
  var text: [UInt8] = []
  /// Where `text` stood in the batch that the slices of `fields` point into.
  var textBase: Int32 = 0
  /// Ranges of `text` that are secret.
  var secrets: [(range: Range<Int>, mask: UInt8, number: Int32)] = []
  var start = Instant.unknown
  var sent = Instant.unknown
  var place = 0
  var firstByte = Instant.unknown
  var echoSeen = false
  var answered = false
  /// A line came that only this transaction explains.
  var hasEvidence = false
  /// The command whose answer is being received.
  var current = 0
  /// The command whose one free line has come; the next free line is that of the command behind it.
  var filled = -1
  var inferred = false
  /// A line came that may have been the last.
  var mayBeOver = false
  /// The prompt came, and data may follow.
  var prompted = false
  /// A late result came before the final one.
  var lateSeen = false

  struct CommandState {
    var subject: Int32
    var form: Form
    var firstField: Int32
    var fieldCount: Int32
    /// The name, in the transaction's text.
    var nameStart: Int32
    var nameCount: Int32
    var letter: UInt8
    var number: Int64
    /// What the profile says of this form, so that nothing is looked up that is not there.
    var traits: Traits
  }

  struct Traits: OptionSet {
    var rawValue: UInt8
    /// A late result is promised.
    static let late = Traits(rawValue: 1)
    static let prompt = Traits(rawValue: 2)
    /// Its final result begins or ends transfers.
    static let transfers = Traits(rawValue: 4)
    static let data = Traits(rawValue: 8)
    /// The data follow the command line at once.
    static let dataAtOnce = Traits(rawValue: 16)
    /// Sets the rate of the line (V.250 6.2.10).
    static let rate = Traits(rawValue: 32)
    /// May restart the modem, whose echo is then that of its stored configuration (27.007 8.2).
    static let restart = Traits(rawValue: 64)

    init(rawValue: UInt8) { self.rawValue = rawValue }
    init(_ form: FormSpec?) {
      self = []
      guard let form else { return }
      if !form.late.isEmpty { insert(.late) }
      if !form.prompt.isEmpty { insert(.prompt) }
      if !form.onOK.transfers.isEmpty || !form.onError.transfers.isEmpty { insert(.transfers) }
      if form.data != nil { insert(.data) }
      if form.takesDataAtOnce { insert(.dataAtOnce) }
    }
  }

  /// The line holds ATQ1: its own result is suppressed already.
  var setsQuiet: Bool { commands.contains { $0.letter == 0x51 && $0.nameCount == 1 && $0.number == 1 } }

  func begin(id: UInt32) {
    self.id = id
    commands.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    text.removeAll(keepingCapacity: true)
    secrets.removeAll(keepingCapacity: true)
    firstByte = .unknown
    echoSeen = false
    answered = false
    hasEvidence = false
    current = 0
    filled = -1
    inferred = false
    prompted = false
    lateSeen = false
    mayBeOver = false
  }

  /// Where the parameters of a command stand in `fields`.
  func parameterRange(of index: Int) -> Range<Int> {
    guard commands.indices.contains(index) else { return 0..<0 }
    let first = Int(commands[index].firstField)
    let end = first + Int(commands[index].fieldCount)
    return end <= fields.count ? first..<end : 0..<0
  }

  func parameters(of index: Int) -> Parameters {
    Parameters(fields: fields, range: parameterRange(of: index), text: text, base: textBase)
  }
}

/// The parameters of a command, without a copy of them.
struct Parameters {
  let fields: [Field]
  let range: Range<Int>
  var text: [UInt8] = []
  var base: Int32 = 0

  static let none = Parameters(fields: [], range: 0..<0)

  /// The text of a parameter; empty where it was not given.
  func text(of position: Int) -> ArraySlice<UInt8> {
    guard position >= 0, position < range.count else { return [] }
    let slice = fields[range.lowerBound + position].text
    let start = Int(slice.start) - Int(base)
    guard start >= 0, start + Int(slice.count) <= text.count else { return [] }
    return text[start..<start + Int(slice.count)]
  }
}

/// A command that was answered OK and promised a result for later.
final class Wait {
  var transaction: UInt32 = 0
  var subject: Int32 = -1
  var form: Form = .exec
  var fields: [Field] = []
  /// The command line, and where it stood when its fields were read.
  var text: [UInt8] = []
  var textBase: Int32 = 0

  var parameters: Parameters {
    Parameters(fields: fields, range: fields.indices, text: text, base: textBase)
  }
}

/// What is known of a setting that changes the grammar.
enum Setting: UInt8 {
  case unknown
  case off
  case on
}
