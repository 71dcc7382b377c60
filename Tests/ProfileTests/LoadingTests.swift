import Testing
import Trace

@testable import Profile

@Suite("A profile becomes a book")
struct LoadingTests {
  private func form(_ book: Book, _ command: String, _ form: Form) throws -> FormSpec {
    let spec = try #require(book.command(named: command))
    return try #require(spec.form(form))
  }

  @Test("the sample has no mistakes, alone and built on its base")
  func clean() throws {
    #expect(SampleProfile.lint(SampleProfile.vendor).map(\.text) == [])
    #expect(Profiles.lint(files: SampleProfile.library).map(\.text) == [])
  }

  @Test("what stands at the top")
  func top() throws {
    let book = try SampleProfile.book()
    #expect(book.names == ["shop", "base"])
    #expect(book.title == "Shop modem")
    #expect(book.isStrict)
    #expect(book.documents.map(\.id) == ["BASE", "SHOP_V1", "SHOP_V2"])
    #expect(book.documents[1].date == "2011-11-02")
    #expect(book.recognise.map(\.contains) == ["SHOP900"])
    #expect(book.recognise.first?.commands == ["ATI", "+GMM"])
    #expect(book.finals.map { String(decoding: $0.text, as: UTF8.self) } == ["SHUT OK", "NOPE", "LINK FAIL"])
    #expect(book.finals.map(\.success) == [true, false, false])
    #expect(book.cmeTable != nil && book.cmsTable == nil)
    guard case .constant(.number(30_000)) = book.within.operations.first else {
      Issue.record("30s is not 30000 ms")
      return
    }
  }

  @Test("memory has states, keys and values at the start and after a reset")
  func memory() throws {
    let book = try SampleProfile.book()
    #expect(book.memory.map(\.name) == ["link", "level", "timeout", "charset", "size", "pair", "bearer"])
    let link = book.memory[0]
    #expect(link.states == ["down", "up", "closing"])
    #expect((link.atStart, link.atReset) == (.number(0), .number(0)))
    #expect(book.memory[1].atReset == .number(5))
    #expect(book.memory[3].atReset == .text(hash: TextHash.of("ASCII".utf8)))
    #expect(book.memory.map(\.keys) == [0, 0, 0, 0, 1, 2, 1])
    #expect(book.memory[4].atStart.isKnown && !book.memory[5].atStart.isKnown)
  }

  @Test("the forms of a command")
  func forms() throws {
    let book = try SampleProfile.book()
    let same = try #require(book.command(named: "+same"))
    #expect(same.profile == "shop" && same.strict && same.abortable)
    #expect(book.command(named: "+SMAE") === same)
    #expect(book.document(same.source.document).id == "SHOP_V2" && same.source.section == "2.1")
    #expect(same.form(.exec) == nil)
    let write = try form(book, "+SAME", .write)
    #expect(write.source.section == "2.1.2")
    #expect(write.takes.parameters[0].defaultValue == .number(25))
    #expect(write.takes.parameters[1].mask == .user)
    #expect(write.finals == [.ok, .error, .connect])
    #expect(write.prompt == [0x3E])
    #expect(write.within.operations.count == 5)
    #expect(try form(book, "+SAME", .read).reports)
    #expect(try form(book, "+SAME", .read).note == "a remark")
    let read = try form(book, "+READ", .write)
    #expect(read.gives.map(\.times) == [0...1, 0...Int.max])
    #expect(read.late.map(\.isText) == [false, true])
    #expect(read.late[0].signature.parameters[1].meaning == book.codes.firstIndex { $0.name == "login" })
    #expect(read.instead == [Array("+GONE".utf8)])
    #expect(try form(book, "+DIAL", .exec).finals == [.connect, .error])
  }

