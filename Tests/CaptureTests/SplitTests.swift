import Testing

@testable import Capture

@Suite("What is read does not depend on how the input was cut")
struct SplitTests {
  @Test func trace() {
    expectSplitIndependence(
      [UInt8](
        #"""
        #!attrace 1
        #! baud 9600
        #! port uart
        0.000000 --> "AT+CSQ\r"
        0.021344 <-- "\r\n+CSQ: 21,99\r\n\r\nOK\r\n\x00\x1A\\\"plain text that is long enough"
        2024-01-02T03:04:05.5Z aux --- "AT\r"
        0.01 <-- "earlier"
        broken
        1 --> "a\q"
        1 === "dtr=0"
        - --> "no end
        """#.utf8)
    ) { TraceReader() }
  }

  @Test func `trace of random bytes`() {
    var random = FixedRandom(7)
    let letters = [UInt8]("0123.-><= \"\\xrn\n#!aé\r".utf8)
    for _ in 0..<40 {
      let input = (0..<120).map { _ in letters.randomElement(using: &random) ?? 0 }
      expectSplitIndependence(input) { TraceReader() }
      expectSplitIndependence(input) { RawReader() }
    }
  }

  @Test func raw() {
    expectSplitIndependence(
      [0xEF, 0xBB, 0xBF] + [UInt8]("AT+CSQQ\u{8} \u{8}\u{1B}[D\u{1B}[1;31m\r\n+CSQ: 1\r\n\n\r\r\nOK\u{1B}[".utf8)
    ) { RawReader() }
  }
}
