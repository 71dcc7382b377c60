import Check
import Profile
import Sessions
import Testing
import Trace

/// Bytes that no line carries, and what the user demands.
@Suite struct MeasureRuleTests {
  /// The rules of which this suite has a session that breaks them, and one that keeps them.
  static let breached = ["measure.faster-than-line", "measure.below-floor", "measure.slow-command"]

  private static func book() throws -> Book { try Books.own(DataProfile.yaml) }

  /// An upload in pieces, each so many milliseconds after the other.
  private static func upload(
    _ header: String = "#! baud 9600\n", before: (inout SerialLine) -> Void = { _ in }, pieces: Int = 40,
    bytes: Int = 1000, every: Int
  ) -> Session {
    var line = SerialLine()
    before(&line)
    line.host("AT+SEND=1,2,\(pieces * bytes)\r")
    line.modem("\r\nOK\r\n")
    for _ in 0..<pieces { line.host([UInt8](repeating: 0x41, count: bytes), after: every) }
    line.modem("\r\nOK\r\n")
    return Session(header + line.text)
  }

  private func findings(_ session: Session, _ user: UserSettings = UserSettings()) throws -> [String] {
    try session.outcome(Self.book(), user: user).findings.filter { $0.contains(" measure.") }
  }

  @Test func fasterThanTheLine() throws {
    let found = try findings(Self.upload(every: 10))
    #expect(found.count == 1, "it is said once")
    #expect(found.first?.contains("warning measure.faster-than-line") == true)
    #expect(found.first?.contains("9600 bit/s") == true)
  }

  @Test func whatTheLineCarriesIsNoFinding() throws {
    // 1000 bytes take 1.04 s; clocks and buffers may differ a little.
    #expect(try findings(Self.upload(every: 1042)) == [])
    #expect(try findings(Self.upload(every: 1000)) == [])
    #expect(try findings(Self.upload("", every: 10)) == [], "no rate, no opinion")
  }

  @Test func piecesThatAreReadOrWrittenAtOnce() throws {
    // A program that writes, or reads, 8000 bytes at once and then waits for the line.
    #expect(try findings(Self.upload(pieces: 4, bytes: 8000, every: 9000)) == [])
    #expect(try findings(Self.upload(pieces: 7, bytes: 1000, every: 1)) == [], "they fit into a buffer")
  }

  @Test func coarseTimeIsGivenItsStep() throws {
    // A clock of seconds: what it tells as one second may have been almost two.
    var session = Self.upload("#! baud 115200\n", pieces: 17, every: 60)
    for index in session.batch.chunks.indices {
      let seconds = session.batch.chunks[index].instant.nanoseconds / 1_000_000_000
      session.batch.chunks[index].instant = Instant(nanoseconds: seconds * 1_000_000_000)
    }
    session.facts.resolution = .second
    #expect(try findings(session) == [])
  }

  @Test func aRateThatACommandSetWeighsLess() throws {
    let session = Self.upload(
      "",
      before: { line in
        line.host("AT+IPR=9600\r")
        line.modem("\r\nOK\r\n")
      }, every: 10)
    #expect(try findings(session).map { $0.contains("note measure.faster-than-line") } == [true])
    let refused = Self.upload(
      "",
      before: { line in
        line.host("AT+IPR=9600\r")
        line.modem("\r\nERROR\r\n")
      }, every: 10)
    #expect(try findings(refused) == [])
  }

  @Test func cutsChangeNothing() throws {
    for session in [Self.upload(every: 10), Self.upload(pieces: 12, bytes: 4000, every: 400)] {
      let whole = try findings(session)
      #expect(try findings(session.cut(everyChunkAt: 3)) == whole)
      #expect(try findings(session.cut { Array(stride(from: 1, to: $0.count, by: 97)) }) == whole)
    }
  }

  // MARK: Demands

  @Test func belowTheFloor() throws {
    var user = UserSettings()
    user.file = ".attrace.yaml"
    user.throughputFloors = [.tcp: 1200]
    let slow = Self.upload("", pieces: 10, every: 1000)
    let found = try findings(slow, user)
    #expect(found.count == 1)
    #expect(found.first?.contains("warning measure.below-floor [.attrace.yaml thresholds.throughput.tcp]") == true)
    #expect(found.first?.contains("at least 1200") == true)
    user.throughputFloors = [.tcp: 900, .xmodem: 1_000_000]
    #expect(try findings(slow, user) == [])
  }

  @Test func aTransferThatNeverEndsIsMeasuredToo() throws {
    var user = UserSettings()
    user.throughputFloors = [.tcp: 1200]
    let slow = Self.upload("", pieces: 10, every: 1000).truncated(chunks: 10, bytes: 1000)
    #expect(try findings(slow, user).count == 1)
  }

  private static func commands(after milliseconds: Int) -> Session {
    var line = SerialLine()
    line.host("AT+RAW=0\r")
    line.modem("\r\nOK\r\n", after: milliseconds)
    line.host("AT+OWN\r")
    line.modem("\r\nOK\r\n", after: milliseconds)
    return line.session
  }

  @Test func slowerThanTheUserWants() throws {
    var user = UserSettings()
    user.limit("+raw", to: 500_000_000)
    user.limit("+OWN", to: 500_000_000)
    #expect(try findings(Self.commands(after: 500), user) == [])
    let found = try findings(Self.commands(after: 900), user)
    #expect(found.count == 2, "also one that the profile lacks")
    #expect(found.first?.contains("AT+RAW took 900 ms; at most 500 ms were demanded") == true, "\(found)")
  }

  @Test func dataOfTheHostAreNoTimeOfTheModem() throws {
    var user = UserSettings()
    user.limit("+SEND", to: 500_000_000)
    #expect(try findings(Self.upload("", pieces: 4, every: 1000), user) == [])
  }

  @Test func rulesMayWeighOtherwise() throws {
    var user = UserSettings()
    user.weights = ["measure.faster-than-line": .off]
    #expect(try findings(Self.upload(every: 10), user) == [])
    user.weights = ["measure.faster-than-line": .severity(.error)]
    #expect(try findings(Self.upload(every: 10), user).map { $0.contains(" error ") } == [true])
  }
}
