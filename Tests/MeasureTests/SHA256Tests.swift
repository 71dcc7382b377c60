import Measure
import Testing

/// The vectors of FIPS 180-4, however the bytes are cut.
@Suite struct SHA256Tests {
  private func digest(_ bytes: [UInt8], pieces: Int) -> String {
    var hash = SHA256()
    var at = 0
    while at < bytes.count {
      let end = min(bytes.count, at + pieces)
      hash.update(Array(bytes[at..<end]).span)
      at = end
    }
    return hash.hexDigest()
  }

  @Test(arguments: [1, 3, 63, 64, 65, 1000]) func vectors(_ pieces: Int) {
    #expect(digest([], pieces: pieces) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      digest(Array("abc".utf8), pieces: pieces) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      digest(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8), pieces: pieces)
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      digest([UInt8](repeating: 0x61, count: 1_000_000), pieces: 1000 * pieces)
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }
}

@Suite struct QuantilesTests {
  @Test func fewValuesAreExact() {
    var quantiles = Quantiles()
    for value in [5, 1, 4, 2, 3] as [Int64] { quantiles.add(value * 1_000_000) }
    #expect(quantiles.value(at: 0.5) == 3_000_000)
    #expect(quantiles.value(at: 0.99) == 5_000_000)
    #expect(quantiles.maximum == 5_000_000)
  }

  @Test func manyValuesAreNear() throws {
    var quantiles = Quantiles()
    for value in 1...100_000 { quantiles.add(Int64(value) * 1000) }
    let median = try #require(quantiles.value(at: 0.5))
    #expect(abs(Double(median) - 5e7) < 5e7 * 0.045)
    #expect(quantiles.maximum == 100_000_000)
    #expect(quantiles.count == 100_000)
  }

  @Test func nothingHasNoQuantile() { #expect(Quantiles().value(at: 0.5) == nil) }

  @Test func extremesDoNotTrap() {
    var quantiles = Quantiles()
    for _ in 0..<100 { quantiles.add(.max) }
    quantiles.add(-5)
    #expect(quantiles.count == 100)
    #expect(quantiles.value(at: 0.5) != nil)
  }
}
