import Trace

/// Text made fit for a page: nothing in it can end an element, an attribute or a script, and what cannot be seen, or
/// turns the direction of text, is shown escaped.
enum HTMLText {
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result += visible(scalar)
      }
    }
    return result
  }

  /// The same for text that goes into JSON, which escapes on its own.
  static func visible(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars { result += visible(scalar) }
    return result
  }

  /// JSON that may stand in a script element: `</script>` and `<!--` cannot occur in it.
  static func script(_ json: String) -> String {
    json.replacing("&", with: "\\u0026").replacing("<", with: "\\u003c").replacing(">", with: "\\u003e")
  }

  private static func visible(_ scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    case 0x61C, 0xAD, 0x180E, 0x200B...0x200F, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFF, 0xE0000...0xE0FFF:
      "\\u{" + String(scalar.value, radix: 16) + "}"
    default: Escaped.line(String(scalar))
    }
  }

  static func cut(_ text: String, _ length: Int) -> String {
    text.count <= length ? text : String(text.prefix(max(0, length - 1))) + "…"
  }

  static func plural(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

  /// `9.53 s`, `4:07.5` or `23:59:58`, from the start of the trace.
  static func time(_ value: Nanoseconds) -> String {
    let seconds = Double(value) / 1e9
    guard seconds >= 60, seconds < 9e12 else { return Decimal.rounded(seconds, places: 3) + " s" }
    let whole = Int(seconds)
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
    let clock = "\(two(whole / 60 % 60)):\(two(whole % 60))"
    return "\(whole / 3600):\(clock)"
  }

  /// A number of bytes a second.
  static func rate(_ value: Double) -> String {
    value >= 10_000 ? Decimal.rounded(value / 1000, places: 1) + " kB/s" : Decimal.rounded(value, places: 0) + " B/s"
  }

  /// A coordinate or percentage of a picture.
  static func number(_ value: Double) -> String {
    let text = Decimal.rounded(value, places: 2)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
