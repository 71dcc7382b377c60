import Foundation
import Inspect
import Profile
import Sessions
import Testing
import Trace

/// A trace whose secrets were overwritten gives the findings of the trace itself, and holds none of its secrets.
@Suite struct MaskTests {
  /// Sessions whose findings rest on the values themselves, and why.
  static let exceptions: [String: String] = [
    "variants-broken": "a command line stands in data, right behind what was sent before without a line end",
    "mail-clean": "a text that was entered with a backspace is compared with what is stored",
    "results-unasked": "a unique-id stands in data, and in an answer whose values are not masked",
  ]

  /// Values that stand in the masked session all the same, and why.
  static let kept: [String: String] = [
    "mistakes": "the text of a mail is said once more where no data are expected",
    "mu709.fileio-header-lost.kept.trace": "the beginning of a file by which a rule knows it",
    "multitech.ftpget-ascii.broken.trace": "a file's name begins with the user's",
    "multitech.ftpget-ascii.kept.trace": "a file's name begins with the user's",
  ]

  /// Short numbers that are dialled are those of services; rules go by them.
  static func isService(_ value: [UInt8]) -> Bool {
    let digits = value.split { !(0x30...0x39).contains($0) }.map(\.count).max() ?? 0
    let letters = value.count { (0x41...0x5A).contains($0 & 0xDF) }
    // Numbers and sizes of mails in a listing are no secret either.
    return digits <= 5 && letters <= (value.starts(with: Array("+OK".utf8)) ? 2 : 1)
  }

  /// Values of fewer bytes than these come about by chance.
  static let shortest = 6

  struct Named {
    var name: String
    var session: Session
  }

  static func sessions(_ profile: String) throws -> [Named] {
    var result = try Fixture.all.filter { $0.profile == profile }
      .map { Named(name: $0.folder.lastPathComponent, session: try $0.session()) }
    let folder = Fixture.root.appending(path: "fixtures/\(profile)/rules")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    where name.hasSuffix(".trace") {
      result.append(
        Named(name: name, session: Session(log: [UInt8](try Data(contentsOf: folder.appending(path: name))))))
    }
    return result
  }

  /// Rule, place and severity.
  static func essence(_ session: Session, _ book: Book) -> [String] {
    session.outcome(book).findings.map { $0.split(separator: " ").prefix(3).joined(separator: " ") }
  }

  @Test(arguments: Profiles.builtIn) func findingsStay(_ profile: String) throws {
    let book = try #require(Books.builtIn[profile])
    var secrets = 0
    for one in try Self.sessions(profile) {
      let (masked, values) = one.session.masked(book)
      secrets += values.count
      guard !values.isEmpty else {
        #expect(masked.batch.bytes == one.session.batch.bytes, "\(one.name)")
        continue
      }
      #expect(masked.batch.bytes.count == one.session.batch.bytes.count)
      let wanted = Self.essence(one.session, book)
      if Self.exceptions[one.name] == nil {
        let seen = Self.essence(masked, book)
        #expect(seen == wanted, "\(profile)/\(one.name): \(Session.text(masked.batch))")
        let again = masked.masked(book).session
        #expect(Self.essence(again, book) == wanted, "\(profile)/\(one.name): masked twice")
      }
      for (key, stream) in masked.streams {
        for value in values where value.count(where: Session.isMasked) >= Self.shortest {
          if Self.isService(value) || Self.kept[one.name] != nil { continue }
          #expect(
            stream.firstRange(of: value) == nil,
            "\(profile)/\(one.name): \(String(decoding: value, as: UTF8.self)) still stands in \(key)")
        }
      }
    }
    #expect(secrets > 0)
  }

  @Test func aNumberHasOnePseudonymInTextAndInPDUs() throws {
    let session = Session(
      """
      0.1 --> "AT+CMGF=0\\r"
      0.2 <-- "\\r\\nOK\\r\\n"
      1.0 <-- "\\r\\n+CLIP: \\"+491701112233\\",145\\r\\n"
      2.0 <-- "\\r\\n+CMT: ,20\\r\\n00040C919471101122330000622080900300400141\\r\\n"
      3.0 <-- "\\r\\n+CLIP: \\"01701112233\\",129\\r\\n"
      """)
    let masked = Session.text(session.masked(try #require(Books.builtIn["3gpp"])).session.batch)
    let number = try #require(masked.firstMatch(of: /CLIP: "\+([0-9]{12})",145/)?.1)
    #expect(number != "491701112233")
    let halves = Array(number)
    let swapped = String(stride(from: 0, to: 12, by: 2).flatMap { [halves[$0 + 1], halves[$0]] })
    #expect(masked.contains("00040C91\(swapped)00006220809003004001"), "\(masked)")
    // As it is dialled within the country.
    #expect(masked.contains("\"0\(number.dropFirst(2))\",129"), "\(masked)")
  }

  /// The check sequence of a frame is mended, so that the call is understood as before.
  @Test func passwordsAreOverwrittenInFrames() throws {
    let fixture = try #require(Fixture.all.first { $0.folder.lastPathComponent == "packet-call" })
    let session = try fixture.session()
    let masked = session.masked(fixture.book).session
    for word in ["tide", "gauge"].map({ Array($0.utf8) }) {
      #expect(session.streams.values.contains { $0.firstRange(of: word) != nil })
      #expect(!masked.streams.values.contains { $0.firstRange(of: word) != nil })
    }
    #expect(masked.outcome(fixture.book).essentials.count == session.outcome(fixture.book).essentials.count)
  }
}

extension Session {
  /// The session without its secrets, and what these were.
  func masked(_ book: Book) -> (session: Session, values: [[UInt8]]) {
    var ranges = SecretRanges()
    let inspector = Inspector(
      book: book,
      options: InspectionOptions(
        resolution: facts.resolution, lossy: facts.lossy.contains(.lineEndings),
        ordered: !facts.lossy.contains(.order), baud: facts.baud))
    inspector.expect(facts.contents)
    inspector.take(batch) { ranges.note($0) }
    inspector.finish { ranges.note($0) }
    ranges.seal()
    var mask = TraceMask(ranges)
    mask.learn(batch)
    var result = self
    mask.apply(to: &result.batch)
    // Runs of bytes that are secret.
    var values: [[UInt8]] = []
    var offsets: [String: UInt64] = [:]
    for chunk in batch.chunks where chunk.kind == .data {
      let key = "\(chunk.port.index) \(chunk.direction)"
      var run: [UInt8] = []
      for index in 0..<chunk.count {
        if ranges.contains((offsets[key] ?? 0) + UInt64(index), port: chunk.port, direction: chunk.direction) {
          run.append(batch.bytes[chunk.start + index])
        } else if !run.isEmpty {
          values.append(run)
          run = []
        }
      }
      if !run.isEmpty { values.append(run) }
      offsets[key, default: 0] += UInt64(chunk.count)
    }
    return (result, values)
  }

  static func isMasked(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }

  var streams: [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    for chunk in batch.chunks where chunk.kind == .data {
      result["\(chunk.port.index) \(chunk.direction)", default: []] +=
        batch.bytes[chunk.start..<chunk.start + chunk.count]
    }
    return result
  }

  static func text(_ batch: ChunkBatch) -> String {
    batch.chunks.map { String(decoding: batch.bytes[$0.start..<$0.start + min($0.count, 100)], as: UTF8.self) }
      .joined(separator: "|").replacing("\r", with: "").replacing("\n", with: "")
  }
}
