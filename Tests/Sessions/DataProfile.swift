/// An invented modem with data phases of every kind, for tests and fuzzing.
public enum DataProfile {
  public static let yaml = """
    profile: own
    title: Data of all kinds
    documents: [{id: OWN, title: Data, version: "1", date: 2020-01-01}]
    memory:
      raw: {}
      packets: {}
    commands:
      E: {section: "0", exec: {}, write: {takes: "<value:int 0|1 = 0>"}}
      +RAW: {section: "1", write: {takes: "<mode:int 0|1>", moves: {raw: mode}}}
      +PACK: {section: "1", write: {takes: "<mode:int 0|1>", moves: {packets: mode}}}
      +PUT: {section: "2", exec: {then: [{line: "+PUT: 2", data: {ends: dle-etx, from: host, kind: ftp}}]}}
      +GET: {section: "3", exec: {then: [{line: "+GET: 2", data: {ends: dle-etx, from: modem, kind: ftp}}]}}
      +TALK:
        section: "4"
        exec:
          gives: {line: "Go", data: {ends: dle-etx, from: both, kind: tcp, shielded: "raw != 1", closed-by: [Closed, "#ERR:"]}}
          within: 600s
      +PIPE: {section: "5", exec: {data: {ends: escape, from: both, kind: udp, unstuff: "packets == 1", closed-by: ["+END:"]}}}
      +SEND:
        section: "6"
        write:
          takes: "<id:int 1..5>,<mode:int 0..2>,<len:int 1..65535>"
          prompt: OK
          prompt-when: mode == 2
          data: {counted: len, from: host, kind: tcp}
          gives: {line: "+SEND: <id:int>", times: "0..1"}
      +CALL: {section: "5", exec: {finals: [CONNECT, ERROR], data: {ends: escape, from: both, as: ppp, kind: transparent}}}
      +MUX: {section: "5", exec: {data: {ends: mux, from: both}}}
      +MAIL: {section: "7", exec: {gives: {line: "Mail", data: {ends: dot-line, from: modem, kind: mail}}}}
      +LIST: {section: "8", exec: {gives: {line: "+LIST: <n:int>", times: "0..", data: {ends: line, from: modem, as: sms, announces: n, kind: sms}}}}
      +LOAD: {section: "9", exec: {prompt: ">", finals: [ERROR], data: {ends: xmodem, from: host, kind: xmodem}}}
    unsolicited:
      - {line: "+IN: <id:int 1..5>,<len:int 1..1500>,<data:payload>", section: "10", data: {counted: len, from: modem, kind: tcp}}
      - {line: "Closed", section: "4"}
      - {line: "+END: <why:int>", section: "5"}
      - {line: "+PUT: <result:int 0|1>", section: "2"}
      - {line: "+GET: <result:int 0|1>", section: "3"}
    """
}
