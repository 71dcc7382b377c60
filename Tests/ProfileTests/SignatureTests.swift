import Testing

@testable import Profile

@Suite("Signatures, types and lines")
struct SignatureTests {
  private var types: TypeParser {
    var types = TypeParser()
    types.codeTables = ["login": 0]
    var port = TextScanner("int 1..65535")
    types.named["port"] = try? types.draft(&port)
    return types
  }

  private func signature(_ text: String) throws(LanguageError) -> Signature {
    try SignatureParser(types: types).signature(text)
  }

  private func parameter(_ type: String) throws -> Parameter {
    try #require(try signature("<x:\(type)>").parameters.first)
  }

  private func mistake(_ text: String) -> LanguageError? {
    do throws(LanguageError) {
      _ = try signature(text)
      return nil
    } catch {
      return error
    }
  }

  @Test("optional parts nest, follow one another and repeat")
  func brackets() throws {
    let nested = try signature("<a:int>[,<b:int>[,<c:str>]]")
    #expect(nested.required == 1)
    #expect((0...4).filter { nested.allows(count: $0) } == [1, 2, 3])
    let pairs = try signature("<a:int>[,<b:int>,<c:int>]")
    #expect((0...4).filter { pairs.allows(count: $0) } == [1, 3])
    let beside = try signature("[<a:int>][,<b:int>]")
    #expect((0...3).filter { beside.allows(count: $0) } == [0, 1, 2])
    let repeated = try signature("<a:int>[,<b:int>,<c:str>]...")
    #expect(repeated.repeats == 2)
    #expect((0...7).filter { repeated.allows(count: $0) } == [1, 3, 5, 7])
    #expect(repeated.parameter(at: 5)?.name == "b")
    #expect(try signature("<a:int>[,<b:int>[,<c:any>]...]").repeats == 1)
    #expect(try signature("").parameters.isEmpty)
  }

  @Test("literals are numbers, words or texts in quotes")
  func literals() throws {
    let parameters = try signature("2,CONNECT OK,\"a,b\",<x:int>").parameters
    #expect(
      parameters.map(\.base) == [.literalNumber(2), .literalText("CONNECT OK"), .literalText("a,b"), .int])
  }

  @Test("limits, values, masks and defaults of types")
  func modifiers() throws {
    let int = try parameter("int 0..3|5|10.. = 5")
    #expect(int.ranges == [0...3, 5...5, 10...Int64.max])
    #expect(int.defaultValue == .number(5))
    #expect(int.quotes == .forbidden)
    let text = try parameter("str 1..20 ascii user blank even")
    #expect(text.length == 1...20)
    #expect(text.traits == .ascii)
    #expect((text.mask, text.blank, text.even, text.quotes) == (.user, true, true, .required))
    #expect(try parameter("str \"IP\"|\"PPP\" = \"IP\"").values == ["IP", "PPP"])
    #expect(try parameter("word A|I|user").values == ["A", "I", "user"])
    #expect(try parameter("word READY").values == ["READY"])
    #expect(try parameter("word 1..8 hex").length == 1...8)
    #expect(try parameter("port bare = 25").ranges == [1...65535])
    #expect(try parameter("port bare = 25").quotes == .optional)
    #expect(try parameter("int quoted").quotes == .required)
    #expect(try parameter("limit subject").base == .limit(of: "subject"))
    #expect(try parameter("ranges 1..1460").base == .ranges)
    #expect(try parameter("int 1|61 means login").meaning == 0)
    #expect(try parameter("rest 1..70 graphic").length == 1...70)
    #expect(try parameter("int -5..-1").ranges == [-5...(-1)])
  }

  @Test(
    "mistakes are found at their column, with what would be right",
    arguments: [
      ("<a:nit>", 3, "did you mean 'int'?"), ("<a:int 3..1>", 7, "1..3"), ("<a:int 0-3>", 8, "0..3"),
      ("<a:int 0..3 = 9>", 14, "range"), ("<a:int = x>", 9, "= 25"), ("<a:str \"A\"|\"B\" = \"C\">", 17, "A, B"),
      ("<a:int str>", 7, "one base"), ("<a:int means logn>", 13, "did you mean 'login'?"), ("<a>", 2, "<a:int>"),
      ("<a:int", 0, "write >"), ("<:int>", 1, "<name:type>"), ("<a:int>,", 7, "leave it out"), (",<a:int>", 0, "blank"),
      ("<a:int>,,<b:int>", 8, "blank"), ("<a:int><b:int>", 7, "write"), ("<a:int>[,<b:int>", 16, "]"),
      ("<a:int>]", 7, "write ["),
      ("<a:int>[,<b:int>],<c:int>", 18, "brackets"), ("<a:int>[]", 8, "[,<name:type>]"),
      ("<a:rest>,<b:int>", 9, "rest takes everything"), ("<a:int>[,<b:int>]...,<c:int>", 20, "end"),
      ("<a:int>[,<b:int>[,<c:int>]]...", 26, "without brackets"), ("<a:int>,<a:str>", 8, "its own name"),
      ("<a:bare>", 3, "int, str"), ("<a:1..5>", 3, "int 1..5"), ("<a:any 1..5>", 7, "str 1..20"),
      ("<a:str 1|5>", 7, "str 1..20"), ("<a:int ..>", 7, "1..5"), ("<a:limit>", 8, "limit subject"),
      ("<a:str \"x>", 0, "write >"), ("<a:int !>", 7, "int 0..3"), ("<a:str 99999999999999999999>", 7, "1..5"),
    ])
  func mistakes(_ text: String, _ column: Int, _ help: String) throws {
    let found = try #require(mistake(text), "\(text) is let pass")
    #expect(found.at == column, "\(text): \(found)")
    #expect(found.help.contains(help), "\(text): \(found)")
  }

  @Test("lines have a prefix, are free text, or take anything")
  func lines() throws {
    let parser = LineParser(signatures: SignatureParser(types: types))
    let line = try #require(try parser.lines("+THING: 2,<len:int>").first)
    #expect(String(decoding: line.prefix, as: UTF8.self) == "+THING")
    #expect(line.signature.parameters.count == 2)
    let text = try #require(try parser.lines("Call Ready").first)
    #expect(text.isText)
    #expect(String(decoding: text.prefix, as: UTF8.self) == "Call Ready")
    let any = try #require(try parser.lines("<text:rest>").first)
    #expect(any.prefix.isEmpty && !any.isText)
    let literal = try #require(try parser.lines("+CPIN: READY").first)
    #expect(literal.signature.parameters.first?.base == .literalText("READY"))
    #expect(try parser.lines("STATE: <state:rest>").first?.prefix == Array("STATE".utf8))
    #expect(LineParser.plain("+A: <n:int 0..3>,<t:str \">\"|\"b\">") == "+A: <n>,<t>")
  }

  @Test("a number of few values in the prefix makes one line for each")
  func variants() throws {
    let parser = LineParser(signatures: SignatureParser(types: types))
    let lines = try parser.lines("+CTX <cid:int 1..3>: GONE")
    #expect(lines.map { String(decoding: $0.prefix, as: UTF8.self) } == ["+CTX 1", "+CTX 2", "+CTX 3"])
    #expect(lines.compactMap(\.constants.first?.value) == [1, 2, 3])
    for wrong in [
      "+CTX <cid:int>: GONE", "+CTX <cid:str>: GONE", "+CTX <cid:int 0..1000>: GONE", "+CTX <cid:int 1..3>", "", "  ",
    ] {
      #expect(throws: LanguageError.self) { try parser.lines(wrong) }
    }
  }
}
