import Foundation
import Testing

@testable import Profile

@Suite("The published schema knows the keys that the loader knows")
struct SchemaTests {
  private func schema() throws -> [String: Any] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appendingPathComponent("Sources/Profile/profile.schema.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// The keys of a definition, through `anyOf`.
  private func keys(_ node: [String: Any]) -> Set<String> {
    var found: Set<String> = []
    if let properties = node["properties"] as? [String: Any], node["additionalProperties"] as? Bool == false {
      found.formUnion(properties.keys)
    }
    for choice in node["anyOf"] as? [[String: Any]] ?? [] { found.formUnion(keys(choice)) }
    return found
  }

  @Test("every map has the same keys in both")
  func sameKeys() throws {
    let schema = try schema()
    let parts = try #require(schema["$defs"] as? [String: [String: Any]])
    let top = try #require(schema["properties"] as? [String: [String: Any]])
    func part(_ name: String) throws -> Set<String> { keys(try #require(parts[name])) }
    func entries(_ node: [String: Any]?, _ key: String) throws -> Set<String> {
      keys(try #require(node?[key] as? [String: Any]))
    }
    #expect(Set(top.keys) == Set(Keys.top))
    #expect(try part("command") == Set(Keys.command))
    #expect(try part("form") == Set(Keys.form))
    #expect(try part("line") == Set(Keys.line))
    #expect(try part("data") == Set(Keys.data))
    #expect(try part("hook") == Set(Keys.hook))
    #expect(try part("control") == Set(Keys.control))
    #expect(try part("memory") == Set(Keys.memory))
    #expect(try entries(parts["needs"], "additionalProperties") == Set(Keys.rule))
    #expect(try entries(parts["holds"], "additionalProperties").union(["name"]) == Set(Keys.rule))
    #expect(try entries(top["documents"], "items") == Set(Keys.document))
    #expect(try entries(top["recognise"], "items") == Set(Keys.recognise))
    #expect(try entries(top["finals"], "items") == Set(Keys.final))
    #expect(try entries(top["sections"], "additionalProperties") == Set(Keys.section))
    let section = try #require(top["sections"]?["additionalProperties"] as? [String: Any])
    let listed = try #require(section["properties"] as? [String: [String: Any]])
    #expect(try entries(listed["unchecked"], "items") == Set(Keys.unchecked))
  }
}