  @Test("rules have names, severity, citation, texts and values")
  func rules() throws {
    let book = try SampleProfile.book()
    let sent = try form(book, "+SAME", .write).onSent.statements
    #expect(sent.map(\.rule) == ["shop.same-link", "shop.same-plain", "shop.same-full"])
    #expect(sent.map(\.severity) == [.warning, .error, .note])
    #expect(sent.map(\.source.section) == ["2.2", "2.1.2", "2.3"])
    #expect(sent.map { book.document($0.source.document).id } == ["SHOP_V2", "SHOP_V2", "SHOP_V1"])
    #expect(sent[0].says == "the link is {link}" && sent[0].values.map(\.name) == ["link"])
    #expect(sent[0].advice == "Bring it up." && sent[0].expression == "link is up")
    #expect(sent[2].values.map(\.name) == ["name", "len"])
    #expect(sent[2].isAfterMoves && !sent[2].when.isEmpty && sent[1].when.isEmpty)
    let line = try form(book, "+READ", .write).gives[0]
    #expect(line.hook.statements.map(\.rule) == ["shop.read-needs-bearer", "shop.read-length"])
    #expect(line.hook.statements.map(\.severity) == [.warning, .warning])
    #expect(book.everyCommand.statements.map(\.rule) == ["base.link-any", "shop.every-command-needs-link"])
    #expect(book.statements.map(\.id) == Array(book.statements.indices))
    #expect(book.lines.map(\.id) == Array(book.lines.indices))
    #expect(book.dataPhases.map(\.id) == Array(book.dataPhases.indices))
  }

  @Test("keys of a form and of its moments become hooks")
  func hooks() throws {
    let write = try form(SampleProfile.book(), "+SAME", .write)
    #expect(write.onSent.moves.count == 1)
    #expect(write.onOK.moves.count == 5)
    #expect(write.onOK.transfers.map(\.kind) == [.pop3])
    #expect(write.onOK.statements.isEmpty)
    #expect(write.onError.transfers.map(\.kind) == [.pop3] && write.onError.moves.count == 1)
    guard case .set(_, let keys, let cases) = write.onOK.moves[0].action,
      case .parameter(0, default: .number(25))? = keys.first?.operations.first,
      case .parameter(0, default: .number(25))? = cases.first?.value.operations.first,
      case .forget(4, let key, let condition) = write.onOK.moves[2].action,
      case .forget(5, let part, _) = write.onOK.moves[3].action,
      case .forget(4, _, let onlyIf) = write.onOK.moves[4].action
    else {
      Issue.record("moves are not what was written")
      return
    }
    #expect(key.isEmpty && condition.isEmpty && !part.isEmpty && !onlyIf.isEmpty)
  }

  @Test("names of a line come before parameters; a data phase sees the fields of its events")
  func scopes() throws {
    let book = try SampleProfile.book()
    let read = try form(book, "+READ", .write)
    guard case .field(1)? = read.gives[0].hook.statements[1].holds.operations.first,
      case .parameter(0, default: .unknown)? = read.gives[0].when.operations.first
    else {
      Issue.record("fields and parameters are mixed up")
      return
    }
    let data = try #require(read.gives[0].data)
    #expect(data.framing == .counted(position: 1))
    #expect((data.from, data.decoder, data.kind) == (.modemToHost, .pop3, .pop3))
    #expect(data.onEvent[Int(PayloadEvent.mailEnd.rawValue)].statements.first?.values.first?.name == "octets")
    guard case .set(_, let keys, _)? = data.onEvent[Int(PayloadEvent.uid.rawValue)].moves.first?.action else {
      Issue.record("the move of on-uid is lost")
      return
    }
    #expect(keys.count == 2)
    let prompt = try #require(try form(book, "+SAME", .write).data)
    #expect((prompt.framing, prompt.cancel, prompt.from, prompt.masked) == (.ctrlZ, 0x1B, .hostToModem, true))
    let dial = try #require(try form(book, "+DIAL", .exec).data)
    #expect(dial.framing == .escape && dial.from == .unknown && dial.untilEnded)
  }

  @Test("unsolicited lines, with those of the base behind the vendor's")
  func unsolicited() throws {
    let book = try SampleProfile.book()
    let prefixes = book.unsolicited.map { String(decoding: $0.prefix, as: UTF8.self) }
    #expect(prefixes == ["+GONE", "RDY", "+CTX 1", "+CTX 2", "+CTX 3", "+NEWS", "+NEWS"])
    #expect(book.unsolicited[0].endsWaits && book.unsolicited[1].resets)
    #expect(book.unsolicited[0].hook.transfers.map(\.action) == [.end, .begin])
    #expect(book.unsolicited[5].next?.prefix == [])
    #expect(book.unsolicited[5].signature.parameters.count == 2)
    guard case .set(_, let keys, let cases)? = book.unsolicited[3].hook.moves.first?.action,
      case .constant(.number(2))? = keys.first?.operations.first
    else {
      Issue.record("the value in the prefix is not known to the moves")
      return
    }
    #expect(cases.first?.value.isEmpty == true)
  }

