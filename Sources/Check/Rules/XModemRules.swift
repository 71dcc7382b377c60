import Trace

/// XMODEM, XMODEM-CRC and XMODEM-1K transfers.
enum XModemRules {
  static let document = "XMODEM/YMODEM Protocol Reference"

  private static func rule(
    _ name: String, _ severity: Severity, _ section: String, _ title: String, does: String, matters: String,
    example: String, advice: String
  ) -> RuleInfo {
    RuleInfo(
      name: "xmodem." + name, severity: severity, title: title, whatItDoes: does, whyItMatters: matters,
      example: example, reference: Citation(document: document, section: section), advice: advice)
  }

  static let all: [RuleInfo] = [
    rule(
      "start-cadence", .warning, "8.2", "The receiver asks at another pace",
      does: "Until the first block comes the receiver sends C every 3 s, or NAK every 10 s.",
      matters: "A sender that is slow to start may meet a receiver that has given up, or take a late C for a NAK.",
      example: "<-- \"C\" and nine seconds later <-- \"C\"", advice: "Set the receiver's timer to the protocol's."),
    rule(
      "block-number", .error, "7.3.2", "A block that is not the next one",
      does: "Block numbers begin with 1 and rise by one, whatever the length; FF is followed by 00.",
      matters: "Any other number means that sender and receiver have lost each other; the receiver must abort.",
      example: "block FF, then block 01",
      advice: "Count blocks modulo 256, and send a refused block again before the next."),
    rule(
      "block-complement", .error, "7.3.2", "A block with a wrong complement was accepted",
      does: "The third octet of a block is 255 less its number; where it is not, the block is refused.",
      matters: "The number itself may be the damaged octet: a block may be lost or stored twice.",
      example: "SOH 37 C0 …, then ACK", advice: "Refuse it with NAK once the line is quiet."),
    rule(
      "block-crc", .error, "8.1", "A block with a wrong CRC was accepted",
      does: "Computes the CRC-16 over the data and compares; a block that is damaged is refused.",
      matters: "Damaged data are stored.", example: "a block with one bit changed, then ACK",
      advice: "Refuse it with NAK; check that the receiver looks at the CRC at all."),
    rule(
      "block-checksum", .error, "7.3.2", "A block with a wrong checksum was accepted",
      does: "Sums the data modulo 256 and compares; a block that is damaged is refused.",
      matters: "Damaged data are stored.", example: "a block with one bit changed, then ACK",
      advice: "Refuse it with NAK."),
    rule(
      "crc-order", .error, "8.1", "The octets of the CRC are exchanged",
      does: "The CRC is sent high octet first.", matters: "Every other receiver refuses each block.",
      example: "CRC 1234 sent as 34 12", advice: "Send the high octet first."),
    rule(
      "check-mode", .error, "8.2", "Another check than the receiver asked for",
      does: "After C a block carries a CRC of two octets, after NAK a checksum of one.",
      matters: "The receiver waits for an octet that never comes, or takes one for the next block.",
      example: "<-- \"C\", then a block with a checksum", advice: "Follow what the receiver asked for."),
    rule(
      "long-with-checksum", .error, "4.3", "A block of 1024 octets without CRC",
      does: "Blocks that begin with STX are checked by CRC.",
      matters: "A checksum over 1024 octets misses too much; receivers do not expect it.",
      example: "<-- NAK, then STX …", advice: "Use blocks of 128 octets, or ask for CRC."),
    rule(
      "head-length", .error, "4.3", "The head of a block does not fit its length",
      does: "SOH heads 128 octets of data, STX heads 1024.",
      matters: "The receiver cuts the block at the wrong place and refuses it.",
      example: "SOH before 1024 octets", advice: "Begin blocks of 1024 octets with STX."),
    rule(
      "short-block", .error, "4.3", "A block that is too short was accepted",
      does: "Every block has its full length; the last one is filled up, with 1A by custom.",
      matters: "The receiver waits for the missing octets and takes the next block for them.",
      example: "a last block of 57 octets", advice: "Fill the last block up with 1A."),
    rule(
      "long-block", .error, "4.3", "More octets than a block has",
      does: "Counts what the sender sends before the answer.",
      matters: "What stands behind the block is taken for the next one, or lost.",
      example: "133 octets and four more", advice: "Send nothing before the answer."),
    rule(
      "character-timeout", .error, "7.3.2", "A long silence within a block",
      does: "Within a block no more than a second passes between two octets.",
      matters: "The receiver gives the block up and sends NAK into the rest of it.",
      example: "half a block, 3 s of silence, the other half", advice: "Give the sender a higher priority, or a buffer."
    ),
    rule(
      "resend-differs", .error, "7.3.1", "A block sent again with other data",
      does: "Compares a block with the copy before it, where both came undamaged.",
      matters: "Which of them was stored is chance.", example: "block 5, no answer, block 5 with other data",
      advice: "Keep a block until it is acknowledged."),
    rule(
      "size-changed", .error, "4.3", "A block sent again with another length",
      does: "The length may change only between blocks, not for one that was not acknowledged.",
      matters: "The receiver cannot know which octets it has.", example: "block 5 with 1024 octets, NAK, with 128",
      advice: "Repeat the block as it was; change the length with the next one."),
    rule(
      "duplicate-refused", .error, "7.3.2", "A repeated block was refused",
      does: "A block that was received before is acknowledged and dropped.",
      matters: "The sender repeats it forever: its ACK was lost, nothing else.",
      example: "block 5, ACK, block 5 again, NAK", advice: "Acknowledge it and drop it."),
    rule(
      "surplus-answer", .error, "7.3.2", "Two answers to one block",
      does: "A block gets one answer.", matters: "The sender takes the second for the answer to its next block.",
      example: "a block, ACK, ACK", advice: "Answer once, when the block is whole."),
    rule(
      "retries", .error, "7.3.1", "A block was tried more often than ten times",
      does: "Counts how often a block is refused.", matters: "Sender and receiver should have given up.",
      example: "the same block and NAK, eleven times", advice: "Abort with CAN CAN after ten tries; look at the line."),
    rule(
      "after-cancel", .error, "4.1", "A block after the transfer was cancelled",
      does: "CAN CAN between blocks ends the transfer.", matters: "The other side has left; the data go nowhere.",
      example: "<-- CAN CAN, then a block", advice: "Stop on CAN CAN."),
    rule(
      "end-unanswered", .error, "7.3.3", "EOT was not acknowledged",
      does: "The sender repeats EOT until it gets ACK; one NAK before it is legal.",
      matters: "The sender does not know whether the file is whole.", example: "EOT, NAK, and the next command",
      advice: "Repeat EOT, ten times at most."),
    rule(
      "no-block", .error, "7.3", "Something else than a block",
      does: "What follows the receiver's C or NAK is a block.",
      matters: "The sender speaks another protocol, or sends the file as it is.",
      example: "<-- \"C\", then ZMODEM", advice: "Choose XMODEM or XMODEM-1K in the sending program."),
    rule(
      "header-block", .note, "5", "A block 0: this is YMODEM",
      does: "XMODEM begins with block 1; block 0 carries the name and length of a file.",
      matters: "A receiver that knows XMODEM alone refuses it.", example: "SOH 00 FF …",
      advice: "Use XMODEM where the document says so."),
    rule(
      "unfinished", .warning, "7.3", "The transfer died",
      does: "Says who waited for whom when a transfer ended without an acknowledged EOT.",
      matters: "The file is not whole.", example: "a block, and no answer any more",
      advice: "Look at the side that fell silent."),
    rule(
      "cancelled", .note, "4.1", "The transfer was cancelled", does: "CAN CAN ended the transfer.",
      matters: "The file is not whole; somebody decided so.", example: "<-- CAN CAN",
      advice: "Look at what the side that cancelled says next."),
  ]
}
