import Glibc
import Sessions
import Testing
import Trace

/// Programs of others that talk through `tap --proxy`.
@Suite(.serialized) struct TapProgramTests {
  /// `lrzsz` on both sides, the modem's one on a pair of ports by `socat`.
  @Test func aTransferByLrzsz() throws {
    let folder = Folder()
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    let device = folder.path("device")
    // The receiver sits on a pair of sockets: on a terminal it may flush its last answer away.
    let socat = try #require(
      Peer.start(
        ["socat", "PTY,raw,echo=0,wait-slave,link=\(device)", "EXEC:rx -b -c \(folder.path("out"))"], input: null,
        output: null, error: null),
      "socat is not installed")
    defer { Self.reap(socat) }
    for _ in 0..<400 where access(device, F_OK) != 0 { usleep(5_000) }
    let tap = try Tap(proxy: device)

    var dice = Dice(seed: 11)
    let sent = (0..<20_000).map { _ in UInt8.random(in: 0...255, using: &dice) }
    Folder.write(sent, to: folder.path("in"))
    let hostEnd = try tap.openApplication()
    _ = fcntl(hostEnd, F_SETFL, 0)
    let sender = try #require(
      Peer.start(["sx", "-b", "-k", folder.path("in")], input: hostEnd, output: hostEnd, error: null))
    #expect(Self.wait(for: sender) == 0, "sx failed: \(tap.process.printed)")
    usleep(100_000)
    close(hostEnd)
    let received = Folder.bytes(folder.path("out"))
    #expect(received.starts(with: sent), "bit for bit")
    #expect(received.count - sent.count < 1024)

    #expect(tap.end() == 0, "\(tap.process.printed) \(tap.process.complaints)")
    let printed = tap.process.printed
    #expect(printed.contains("xmodem, \(received.count) bytes"), "\(printed)")
    #expect(printed.contains("complete"))
    #expect(printed.contains("0 errors"))
  }

  /// `chat`, with a modem that plays a trace.
  @Test func aScriptByChat() throws {
    let line = try #require(PtyPair())
    let modem = ScriptedModem(Self.dialling, on: line)
    defer { modem.stop() }
    let tap = try Tap(proxy: line.path)
    let end = try tap.openApplication()
    _ = fcntl(end, F_SETFL, 0)
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    let chat = try #require(
      Peer.start(
        [
          "/usr/sbin/chat", "-t", "5", "ABORT", "ERROR", "ABORT", "BUSY", "", "ATZ", "OK", "AT+CSQ", "+CSQ: 21",
          "ATD*99#", "CONNECT",
        ], input: end, output: end, error: null), "chat is not installed")
    #expect(Self.wait(for: chat) == 0, "chat failed: \(tap.process.printed)")
    close(end)
    usleep(100_000)
    _ = tap.end()
    #expect(modem.unknown == [])
    let printed = tap.process.printed
    for expected in ["ATZ -> OK", "AT+CSQ -> OK | +CSQ: 21,99", "ATD*99# -> CONNECT"] {
      #expect(printed.contains(expected), "\(printed)")
    }
    #expect(tap.saved.bytes(.hostToModem).starts(with: Array("ATZ\rAT+CSQ\rATD*99#\r".utf8)))
  }

  /// `gammu`, which asks the modem who it is.
  @Test func anIdentificationByGammu() throws {
    let line = try #require(PtyPair())
    let modem = ScriptedModem(Self.identification, on: line)
    defer { modem.stop() }
    let tap = try Tap(proxy: line.path)
    let settings =
      "[gammu]\nport = \(tap.application)\nmodel = at\nconnection = at115200\nsynchronizetime = no\nuse_locking = no\n"
    Folder.write(Array(settings.utf8), to: tap.folder.path("gammurc"))
    let text = try #require(
      Peer.output(["timeout", "9", "gammu", "-c", tap.folder.path("gammurc"), "identify"]),
      "gammu is not installed, or failed: \(tap.process.printed)")
    #expect(text.contains("490154203237518"), "\(text)")
    usleep(50_000)
    _ = tap.end()
    let printed = tap.process.printed
    #expect(printed.contains("AT+CGMM -> OK"), "\(printed)")
    #expect(!printed.contains("490154203237518"), "the number of the device is masked")
    #expect(String(decoding: tap.saved.bytes(.modemToHost), as: UTF8.self).contains("490154203237518"))
  }

  /// `smsd` of the SMS Server Tools, which sends a message as a PDU.
  @Test func aMessageBySmstools() throws {
    let line = try #require(PtyPair())
    let modem = ScriptedModem(Self.messaging, on: line)
    defer { modem.stop() }
    let tap = try Tap(proxy: line.path)
    let folder = tap.folder
    for name in ["outgoing", "checked", "incoming", "sent", "failed"] { mkdir(folder.path(name), 0o700) }
    var settings = "devices = GSM1\nloglevel = 7\ndelaytime = 1\nerrorsleeptime = 1\nreceive_before_send = no\n"
    for name in ["outgoing", "checked", "incoming", "sent", "failed", "logfile", "infofile", "pidfile"] {
      settings += "\(name) = \(folder.path(name))\n"
    }
    settings += "[GSM1]\ndevice = \(tap.application)\nincoming = no\nbaudrate = 115200\n"
    Folder.write(Array(settings.utf8), to: folder.path("smsd.conf"))
    Folder.write(Array("To: 491711234567\n\nHello from the test\n".utf8), to: folder.path("outgoing/m1"))
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    let smsd = try #require(
      Peer.start(["/usr/sbin/smsd", "-c", folder.path("smsd.conf"), "-t"], input: null, output: null, error: null),
      "smstools is not installed")
    for _ in 0..<1_000 where access(folder.path("sent/m1"), F_OK) != 0 { usleep(10_000) }
    #expect(access(folder.path("sent/m1"), F_OK) == 0, "\(Folder.text(folder.path("logfile")).suffix(2000))")
    kill(smsd, SIGTERM)
    #expect(Self.wait(for: smsd) >= 0)
    usleep(50_000)
    _ = tap.end()
    #expect(modem.unknown == [])
    let printed = tap.process.printed
    #expect(printed.contains("+CPIN: READY"), "\(printed)")
    #expect(printed.contains("sms, "), "\(printed)")
    #expect(printed.contains("+CMGS: 7"), "\(printed)")
    #expect(!printed.contains("Hello from"), "what a message says is masked")
    #expect(printed.contains("0 errors"), "\(printed)")
  }

  /// `wvdial`, up to where the daemon of PPP would take over.
  @Test func aCallByWvdial() throws {
    let line = try #require(PtyPair())
    let modem = ScriptedModem(Self.calling, on: line)
    defer { modem.stop() }
    let tap = try Tap(proxy: line.path)
    let settings = """
      [Dialer Defaults]
      Modem = \(tap.application)
      Baud = 115200
      Init1 = ATZ
      Init2 = AT+CSQ
      Phone = *99#
      Username = user
      Password = secret
      Stupid Mode = yes
      Dial Attempts = 1
      Carrier Check = no
      Auto Reconnect = off
      PPPD Path = /bin/true

      """
    Folder.write(Array(settings.utf8), to: tap.folder.path("wvdial.conf"))
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    let wvdial = try #require(
      Peer.start(["wvdial", "-C", tap.folder.path("wvdial.conf")], input: null, output: null, error: null),
      "wvdial is not installed")
    #expect(tap.process.says("ATDT*99# -> CONNECT 115200"), "\(tap.process.printed)")
    #expect(Self.wait(for: wvdial) >= 0, "wvdial does not end")
    _ = tap.end()
    let printed = tap.process.printed
    for expected in ["ATZ -> OK", "AT+CSQ -> OK | +CSQ: 21,99"] { #expect(printed.contains(expected), "\(printed)") }
    #expect(modem.unknown == [])
  }

  /// Waits for the end of a program, for no longer than a test should take; what it says of itself, or -1.
  private static func wait(for process: pid_t) -> Int32 {
    var status: Int32 = 0
    for _ in 0..<1_500 {
      if waitpid(process, &status, WNOHANG) == process { return status }
      usleep(10_000)
    }
    kill(process, SIGKILL)
    waitpid(process, &status, 0)
    return -1
  }

  private static func reap(_ process: pid_t) {
    var status: Int32 = 0
    kill(process, SIGTERM)
    waitpid(process, &status, 0)
  }

  private static let dialling = """
    0.000 --> "ATZ\\r"
    0.010 <-- "\\r\\nOK\\r\\n"
    0.100 --> "AT+CSQ\\r"
    0.110 <-- "\\r\\n+CSQ: 21,99\\r\\n"
    0.115 <-- "\\r\\nOK\\r\\n"
    0.200 --> "ATD*99#\\r"
    0.300 <-- "\\r\\nCONNECT\\r\\n"
    """

  /// With its echo on; what is not here is refused.
  private static let identification = """
    0.0 --> "AT\\r"
    0.0 <-- "AT\\r\\r\\nOK\\r\\n"
    1.0 --> "ATE1\\r"
    1.0 <-- "ATE1\\r\\r\\nOK\\r\\n"
    2.0 --> "AT+CMEE=1\\r"
    2.0 <-- "AT+CMEE=1\\r\\r\\nOK\\r\\n"
    3.0 --> "AT+CSCS?\\r"
    3.0 <-- "AT+CSCS?\\r\\r\\n+CSCS: \\\"GSM\\\"\\r\\n\\r\\nOK\\r\\n"
    4.0 --> "AT+CSCS=?\\r"
    4.0 <-- "AT+CSCS=?\\r\\r\\n+CSCS: (\\\"GSM\\\",\\\"UCS2\\\")\\r\\n\\r\\nOK\\r\\n"
    5.0 --> "AT+CFUN=1\\r"
    5.0 <-- "AT+CFUN=1\\r\\r\\nOK\\r\\n"
    6.0 --> "AT+CGMM\\r"
    6.0 <-- "AT+CGMM\\r\\r\\nPLAYER ONE\\r\\n\\r\\nOK\\r\\n"
    7.0 --> "AT+CGMI\\r"
    7.0 <-- "AT+CGMI\\r\\r\\nPLAYERS\\r\\n\\r\\nOK\\r\\n"
    8.0 --> "AT+CGMR\\r"
    8.0 <-- "AT+CGMR\\r\\r\\n1.0\\r\\n\\r\\nOK\\r\\n"
    9.0 --> "AT+CGSN\\r"
    9.0 <-- "AT+CGSN\\r\\r\\n490154203237518\\r\\n\\r\\nOK\\r\\n"
    10.0 --> "AT+CIMI\\r"
    10.0 <-- "AT+CIMI\\r\\r\\n001010123456789\\r\\n\\r\\nOK\\r\\n"
    """

  private static let calling = """
    0.000 --> "ATZ\\r"
    0.010 <-- "\\r\\nOK\\r\\n"
    0.100 --> "AT+CSQ\\r"
    0.110 <-- "\\r\\n+CSQ: 21,99\\r\\n\\r\\nOK\\r\\n"
    0.200 --> "ATDT*99#\\r"
    0.300 <-- "\\r\\nCONNECT 115200\\r\\n"
    """

  /// The PDU is that of TS 23.040 for the number and the text that the test gives.
  private static let messaging = """
    0.0 --> "AT\\r"
    0.0 <-- "\\r\\nOK\\r\\n"
    1.0 --> "ATE0\\r"
    1.0 <-- "\\r\\nOK\\r\\n"
    2.0 --> "AT+CMEE=1;+CREG=2\\r"
    2.0 <-- "\\r\\nOK\\r\\n"
    3.0 --> "AT+CPIN?\\r"
    3.0 <-- "\\r\\n+CPIN: READY\\r\\n\\r\\nOK\\r\\n"
    4.0 --> "AT+CSQ\\r"
    4.0 <-- "\\r\\n+CSQ: 21,99\\r\\n\\r\\nOK\\r\\n"
    5.0 --> "AT+CREG?\\r"
    5.0 <-- "\\r\\n+CREG: 2,1,\\"0001\\",\\"0002\\"\\r\\n\\r\\nOK\\r\\n"
    6.0 --> "AT+CMGF=0\\r"
    6.0 <-- "\\r\\nOK\\r\\n"
    7.0 --> "AT+CGSN\\r"
    7.0 <-- "\\r\\n490154203237518\\r\\n\\r\\nOK\\r\\n"
    8.0 --> "AT+CIMI\\r"
    8.0 <-- "\\r\\n001010123456789\\r\\n\\r\\nOK\\r\\n"
    9.0 --> "AT+CMGS=31\\r"
    9.1 <-- "\\r\\n> "
    9.2 --> "0011000C919471113254760000FF13C8329BFD0699E5EF36888E2E83E8E5391D\\x1A"
    9.5 <-- "\\r\\n+CMGS: 7\\r\\n\\r\\nOK\\r\\n"
    """
}
