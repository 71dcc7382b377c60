import Trace

/// `manifest.json`: what was extracted, from where, and whether it is whole.
public enum Manifest {
  public static func text<Store>(
    _ entries: [Extractor<Store>.Entry], inputs: [String], version: String
  ) -> String {
    var json = JSONText(pretty: true)
    json.object { json in
      json.string("schema", "attrace.manifest/1")
      json.object("tool") { json in
        json.string("name", "attrace")
        json.string("version", version)
      }
      json.array("inputs") { json in for input in inputs { json.string(nil, input) } }
      json.array("payloads") { json in
        for entry in entries { json.object { member(entry, &$0) } }
      }
    }
    return json.text + "\n"
  }

  private static func member<Store>(_ entry: Extractor<Store>.Entry, _ json: inout JSONText) {
    let figures = entry.figures
    json.string("file", entry.files.first)
    json.array("files") { json in for file in entry.files { json.string(nil, file) } }
    json.string("kind", figures.kind.name)
    json.string("direction", figures.direction == .hostToModem ? "host-to-modem" : "modem-to-host")
    json.string("name", figures.name)
    json.number("input", entry.input)
    json.number("first_line", figures.place)
    json.number("last_line", entry.lastPlace)
    json.seconds("start_s", figures.start.isKnown ? figures.start.nanoseconds : nil)
    json.seconds("end_s", figures.end.isKnown ? figures.end.nanoseconds : nil)
    json.number("size", figures.payloadBytes)
    json.number("wire_bytes", figures.wireBytes)
    json.string("sha256", figures.sha256)
    json.number("padding_bytes", entry.padding)
    json.number("retransmissions", figures.retransmissions)
    json.truth("complete", figures.complete)
    json.string("why", entry.why)
    json.truth("masked", entry.isMasked)
  }
}
