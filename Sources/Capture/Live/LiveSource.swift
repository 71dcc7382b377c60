import Trace

/// Where live chunks come from: a line, a file that grows, standard input, an interface that is captured.
///
/// A source runs on a thread of its own and touches nothing but its devices and the queue that it is given. To add one
/// is to write this one function.
public protocol LiveSource: AnyObject, Sendable {
  /// How a report calls it.
  var name: String { get }
  /// Whether the giver can be held up when the queue is full. A line cannot: what does not fit is counted as lost.
  var canWait: Bool { get }
  /// Whether its chunks come with the numbers of their lines or packets; else they are numbered as they are saved.
  var numbersItsLines: Bool { get }
  /// Whether ports are found while it runs, rather than known before.
  var findsPorts: Bool { get }
  /// What is known of the chunks. Asked when the first of them have come.
  var facts: LogFacts { get }
  /// All chunks of before this time have come, so that silence is silence; unknown where no clock tells it.
  var settled: Instant { get }
  /// Lines that are told before anything else ("the application opens /dev/pts/3").
  var announcements: [String] { get }
  /// Puts chunks into the queue until the stop is requested or there are no more. The caller closes the queue.
  func run(into queue: LiveQueue, until stop: StopSignal) throws(CaptureError)
}

extension LiveSource {
  public var findsPorts: Bool { false }
  public var settled: Instant { .unknown }
}
