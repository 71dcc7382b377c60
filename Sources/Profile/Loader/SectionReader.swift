import Trace

/// Reads the list of a document's sections, and compares it with what entries cite.
extension LayerReader {
  /// A section that is listed, and where.
  struct ListedSection {
    var spec: SectionSpec
    var mark: FileMark
  }

  mutating func readSection(_ item: YAMLNode.Entry) {
    guard isFirst("section", item.key, item.keyMark) else { return }
    let node = item.value
    checkKeys(map(node), Keys.section)
    let title = text(node, "title") ?? ""
    if title.isEmpty, node.entries != nil {
      note(item.keyMark, "a section without a title", "write {title: \"What stands above it\", …}")
    }
    let unchecked = node["unchecked"].map { list($0) } ?? []
    let nothing = text(node, "nothing") ?? ""
    if let value = node["nothing"], node["unchecked"] != nil || node["elsewhere"] != nil {
      note(
        value.mark, "a section that states nothing has no statement to check or to leave out",
        "leave `nothing` or the others out")
    }
    sections.append(
      ListedSection(
        spec: SectionSpec(
          name: item.key, title: title, unchecked: unchecked.compactMap { readUnchecked($0) },
          elsewhere: text(node, "elsewhere") ?? "", nothing: nothing,
          codes: readTables(node["codes"])), mark: item.keyMark))
  }

  private mutating func readUnchecked(_ node: YAMLNode) -> UncheckedStatement? {
    checkKeys(map(node), Keys.unchecked)
    guard node.entries != nil else { return nil }
    let says = text(node, "says") ?? ""
    let why = text(node, "why") ?? ""
    if says.isEmpty || why.isEmpty {
      note(node.mark, "a statement without `says` or `why`", "write {says: the statement, why: the reason}")
      return nil
    }
    return UncheckedStatement(says: says, why: why)
  }

  private mutating func readTables(_ node: YAMLNode?) -> [Int] {
    guard let node else { return [] }
    var tables: [Int] = []
    for item in list(node) {
      guard let name = text(item) else { continue }
      if let index = types.codeTables[name] {
        tables.append(index)
      } else {
        note(
          item.mark, "there is no table of codes '\(Diagnostic.shown(name))'",
          Spelling.suggestion(name, types.codeTables.keys.sorted(), "declare it under errors:"))
      }
    }
    return tables
  }

  /// Notes a citation of the profile's own document, to be compared when all sections are known.
  mutating func noteCitation(_ node: YAMLNode?, _ source: Source) {
    guard let node, layer.isOwn, source.document == firstDocument, firstDocument >= 0 else { return }
    citations[node.mark] = source.section
  }

  /// Nothing is to compare where no section is listed.
  mutating func checkSections() {
    guard !sections.isEmpty else { return }
    let index = SectionIndex(sections.map(\.spec.name))
    var cited: Set<Int> = []
    for citation in citations.sorted(by: { $0.key < $1.key }) {
      for part in SectionIndex.parts(of: citation.value) {
        if let position = index.position(of: part) {
          cited.insert(position)
        } else {
          warn(
            citation.key, "section '\(Diagnostic.shown(part))' is not among the sections of the document",
            "list it under sections:, or correct the number")
        }
      }
    }
    for (position, section) in sections.enumerated() {
      let isUsed = cited.contains(position) || !section.spec.codes.isEmpty
      if isUsed, !section.spec.nothing.isEmpty {
        warn(section.mark, "entries cite a section that states nothing, it is said", "leave `nothing` out")
      } else if !isUsed, section.spec.nothing.isEmpty, section.spec.unchecked.isEmpty,
        section.spec.elsewhere.isEmpty
      {
        warn(
          section.mark, "nothing cites this section, and it does not say why",
          "write `unchecked:` with what it states, `elsewhere:` or `nothing:`")
      }
    }
  }
}
