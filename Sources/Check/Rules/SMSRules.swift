import Trace

/// Short messages in PDU form.
enum SMSRules {
  private static func rule(
    _ name: String, _ severity: Severity, _ document: String, _ section: String, _ title: String, does: String,
    matters: String, example: String, advice: String
  ) -> RuleInfo {
    RuleInfo(
      name: "sms." + name, severity: severity, title: title, whatItDoes: does, whyItMatters: matters, example: example,
      reference: Citation(document: document, section: section), advice: advice)
  }

  private static let pdu = "3GPP TS 23.040"
  private static let commands = "3GPP TS 27.005"

  static let all: [RuleInfo] = [
    rule(
      "length", .error, commands, "3.1", "The length given is not that of the PDU",
      does: "Counts the octets of the TPDU, without the service centre's address, and compares with <length>.",
      matters: "The modem refuses the message, or a host cuts the PDU at the wrong place.",
      example: "+CMGR: 1,,29 before a TPDU of 28 octets",
      advice: "Count the octets behind the service centre's address, two digits each."),
    rule(
      "digits", .error, commands, "4.1", "A PDU that is not given in hexadecimal digits",
      does: "A PDU is two hexadecimal digits for each octet.", matters: "It cannot be read at all.",
      example: "+CMT: ,28 before \"hello\"", advice: "Look for lost characters, or text mode set on another port."),
    rule(
      "incomplete", .error, pdu, "9.2", "A PDU that ends too early",
      does: "Reads the fields of the PDU in their order.", matters: "What is missing cannot be guessed.",
      example: "a PDU that ends within the address", advice: "Look for lost characters."),
    rule(
      "user-data-length", .error, pdu, "9.2.3.16", "The user data length is not that of the user data",
      does: "Compares TP-UDL (septets, or octets) with what is there.",
      matters: "The end of the text is lost, or what follows is read as text.",
      example: "TP-UDL 10 and eight octets of UCS2", advice: "Count septets for the 7-bit alphabet, octets else."),
    rule(
      "too-long", .error, pdu, "9.2.3.24", "More text than one message holds",
      does: "User data are at most 160 septets or 140 octets, header included.",
      matters: "The network refuses the message.", example: "TP-UDL A1 in the 7-bit alphabet",
      advice: "Split the text: 153 characters, 134 octets or 67 UCS2 characters a part."),
    rule(
      "timestamp", .warning, pdu, "9.2.3.11", "A time stamp that is none",
      does: "Reads the service centre's time stamp.", matters: "Messages cannot be ordered.",
      example: "month 13", advice: "Look for octets that are shifted."),
    rule(
      "part-number", .error, pdu, "9.2.3.24.1", "A part that its message does not have",
      does: "The number of a part lies between 1 and the number of parts.",
      matters: "A receiver ignores the header and shows each part as a message.", example: "part 4 of 3",
      advice: "Number the parts from 1."),
    rule(
      "part-repeated", .error, pdu, "9.2.3.24.1", "Two different parts with one number",
      does: "Each part of a long message has its own number.", matters: "The receiver can never put it together.",
      example: "1, 2, 2 of 3", advice: "Count the parts up, and change the reference with each message."),
  ]
}

extension Checker {
  /// `false`: this is no fault of a short message.
  mutating func reportMessage(_ fault: Malformed, _ event: Event) -> Bool {
    let found: (GenericRule, String)? =
      switch fault {
      case .smsLength: (.smsLength, "the length given is \(event.a), the TPDU has \(event.b) octets")
      case .smsDigits: (.smsDigits, "the \(event.a) characters here are no PDU: two hexadecimal digits for each octet")
      case .smsEnds: (.smsIncomplete, "the PDU ends within its \(Self.part(event.a))")
      case .smsUserData: (.smsUserDataLength, "the user data have \(event.a) octets, their length says \(event.b)")
      case .smsTooLong: (.smsTooLong, "a user data length of \(event.a); \(event.b) is the most")
      case .smsTime: (.smsTimestamp, "the time stamp of the service centre is none")
      case .smsPart: (.smsPartNumber, "part \(event.a) of a message of \(event.b)")
      case .smsPartRepeated:
        (.smsPartRepeated, "part \(event.a) of \(event.b) has come already, with other text")
      default: nil
      }
    guard let (rule, message) = found else { return false }
    var related: [Related] = []
    if let index = track(event.transaction) { related = [Related(place: open[index].place, message: "asked for here")] }
    report(rule, message, at: event.position, related: related, inferred: event.flags.contains(.inferred))
    return true
  }

  private static func part(_ value: Int64) -> String {
    switch value {
    case 0: "service centre address"
    case 1: "first octets"
    case 2: "address"
    case 3: "protocol identifier and coding"
    case 4: "time stamp"
    case 5: "validity period"
    case 6: "user data length"
    default: "user data header"
    }
  }
}
