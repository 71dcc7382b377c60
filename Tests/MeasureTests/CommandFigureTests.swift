import Measure
import Profile
import Sessions
import Testing
import Trace

/// Times and results of commands, and that what is kept does not grow with the trace.
@Suite struct CommandFigureTests {
  private static let yaml = """
    profile: own
    title: Late results
    documents: [{id: OWN, title: Own, version: "1", date: 2020-01-01}]
    commands:
      +LOGIN: {section: "1", exec: {then: "+LOGIN: <result:int 0..9>", then-within: 60s}}
      +CSQ: {section: "2", exec: {gives: "+CSQ: <a:int>"}}
      +FAIL: {section: "3", exec: {}}
    """

  private static func session() -> Session {
    var line = SerialLine()
    line.host("AT+LOGIN\r")
    line.modem("\r\nOK\r\n", after: 30)
    line.host("AT+CSQ\r", after: 100)
    line.modem("\r\n+CSQ: 3\r\n", after: 40)
    line.modem("\r\nOK\r\n", after: 60)
    line.modem("\r\n+LOGIN: 1\r\n", after: 1770)
    for _ in 0..<2 {
      line.host("AT+FAIL\r")
      line.modem("\r\n+CME ERROR: 14\r\n")
    }
    line.host("AT+FAIL\r")
    line.modem("\r\nERROR\r\n")
    line.host("AT+FAIL\r")
    line.modem("\r\nOK\r\n")
    return line.session
  }

  private func figures(_ name: String) throws -> CommandFigures {
    try #require(Self.session().measured(Books.own(Self.yaml)).commands.first { $0.command == name })
  }

  @Test func firstByteFinalAndLateResult() throws {
    let signal = try figures("+CSQ")
    #expect(signal.firstByte.maximum == 40_000_000)
    #expect(signal.latency.maximum == 100_000_000)
    #expect(signal.late.count == 0)
    let login = try figures("+LOGIN")
    #expect(login.latency.maximum == 30_000_000)
    #expect(login.late.maximum == 2_000_000_000)
    #expect(login.late.count == 1)
  }

  @Test func resultsAreCounted() throws {
    let results = try figures("+FAIL").results.named
    #expect(results.map(\.name) == ["+CME ERROR: 14", "ERROR", "OK"])
    #expect(results.map(\.count) == [2, 1, 1])
  }

  @Test func cutsChangeNothing() throws {
    let book = try Books.own(Self.yaml)
    let whole = Self.session().outcome(book).figures
    #expect(whole.count == 3)
    #expect(Self.session().cutIntoBytes().outcome(book).figures == whole)
    #expect(Self.session().cutIntoBytes().outcome(book, together: false).figures == whole)
  }

  // MARK: Constant memory

  /// How many values something holds, the book and other shared things left out.
  private func weight(_ value: Any) -> Int {
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .class { return 1 }
    var sum = 1
    for child in mirror.children { sum += weight(child.value) }
    return sum
  }

  @Test func stateDoesNotGrow() throws {
    let book = Books.generic
    var meter = Meter(book: book, rate: LineRate(bitsPerSecond: 115_200))
    var number: Int64 = 0
    var weights: [Int] = []
    for _ in 0..<3 {
      for _ in 0..<4000 {
        number += 1
        meter.take(Self.batch(number))
      }
      weights.append(weight(meter))
    }
    #expect(weights[0] > 10)
    #expect(weights[1] == weights[0])
    #expect(weights[2] == weights[0])
    #expect(meter.transactions == 12_000)
  }

  /// A command with its answer, and a piece of one long transfer.
  private static func batch(_ number: Int64) -> EventBatch {
    var batch = EventBatch()
    batch.text = Array("AT+CSQ".utf8)
    let time = Instant(nanoseconds: number * 1_000_000_000)
    func event(_ kind: Event.Kind, _ direction: Direction) -> Event {
      var event = Event(
        kind, direction: direction, port: .first, start: time, end: time, place: Int(number), offset: UInt64(number) * 9
      )
      event.transaction = UInt32(number)
      return event
    }
    var line = event(.commandLine, .hostToModem)
    line.a = 1
    line.length = 7
    var command = event(.command, .hostToModem)
    command.text = Slice(start: 2, count: 4)
    command.b = 4
    command.form = Form.exec.rawValue
    var final = event(.final, .modemToHost)
    (final.a, final.b, final.c) = (-1, 1_000_000 + number % 977, 2_000_000 + number % 1009)
    final.code = Final.ok.rawValue
    var data = event(.data, .hostToModem)
    (data.b, data.length, data.subject) = (1, 6, -1)
    data.form = TransferKind.tcp.rawValue
    data.text = Slice(start: 0, count: 6)
    batch.events = [line, command, final, data]
    return batch
  }
}