  // MARK: Layers

  @Test("the vendor's command takes the place of the base's, with all its forms")
  func replacing() throws {
    let book = try SampleProfile.book()
    #expect(book.command(named: "+SAME")?.title == "As the shop has it")
    #expect(book.commands.count { $0.name == "+SAME" } == 1)
    #expect(book.commands.map(\.index) == Array(book.commands.indices))
    #expect(!book.lines.contains { $0.pattern == "+SAME: <a>" })
    let kept = try #require(book.command(named: "+KEPT"))
    #expect(kept.profile == "base" && !kept.strict)
    #expect(book.document(kept.source.document).id == "BASE")
    #expect(book.command(named: "+OWN")?.profile == "shop", "an alias of the base hides a command")
    #expect(kept.aliases == ["+KEPD"])
    #expect(kept.form(.exec)?.onSent.statements.map(\.rule) == ["base.kept-needs-link"])
  }

  @Test("tables of codes are joined, and the vendor's words win")
  func codes() throws {
    let book = try SampleProfile.book()
    let shared = try #require(book.codes.firstIndex { $0.name == "shared" })
    #expect(book.meaning(table: shared, code: 1) == "one")
    #expect(book.meaning(table: shared, code: 2) == "zwei")
  }

  @Test("the base speaks of the vendor's memory once it is replaced")
  func replacedMemory() throws {
    let book = try SampleProfile.book(
      SampleProfile.vendor.replacing("is: [down, up, closing]", with: "is: [closing, up, down]"))
    let statement = try #require(book.command(named: "+KEPT")?.form(.exec)?.onSent.statements.first)
    #expect(statement.holds.ranges == [1...1])
    let found = SampleProfile.lint(
      SampleProfile.vendor.replacing("is: [down, up, closing]", with: "is: [down, closing]"))
    #expect(found.contains { $0.message.contains("states that are missing") && $0.suggestion.contains("up") })
  }

  @Test("several files of a folder make one profile")
  func files() throws {
    let lines = SampleProfile.vendor.split(separator: "\n", omittingEmptySubsequences: false)
    let cut = try #require(lines.firstIndex(of: "unsolicited:"))
    let files = [
      SampleProfile.file(lines[..<cut].joined(separator: "\n"), named: "a.yaml"),
      SampleProfile.file(lines[cut...].joined(separator: "\n"), named: "b.yaml"),
    ]
    #expect(Profiles.lint(files: files, library: SampleProfile.library).isEmpty)
    let book = try Profiles.load(files: files, library: SampleProfile.library)
    #expect(book.unsolicited.count == 7)
    let twice = Profiles.lint(
      files: files + [SampleProfile.file("title: x\ncommands: {+own: {section: '1', exec: {}}}\n", named: "c.yaml")],
      library: SampleProfile.library)
    #expect(twice.map(\.text.prefix13) == ["c.yaml:1:1: e", "c.yaml:2:12: "])
  }

  @Test("what cannot be loaded is said in one line")
  func errors() {
    #expect(throws: ProfileError.self) { try Profiles.load("no such profile") }
    #expect(throws: ProfileError.self) { try Profiles.load(files: []) }
    let failed = #expect(throws: ProfileError.self) { try SampleProfile.book("profile: x\ncomands: {}\n") }
    #expect(failed?.message.hasPrefix("shop.yaml:2:1: error: ") == true)
    #expect(failed?.message.contains("\n") == false)
  }

  @Test("every built-in profile loads", arguments: Profiles.builtIn)
  func builtIn(_ name: String) throws {
    #expect(try Profiles.load(name).names.first == name)
  }
}

extension String {
  /// Without Foundation: the first place of `old` is replaced.
  func replacing(_ old: String, with new: String) -> String {
    guard let range = firstRange(of: old) else {
      Issue.record("'\(old)' is not in the sample")
      return self
    }
    return String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
  }

  fileprivate var prefix13: String { String(prefix(13)) }
}
