import Glibc
import Testing
import Trace

@testable import Capture

/// A sample of a log dialect with what is expected of it.
struct DialectSample: CustomTestStringConvertible, Sendable {
  let path: String
  let format: LogFormat
  var testDescription: String { name }

  var name: String { String(path.split(separator: "/").last ?? "") }
  var expected: String { path.dropLast(4) + ".expected.txt" }
  var bytes: [UInt8] { readAll(path).bytes }

  /// What has tests of its own.
  static let plain = ["trace", "raw", "pcap", "pcapng"]
  /// Samples that belong to no format, or to a plain one.
  static let others = [
    "raw-minicom.log", "raw-line-feeds.log", "raw-numeric-results.log", "not-a-modem.log", "tagged-by-a-program.log",
    "raw-typescript.log",
  ]

  /// A sample is called like its format; of several, the longest name that fits.
  static let all: [DialectSample] = {
    let formats = FormatRegistry.all.filter { !plain.contains($0.name) }.sorted {
      $0.name.utf8.count > $1.name.utf8.count
    }
    return ((try? FolderWalk.names(in: Places.dialects)) ?? []).filter { $0.hasSuffix(".log") }.sorted()
      .compactMap { file in
        let stem = file.dropLast(4)
        let around = stem.contains("+") ? FormatRegistry.format(named: String(stem)) : nil
        return (around ?? formats.first { stem == $0.name || stem.hasPrefix($0.name + "-") })
          .map { DialectSample(path: Places.dialects + "/" + file, format: $0) }
      }
  }()
}

@Suite("Samples of log dialects")
struct DialectTests {
  static let updates = getenv("ATTRACE_UPDATE_GOLDENS") != nil

  @Test func `each format but the plain ones has a sample`() {
    let sampled = Set(DialectSample.all.map(\.format.name))
    #expect(Set(FormatRegistry.all.map(\.name)).subtracting(sampled).subtracting(DialectSample.plain) == [])
  }

  @Test func `each sample belongs to a format`() throws {
    let files = try FolderWalk.names(in: Places.dialects).filter {
      $0.hasSuffix(".log") && !DialectSample.others.contains($0)
    }
    #expect(files.count == DialectSample.all.count)
  }

  @Test(arguments: DialectSample.all)
  func `the sample is detected, with no other format near`(_ sample: DialectSample) {
    guard case .found(let format, let confidence, let second) = Detection.detect(sample.bytes) else {
      Issue.record("not recognised")
      return
    }
    #expect(format.name == sample.format.name)
    #expect(second == nil, "\(second?.name ?? "") is near")
    #expect(confidence > 0.6 && confidence <= 1)
  }

  @Test(arguments: DialectSample.all)
  func `Golden: bytes, directions, times and remarks`(_ sample: DialectSample) throws {
    let seen = listing(read(sample.bytes, with: sample.format.makeReader()))
    if Self.updates {
      let file = fopen(sample.expected, "w")
      fputs(seen, file)
      fclose(file)
    }
    let expected = String(decoding: readAll(sample.expected).bytes, as: UTF8.self)
    #expect(seen == expected, "make goldens rewrites \(sample.expected)")
  }

  @Test(arguments: DialectSample.all)
  func `the blocks do not matter`(_ sample: DialectSample) {
    expectSplitIndependence(sample.bytes) { sample.format.makeReader() }
  }

  @Test(arguments: DialectSample.all)
  func `truncated and damaged samples are read to their end`(_ sample: DialectSample) {
    let bytes = sample.bytes
    for end in 0..<bytes.count {
      let cut = read([UInt8](bytes[..<end]), with: sample.format.makeReader())
      guard cut.isSound else {
        Issue.record("a chunk beyond the bytes of the sample cut at \(end)")
        return
      }
      _ = Detection.detect([UInt8](bytes[..<end]))
    }
    var random = FixedRandom(UInt64(bytes.count))
    for _ in 0..<300 {
      var damaged = bytes
      for _ in 0..<4 {
        damaged[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      damaged.removeSubrange(0..<Int.random(in: 0..<bytes.count / 2, using: &random))
      #expect(read(damaged, with: sample.format.makeReader()).isSound)
    }
  }

  @Test(arguments: DialectSample.all)
  func `random lines of every dialect never stop a reader`(_ sample: DialectSample) {
    var random = FixedRandom(99)
    let lines = sample.bytes.split(separator: 10, omittingEmptySubsequences: false)
    for format in FormatRegistry.all {
      var mixed: [UInt8] = []
      for _ in 0..<40 {
        guard let line = lines.randomElement(using: &random) else { continue }
        mixed += line.dropFirst(Int.random(in: 0...line.count, using: &random)) + [10]
      }
      #expect(read(mixed, with: format.makeReader()).isSound)
    }
  }

  /// Of raw bytes behind the time a long line is read to its end; a record has no lines.
  private static let withoutLines = ["stamped", "stamped-delta", "pppd-record"]

  @Test(arguments: DialectSample.all.filter { !withoutLines.contains($0.format.name) })
  func `of a line without end the beginning is read, and the loss is told`(_ sample: DialectSample) {
    let filler = [UInt8](repeating: 0x61, count: 3 * LineCutter.pieceLimit)
    let result = read(sample.bytes + [10] + filler + [10] + sample.bytes, with: sample.format.makeReader())
    #expect(result.seen.filter { $0.kind == .gap && $0.text.hasPrefix("the line is longer") }.count == 1)
    #expect(result.isSound)
  }

  private func listing(_ result: ReadResult) -> String {
    let facts = result.facts
    var text = "format \(facts.format), step \(facts.resolution.step) ns, start \(facts.start ?? "-"), lossy"
    text += " \(facts.lossy.contains(.lineEndings) ? "line ends" : "-")"
    text += facts.lossy.contains(.controlBytes) ? ", control bytes" : ""
    text += facts.lossy.contains(.direction) ? ", direction" : ""
    text += "\n"
    for warning in facts.warnings { text += "warning: \(warning)\n" }
    for seen in result.seen {
      let time = seen.nanoseconds.map { "\(Double($0) / 1e9)" } ?? "-"
      let arrow =
        seen.kind == .remark
        ? "*" : seen.kind == .data ? ["-->", "<--", "---"][Int(seen.direction.rawValue)] : "\(seen.kind)"
      let port =
        seen.kind != .remark && facts.ports.count > 1 && seen.port < facts.ports.count
        ? " " + facts.ports[seen.port] : ""
      text += "\(seen.place) \(time)\(port) \(arrow) \(seen.text)\n"
    }
    return text
  }
}

extension ReadResult {
  /// Every chunk lies within the bytes of its batch.
  var isSound: Bool {
    batch.chunks.allSatisfy { $0.start >= 0 && $0.count >= 0 && $0.start + $0.count <= batch.bytes.count }
  }
}
