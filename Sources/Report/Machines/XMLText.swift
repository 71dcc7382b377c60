/// Writes XML text: elements with their attributes, everything escaped.
///
/// XML 1.0 has no way to write most control characters; they are shown as `\u{…}`, as in the text report.
struct XMLText {
  private(set) var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
  private var depth = 0

  mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String?>, content: String? = nil,
    _ body: ((inout XMLText) -> Void)? = nil
  ) {
    text += String(repeating: "  ", count: depth) + "<" + name
    for (key, value) in attributes {
      guard let value else { continue }
      text += " \(key)=\"\(XMLText.escaped(value, isAttribute: true))\""
    }
    if let content {
      text += ">" + XMLText.escaped(content, isAttribute: false) + "</\(name)>\n"
    } else if let body {
      text += ">\n"
      depth += 1
      body(&self)
      depth -= 1
      text += String(repeating: "  ", count: depth) + "</\(name)>\n"
    } else {
      text += "/>\n"
    }
  }

  static func escaped(_ value: String, isAttribute: Bool) -> String {
    var result = ""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"" where isAttribute: result += "&quot;"
      case "\n" where !isAttribute: result += "\n"
      case "\n": result += "&#10;"
      case "\u{FFFE}", "\u{FFFF}": result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result += Escaped.line(String(scalar))
      }
    }
    return result
  }
}
