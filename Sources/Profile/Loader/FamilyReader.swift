import Trace

/// Reads commands that differ in one number of their names.
extension LayerReader {
  /// The member of a family that is being read.
  struct Member {
    var parameter: String
    var number: Int64

    /// The line of this member: `<i>` stands for the number.
    func line(_ pattern: String) -> String {
      var result: [UInt8] = []
      let sign = Array("<\(parameter)>".utf8)
      let bytes = Array(pattern.utf8)
      var at = 0
      while at < bytes.count {
        if bytes[at...].starts(with: sign) {
          result += Array(String(number).utf8)
          at += sign.count
        } else {
          result.append(bytes[at])
          at += 1
        }
      }
      return String(decoding: result, as: UTF8.self)
    }
  }

  /// So many commands may come of one entry.
  private static let familyLimit: Int64 = 32

  /// The names that an entry under `commands:` stands for; of a family that cannot be read, the entry itself.
  static func names(ofEntry key: String) -> [String] {
    guard let family = try? family(key) else { return [key] }
    return family.numbers.flatMap { range in range.map { family.name($0) } }
  }

  /// `#BODY<i:int 1..3>`; nil for a plain name.
  private static func family(_ key: String) throws(LanguageError) -> CommandFamily? {
    let bytes = Array(key.utf8)
    guard let open = bytes.firstIndex(of: 0x3C) else { return nil }
    let wanted = "write a number of few values into the name: `+NAME<i:int 1..3>`"
    guard let close = bytes[open...].firstIndex(of: 0x3E), open > 0 else {
      throw LanguageError(open, "< is not closed", help: wanted)
    }
    let named: Signature
    do throws(LanguageError) {
      named = try SignatureParser(types: TypeParser()).signature(String(decoding: bytes[open...close], as: UTF8.self))
    } catch { throw error.moved(by: open) }
    guard let parameter = named.parameters.first, named.parameters.count == 1, parameter.base == .int,
      !parameter.ranges.isEmpty,
      parameter.ranges.allSatisfy({
        $0.lowerBound >= 0 && $0.upperBound < .max && $0.upperBound - $0.lowerBound < familyLimit
      }), parameter.ranges.count <= 8
    else { throw LanguageError(open, "no number of few values", help: wanted) }
    return CommandFamily(
      head: Array(bytes[..<open]), tail: Array(bytes[(close + 1)...]), parameter: parameter.name,
      numbers: parameter.ranges)
  }

  /// Notes the names that an entry stands for, and what their read forms give.
  mutating func noteNames(_ item: YAMLNode.Entry) {
    let names = Self.names(ofEntry: item.key)
    commandNames.formUnion(names)
    let given = item.value["read"]?["gives"]
    let first = given?.items?.first ?? given
    guard let first, let pattern = first.scalar ?? first["line"]?.scalar else { return }
    let family = try? Self.family(item.key)
    let numbers = family?.numbers.flatMap { Array($0) } ?? []
    for (index, name) in names.enumerated() {
      let member =
        numbers.indices.contains(index) ? family.map { Member(parameter: $0.parameter, number: numbers[index]) } : nil
      readLines[name.uppercased()] = (pattern, member)
    }
  }

  /// Reads what an entry under `commands:` stands for.
  mutating func readCommands(_ item: YAMLNode.Entry, replaced: Set<String>) {
    let family: CommandFamily?
    do throws(LanguageError) {
      family = try Self.family(item.key)
    } catch {
      note(error, in: item.keyNode)
      return
    }
    guard let family else { return readCommand(item, name: item.key, replaced: replaced) }
    let noted = (ownProblems.count, baseProblems.count)
    for number in family.numbers.flatMap({ Array($0) }) {
      member = Member(parameter: family.parameter, number: number)
      readCommand(item, name: family.name(number), replaced: replaced)
      // What is wrong with one member is wrong with all.
      if noted != (ownProblems.count, baseProblems.count) { break }
    }
    member = nil
    families.append(
      CommandFamily(
        head: family.head, tail: family.tail, parameter: family.parameter, numbers: family.numbers,
        source: source(of: item.value, inherited: layerSource)))
  }
}
