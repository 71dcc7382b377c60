/// The ceilings of everything a decoder keeps. Reaching one is an event, never a crash and never more memory.
public enum Limits {
  /// Longest command line that is kept; V.250 asks for 40, real modems take up to some thousand.
  public static let commandLine = 8192
  /// Longest line of the modem that is kept (a PDU line or a network list may be long).
  public static let modemLine = 16384
  /// Commands in one line.
  public static let commandsInLine = 32
  /// Values in one command or line.
  public static let fields = 128
  /// Command lines without a final result that are kept in mind.
  public static let openTransactions = 4
  /// Commands that wait for a late result.
  public static let waits = 16
  /// Bytes kept of the end of a counted block, to find a result code that was swallowed.
  public static let blockTail = 64
  /// Longest PPP frame that is kept (RFC 1661: 1500 and its header), and what of a control packet is shown.
  public static let pppFrame = 4096
  public static let pppShown = 256
  /// Longest frame of the multiplexer that is kept, channels of one line, and frames of an unfinished line of one.
  public static let muxFrame = 33_000
  public static let muxChannels = 63
  public static let muxHeld = 32
  /// 27.010, 5.7.2: N1 where nothing else is agreed, with the basic and the advanced option.
  public static let muxInfo = 31
  public static let muxAdvancedInfo = 64
  /// Longest PDU of a short message in digits: a service centre, a TPDU and line ends, with room to spare.
  public static let messageDigits = 1024
  /// Long messages of which parts are awaited.
  public static let longMessages = 16
  /// End marks within one data phase that are reported as unescaped; beyond, it is no data of this kind.
  public static let bareEnds: Int64 = 4
  /// Transfers open at one time on one port.
  public static let transfers = 8
  /// Ports of one trace.
  public static let ports = 64
  /// Longest line of a mail that is looked at (RFC 5322: 998 and CR LF).
  public static let mailLine = 1024
  /// Readable bytes of the host from which on they are taken for somebody's text.
  public static let strayText = 4
  /// Most digits of a decimal number that is read.
  public static let digits = 18
}
