import Inspect
import Trace

/// The chunks of a trace as one JSON object a line: what was on the line, byte by byte, with direction and time.
public struct ChunkJSONLines {
  private var ports: [String]
  private let isCapture: Bool

  public init(ports: [String], isCapture: Bool) {
    self.ports = ports
    self.isCapture = isCapture
  }

  public mutating func name(ports: [String]) { self.ports = ports }

  public func text(_ batch: borrowing ChunkBatch) -> String {
    var text = ""
    for chunk in batch.chunks where chunk.start + chunk.count <= batch.bytes.count {
      var json = JSONText()
      json.object { json in
        json.string("type", Self.kind(chunk.kind))
        json.number("line", isCapture ? nil : chunk.place)
        json.number("packet", isCapture ? chunk.place : nil)
        json.seconds("time_s", chunk.instant.isKnown ? chunk.instant.nanoseconds : nil)
        if chunk.kind == .data { json.string("direction", Self.direction(chunk.direction)) }
        let port = Int(chunk.port.index)
        json.string("port", ports.indices.contains(port) && !ports[port].isEmpty ? ports[port] : nil)
        var shown = ""
        var digits = ""
        for byte in batch.bytes[chunk.start..<chunk.start + chunk.count] {
          shown += EscapedByte.text(byte)
          if chunk.kind == .data { digits += (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        }
        json.string("text", shown)
        if chunk.kind == .data { json.string("hex", digits) }
      }
      text += json.text + "\n"
    }
    return text
  }

  private static func kind(_ kind: Chunk.Kind) -> String {
    switch kind {
    case .data: "data"
    case .control: "control"
    case .gap: "gap"
    case .clockStep: "clock-step"
    case .malformed: "malformed"
    case .remark: "remark"
    }
  }

  private static func direction(_ direction: Direction) -> String {
    switch direction {
    case .hostToModem: "host-to-modem"
    case .modemToHost: "modem-to-host"
    case .unknown: "unknown"
    }
  }
}
