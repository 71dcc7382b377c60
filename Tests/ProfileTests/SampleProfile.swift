@testable import Profile

/// An invented modem and the document it builds on; between them they use every key of the profile language.
enum SampleProfile {
  static let base = """
    profile: base
    title: Common commands
    strict: false
    documents:
      - {id: BASE, title: Common document, version: "1", date: 2001-01-01}
    within: 20s
    types:
      onoff: "int 0|1"
    errors:
      CME: {3: operation not allowed, 10: SIM not inserted}
      shared: {1: one, 2: two}
    memory:
      link: {is: [down, up]}
      level: {at-reset: 5}
    every-command:
      holds: {link-any: "link == up || link == down"}
    commands:
      E: {section: "1.1", title: Echo, exec: {}, write: {takes: "<value:onoff = 0>"}}
      +SAME: {section: "1.2", title: As the base has it, read: {gives: "+SAME: <a:int>"}, test: {}}
      +KEPT: {section: "1.3", title: Only in the base, aliases: [+KEPD, +OWN], exec: {needs: {link: up}, moves: {level: 6}}}
    unsolicited:
      - {line: "+NEWS: <n:int>", section: "1.9"}
    """

  static let vendor = """
    # An invented modem.
    profile: shop
    title: Shop modem
    extends: base
    documents:
      - {id: SHOP_V1, title: Shop manual, version: "1.0", date: 2011-11-02}
      - {id: SHOP_V2, title: Supplement}
    recognise:
      - {to: [ATI, +GMM], contains: SHOP900}
    strict: true
    within: 30s
    types:
      port: "int 1..65535"
      out-code: "code means login"
      code: "int 1|61..69"
    errors:
      login: {61: network error, 67: wrong user name}
      shared: {2: zwei}
    memory:
      link: {is: [down, up, closing], shared: true, at-start: down, at-reset: down}
      timeout: {at-reset: 30}
      charset: {at-reset: ASCII}
      size: {by: 1, at-start: empty, at-reset: empty}
      pair: {by: 2, note: two keys}
      bearer: {is: [connecting, open], by: 1}
    finals: ["SHUT OK", {text: NOPE, fails: true}, LINK FAIL]
    every-command:
      needs: {link: [down, up]}
    commands:
      +SAME:
        section: "2.1"
        document: SHOP_V2
        title: As the shop has it
        aliases: [+SMAE]
        abortable: true
        within: 60s
        note: replaces that of the base
        test: {gives: "+SAME: <len:ranges 1..1460>,<nameLength:limit name>"}
        read: {gives: "+SAME: <len:int>[,<name:str blank>]", reports: write, note: a remark}
        write:
          takes: "<len:int 1..1460 = 25>[,<name:str 1..20 ascii user>]"
          section: "2.1.2"
          within: "timeout * 1000 + 500ms"
          needs: {link: {is: up, says: "the link is {link}", do: Bring it up., section: "2.2", severity: warning, name: same-link}}
          holds:
            same-plain: "len != 3"
            same-full:
              {is: "given(name) -> length(name) <= len", when: "len in {1..100, 200}", says: "{name} is longer than {len}",
               do: Shorten it., section: "2.3", document: SHOP_V1, severity: note, after: true, note: remark}
          moves: {"size[len]": len, timeout: unknown}
          on-sent: {moves: {level: 1}}
          on-ok: {begins: {pop3: 4}, moves: [{forget: [size, "pair[len]"]}, {forget: {"len == 2": [size]}}]}
          on-error: {drops: [pop3], moves: {link: down}}
          finals: [OK, ERROR, CONNECT]
          prompt: "> "
          data: {ends: ctrl-z, cancel: esc, from: host, as: text, kind: mail, mask: body,
                 on-end: {holds: {same-body: "cancelled == 1 || bytes <= len"}}}
      +READ:
        section: "2.4"
        write:
          takes: "<want:int 1..100>"
          gives:
            - line: "+READ: <status:int 1|2>,<got:int 0..100>"
              times: "0..1"
              when: "want > 1"
              fails: "status == 2 && got == 0"
              severity: warning
              section: "2.5"
              document: SHOP_V2
              note: remark
              needs: {"bearer[want]": [connecting, open]}
              holds: {read-length: "got <= want && copies < 2"}
              moves: {link: {"status == 1": up, "status != 1": closing}}
              ends: {smtp: "got == 0"}
              data:
                counted: got
                from: modem
                as: pop3
                kind: pop3
                until: "status == 2"
                on-end: {moves: {level: bytes}}
                on-listing: {moves: {"size[number]": size}}
                on-uid: {moves: {"pair[number, uid]": 1}}
                on-mail-end: {holds: {read-dot: {is: "command == 4 -> dotted == 1", says: "{octets} octets"}}}
            - {line: "+READ: 3", times: "0.."}
          then:
            - {line: "+READ: 0,<why:out-code>", fails: "why != 1", drops: [pop3], moves: {link: down}}
            - "READ DONE"
          then-within: 2min
          then-order: any
          instead: ["+GONE"]
          on-missing: {moves: {link: unknown}}
      +OWN: {section: "2.6", exec: {gives: "<text:rest>"}}
      +DIAL:
        section: "2.7"
        exec: {finals: [CONNECT, ERROR], ends-waits: +READ, data: {ends: escape, from: both, as: bytes, kind: transparent, until: never}, moves: {charset: "'GSM'"}}
    unsolicited:
      - {line: "+GONE: <code:code>", section: "3.1", ends-waits: true, ends: [smtp], begins: [ftp]}
      - {line: RDY, section: "3.2", reset: true}
      - {line: "+CTX <cid:int 1..3>: GONE", section: "3.3", moves: {"bearer[cid]": unknown}}
      - {line: "+NEWS: <n:int>,<m:int>", section: "3.4", next: "<pdu:rest body>"}
    """

  /// Sections of the first document of the sample, to stand behind it.
  static let sections = """

    sections:
      "1": {title: Overview, nothing: an introduction}
      "2": {title: Commands}
      "2.3": {title: Same again, codes: login, unchecked: [{says: It is kept., why: nobody sees it}]}
      "3": {title: Lines, elsewhere: the values of each line under 2.3}
    """

  static let library = [ManualFile(profile: "base", file: "base/base.yaml", bytes: Array(base.utf8))]

  static func book(_ text: String = vendor) throws -> Book {
    try Profiles.load(files: [file(text)], library: library)
  }

  static func file(_ text: String, named name: String = "shop.yaml") -> ManualFile {
    ManualFile(profile: "shop", file: name, bytes: Array(text.utf8))
  }

  static func lint(_ text: String) -> [Diagnostic] { Profiles.lint(files: [file(text)], library: library) }
}
