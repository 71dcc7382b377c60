import Trace

/// What `explain` tells of a rule, and how it reports.
public struct RuleInfo: Sendable {
  public let name: String
  public let severity: Severity
  /// One line: what breaks.
  public let title: String
  public let whatItDoes: String
  public let whyItMatters: String
  /// A short session that breaks it.
  public let example: String
  public let reference: Citation
  /// What to do about a finding.
  public let advice: String

  public init(
    name: String, severity: Severity, title: String, whatItDoes: String, whyItMatters: String, example: String,
    reference: Citation, advice: String
  ) {
    self.name = name
    self.severity = severity
    self.title = title
    self.whatItDoes = whatItDoes
    self.whyItMatters = whyItMatters
    self.example = example
    self.reference = reference
    self.advice = advice
  }
}

/// The rules that the engine itself knows, for any modem; what a document states beyond them stands in its profile.
public enum GenericRule: Int, CaseIterable, Sendable {
  // Commands
  case unknownCommand, form, parameterCount, parameterType, parameterRange, parameterLength, parameterValue
  case testedRange, testedLength
  // Answers
  case responseShape, responseMissing, responseRepeated, responseUnexpected, responseOrder, answerAfterFailure
  case testRange, readBack, finalResult, commandFailed, strayFinal, resultFraming, resultForm, unsolicitedShape,
    errorForm, errorCode, resultSuppressed
  // Late results
  case lateBeforeOK, lateMissing, lateAnswer
  // Time and order
  case responseTimeout, unanswered, overlappingCommand, abort, reset, guardTime, commandInData
  // Bytes
  case echoMismatch, echoUnexpected, lineFeedTerminator, garbage, lineTooLong, dataLength, dataUnfinished, dataEchoed,
    logEntry
  case clockStep, gap
  // XMODEM
  case xmodemStartCadence, xmodemBlockNumber, xmodemBlockComplement, xmodemBlockCRC, xmodemBlockChecksum
  case xmodemCRCOrder, xmodemCheckMode, xmodemLongWithChecksum, xmodemHeadLength, xmodemShortBlock, xmodemLongBlock
  case xmodemCharacterTimeout, xmodemResendDiffers, xmodemSizeChanged, xmodemDuplicateRefused, xmodemSurplusAnswer
  case xmodemRetries, xmodemAfterCancel, xmodemEndUnanswered, xmodemNoBlock, xmodemHeaderBlock, xmodemUnfinished,
    xmodemCancelled
  // Short messages
  case smsLength, smsDigits, smsIncomplete, smsUserDataLength, smsTooLong, smsTimestamp, smsPartNumber, smsPartRepeated
  // PPP
  case pppFrameCheck, pppEarlyData, pppRefused, pppUnanswered, pppEnded
  // Multiplexer
  case muxFrameCheck, muxSkipped, muxNotOpen, muxRefused, muxTooLong
  // Escaped data
  case dleUndefinedEscape, dleBareETX, dleDangling, stuffUndefinedEscape
  // Time and throughput
  case fasterThanLine, belowFloor, slowCommand

  public var info: RuleInfo { RuleRegistry.generic[rawValue] }
}

/// Every generic rule, in the order of `GenericRule`. One list: `explain`, the rule index and the docs are made from it.
public enum RuleRegistry {
  public static let generic: [RuleInfo] =
    CommandRules.all + AnswerRules.all + LateRules.all + TimingRules.all + ByteRules.all + XModemRules.all
    + SMSRules.all + PPPRules.all + MuxRules.all + EscapeRules.all + MeasureRules.all

  static let count = generic.count

  public static func info(named name: String) -> RuleInfo? {
    if name.hasPrefix(ExpectRules.prefix) { return ExpectRules.info(named: name) }
    return (generic + LiveRules.all).first { $0.name == name }
  }
}
