import Profile
import Trace

/// What the rules remember of a command line until it is answered: its commands, their values, its answer so far.
///
/// A reference, reused for line after line: rules look at it many times for each event.
final class CommandTrack {
  var transaction: UInt32 = 0
  var port = Port.first
  var inferred = false
  var place = 0
  var sent = Instant.unknown
  var start = Instant.unknown
  var offset: UInt64 = 0
  var commands: [Command] = []
  /// The values of all commands; their texts point into `text`.
  var fields: [Field] = []
  var text: [UInt8] = []
  /// Findings whose weight depends on whether the modem accepts the command.
  var pending: [Finding] = []
  /// How often each promised line came, for the commands in order.
  var copies: [Int32] = []
  /// The command that answered last.
  var answering = 0
  var lateSeen = false
  var timedOut = false
  /// A prompt or block of data stretched the answer: the time counts from its end.
  var dataEnded = Instant.unknown
  /// The modem asked for data: until they are there, it is the host that takes its time.
  var waitsForHost = false
  /// The host did not wait for the prompt.
  var sentEarly = false
  /// A line came that may have been the last.
  var mayBeOver = false
  /// ATQ1 stands in this line or in one before: no result code is to come.
  var isQuiet = false
  /// How many signs the prompt had, and where it stands; 0: none came.
  var prompt = (signs: 0, position: Position(place: 0))

  struct Command {
    var subject: Int32
    var form: Form
    var fields: Range<Int>
    var copies: Range<Int>
    var answered = false
    /// Something was wrong with it already; what follows from that is not reported again.
    var faulty = false
    var offset: UInt64
    var length: Int32
    var name: Range<Int>
  }

  func begin(_ event: Event, text source: Span<UInt8>) {
    transaction = event.transaction
    port = event.port
    inferred = event.flags.contains(.inferred)
    place = event.place
    sent = event.end
    start = event.start
    offset = event.offset
    commands.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    pending.removeAll(keepingCapacity: true)
    copies.removeAll(keepingCapacity: true)
    answering = 0
    lateSeen = false
    timedOut = false
    dataEnded = .unknown
    waitsForHost = false
    sentEarly = false
    mayBeOver = false
    prompt.signs = 0
    text.removeAll(keepingCapacity: true)
    source.withUnsafeBufferPointer { text.append(contentsOf: $0) }
  }

  /// The line holds a name that is not in the profile: nothing is known of how long it takes or how it ends.
  var hasUnknownCommand: Bool { commands.contains { $0.subject < 0 } }

  /// The name of a command, for messages: `AT+NAME`.
  func name(_ index: Int) -> String {
    guard commands.indices.contains(index), commands[index].name.upperBound <= text.count else { return "AT" }
    return "AT" + Printable.name(text[commands[index].name])
  }
}

/// How the thing that a finding is about is called; rendered only when there is a finding.
enum Naming {
  case command(CommandTrack, Int)
  case wait(WaitTrack)
  /// A piece of the text at hand; `prefix` stands before it.
  case text(Slice, prefix: String)
  case fixed(String)

  func text(in source: Span<UInt8>) -> String {
    switch self {
    case .command(let track, let index): track.name(index)
    case .wait(let wait): wait.name
    case .text(let slice, let prefix): prefix + Printable.text(slice, in: source, limit: 24).uppercased()
    case .fixed(let name): name
    }
  }
}

/// A command that promised a late result. A reference, reused for wait after wait.
final class WaitTrack {
  private(set) var transaction: UInt32 = 0
  private(set) var port = Port.first
  private(set) var inferred = false
  private(set) var form: FormSpec
  private(set) var subject: Int32 = -1
  private(set) var place = 0
  private(set) var offset: UInt64 = 0
  /// When OK came.
  private(set) var since = Instant.unknown
  var deadline = Instant.unknown
  private(set) var fields: [Field] = []
  private(set) var text: [UInt8] = []
  private var nameRange = 0..<0

  init(form: FormSpec) { self.form = form }

  func begin(_ form: FormSpec, _ command: CommandTrack.Command, of track: CommandTrack, since: Instant) {
    self.form = form
    self.since = since
    transaction = track.transaction
    port = track.port
    inferred = track.inferred
    subject = command.subject
    place = track.place
    offset = command.offset
    deadline = .unknown
    nameRange = command.name
    fields.removeAll(keepingCapacity: true)
    fields.append(contentsOf: track.fields[command.fields])
    text.removeAll(keepingCapacity: true)
    text.append(contentsOf: track.text)
  }

  /// The name of the command, for messages.
  var name: String {
    guard nameRange.upperBound <= text.count else { return "AT" }
    return "AT" + Printable.name(text[nameRange])
  }
}
