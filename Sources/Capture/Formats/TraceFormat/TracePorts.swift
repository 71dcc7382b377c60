import Trace

/// Gives the port names of a `.trace` file their indices.
///
/// Index 0 belongs to whichever port comes first: the one that the header names, or that of the first line. Lines
/// without a name belong to the port of the header, if there is one.
struct TracePorts: Sendable {
  private var names: [[UInt8]] = []
  private var unnamed: UInt16?
  private var latest: Int?

  /// Takes the name that a header line declares.
  mutating func declare(_ name: ArraySlice<UInt8>, facts: inout LogFacts) {
    guard !names.contains(where: { $0.elementsEqual(name) }), names.count < LogFacts.portLimit else { return }
    if names.isEmpty { unnamed = 0 }
    add(name, facts: &facts)
  }

  /// The port of a line with this name; `nil` when there are too many ports.
  @inline(__always)
  mutating func index(of name: UnsafeBufferPointer<UInt8>, facts: inout LogFacts) -> Port? {
    if name.isEmpty, let unnamed { return Port(unnamed) }
    if let latest, !name.isEmpty, names[latest].elementsEqual(name) { return Port(UInt16(latest)) }
    return find(name, facts: &facts)
  }

  private mutating func find(_ name: UnsafeBufferPointer<UInt8>, facts: inout LogFacts) -> Port? {
    if let index = names.firstIndex(where: { $0.elementsEqual(name) && !$0.isEmpty }) {
      latest = index
      return Port(UInt16(index))
    }
    guard names.count < LogFacts.portLimit else {
      facts.warn("more than \(LogFacts.portLimit) port names: lines of the others are not read")
      return nil
    }
    let index = add(name, facts: &facts)
    if name.isEmpty { unnamed = UInt16(index) } else { latest = index }
    return Port(UInt16(index))
  }

  @discardableResult
  private mutating func add(_ name: some Collection<UInt8>, facts: inout LogFacts) -> Int {
    let index = names.count
    names.append([UInt8](name))
    let text = Printable.text(name)
    if index == 0 { facts.ports = [text] } else { facts.ports.append(text) }
    return index
  }
}
