import Capture
import Profile
import Report

/// Reads a file of known findings.
enum BaselineFile {
  static func load(_ path: String) throws(ProfileError) -> Baseline {
    let bytes: [UInt8]
    do throws(CaptureError) {
      bytes = try YAMLFiles.read(path)
    } catch {
      throw ProfileError(error.message)
    }
    // JSON is read by the YAML parser, of which it is a part.
    var parser = YAMLParser(file: path)
    let root = parser.parse(bytes)
    if let problem = parser.problems.first { throw ProfileError(problem.text) }
    guard root?["schema"]?.scalar == Baseline.schema, let items = root?["findings"]?.items else {
      throw ProfileError("\(Printable.text(path)): no baseline; make one with 'attrace check --write-baseline FILE'")
    }
    return Baseline(fingerprints: Set(items.compactMap { $0["fingerprint"]?.scalar }))
  }
}
