import Trace

/// What a block turned out to be, with what was sent behind it before the answer.
struct XModemVerdict {
  private(set) var isValid = false
  /// Octets of data.
  private(set) var length: Int
  var fault: Malformed?

  /// `check` is learned here where the trace does not hold the receiver's request; `block` becomes the longer block
  /// that it is where only its head was wrong.
  init(_ block: inout XModemBlock, _ extra: [UInt8], _ check: inout XModemBlock.Check, sawStart: Bool) {
    length = block.dataLength
    if block.bytes.count < block.wholeLength(check) {
      judgeShort(block, &check, sawStart)
    } else if !extra.isEmpty {
      judgeLong(&block, extra, check)
    } else {
      judgeWhole(block, check)
    }
  }

  private mutating func judgeWhole(_ block: XModemBlock, _ check: XModemBlock.Check) {
    let isRight = block.isRight(check)
    isValid = isRight && block.hasComplement
    if isValid {
      if block.isLong, check == .sum { fault = .xmodemLongWithSum }
    } else if isRight {
      fault = .xmodemComplement
    } else if block.hasSwappedCRC(behind: length) {
      isValid = block.hasComplement
      fault = .xmodemSwapped
    } else {
      fault = check == .sum && !block.isLong ? .xmodemSum : .xmodemCRC
    }
  }

  private mutating func judgeShort(_ block: XModemBlock, _ check: inout XModemBlock.Check, _ sawStart: Bool) {
    let count = block.bytes.count
    if !block.isLong, count == XModem.headerLength + XModem.shortData + 1, block.hasSum(behind: XModem.shortData) {
      isValid = block.hasComplement
      if sawStart { fault = .xmodemCheckMode } else { check = .sum }
    } else if block.isLong, count == XModem.headerLength + XModem.shortData + 2,
      block.hasCRC(behind: XModem.shortData)
    {
      length = XModem.shortData
      isValid = block.hasComplement
      fault = .xmodemHeadLength
    } else {
      let trailer = check == .sum && !block.isLong ? 1 : 2
      length = max(0, count - XModem.headerLength - trailer)
      fault = .xmodemShort
    }
  }

  private mutating func judgeLong(_ block: inout XModemBlock, _ extra: [UInt8], _ check: XModemBlock.Check) {
    var whole = block
    whole.bytes.append(contentsOf: extra.prefix(XModem.longestBlock - block.bytes.count))
    if !block.isLong, whole.bytes.count == XModem.longestBlock, whole.hasCRC(behind: XModem.longData) {
      block = whole
      length = XModem.longData
      isValid = block.hasComplement
      fault = .xmodemHeadLength
    } else if !block.isLong, check == .sum, extra.count == 1, whole.hasCRC(behind: XModem.shortData) {
      isValid = block.hasComplement
      fault = .xmodemCheckMode
    } else {
      isValid = block.isRight(check) && block.hasComplement
      fault = .xmodemLong
    }
  }
}
