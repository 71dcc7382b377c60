import Glibc
import Testing
import Trace

@testable import Capture

/// What a terminal driver adds to mark damage is undone, wherever it is cut.
@Suite struct ParityMarksTests {
  private func undone(_ source: [UInt8], cutAt cut: Int) -> ([UInt8], [ParityMarks.Place]) {
    var marks = ParityMarks()
    var bytes: [UInt8] = []
    var places: [ParityMarks.Place] = []
    for part in [source[..<cut], source[cut...]] {
      Array(part).withUnsafeBufferPointer { marks.undo($0, into: &bytes, &places) }
    }
    return (bytes, places)
  }

  @Test func marksBecomeEvents() {
    let source: [UInt8] = [0x41, 0xFF, 0xFF, 0x42, 0xFF, 0x00, 0x00, 0x43, 0xFF, 0x00, 0x5A, 0x00, 0xFF, 0xFF]
    for cut in 0...source.count {
      let (bytes, places) = undone(source, cutAt: cut)
      #expect(bytes == [0x41, 0xFF, 0x42, 0x00, 0x43, 0x5A, 0x00, 0xFF], "cut at \(cut)")
      #expect(
        places == [
          ParityMarks.Place(offset: 3, mark: .lineBreak), ParityMarks.Place(offset: 5, mark: .damaged(0x5A)),
        ], "cut at \(cut)")
    }
  }

  @Test func whatWasNeverMarkedStays() {
    let (bytes, places) = undone([0xFF, 0x41, 0x00, 0x42], cutAt: 1)
    #expect(bytes == [0xFF, 0x41, 0x00, 0x42])
    #expect(places == [])
  }

  /// The kernel's own marking of a terminal.
  @Test func theDriverMarksAsWeUndo() throws {
    var master: Int32 = -1
    var slave: Int32 = -1
    var name = [CChar](repeating: 0, count: 256)
    try #require(openpty(&master, &slave, &name, nil, nil) == 0)
    defer {
      close(master)
      close(slave)
    }
    let path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let port = try SerialPort(path: path, settings: LineSettings(), isWritable: true, hasMarks: true)
    let sent: [UInt8] = [0x00, 0xFF, 0x00, 0x00, 0xFF, 0xFF, 0x41, 0xFF]
    #expect(write(master, sent, sent.count) == sent.count)
    var buffer = [UInt8](repeating: 0, count: 64)
    var bytes: [UInt8] = []
    var places: [ParityMarks.Place] = []
    var raw = 0
    while bytes.count < sent.count {
      var state = pollfd(fd: port.descriptor, events: Int16(POLLIN), revents: 0)
      try #require(poll(&state, 1, 2_000) > 0)
      let count = read(port.descriptor, &buffer, buffer.count)
      try #require(count > 0)
      raw += count
      buffer.withUnsafeBufferPointer { port.decode(UnsafeBufferPointer(rebasing: $0[..<count]), into: &bytes, &places) }
    }
    #expect(raw > sent.count, "the driver doubles FF")
    #expect(bytes == sent)
    #expect(places == [])
  }
}
