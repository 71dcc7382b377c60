/// One section of the profile's own document, and what it states beyond what the profile checks.
public struct SectionSpec: Sendable {
  /// As entries cite it: `2.19`, `p.7`.
  public let name: String
  public let title: String
  /// What it states and nothing checks.
  public let unchecked: [UncheckedStatement]
  /// What entries that cite other sections check of it; empty: nothing.
  public let elsewhere: String
  /// Why it states nothing at all; empty: it states something.
  public let nothing: String
  /// The tables of codes that it lists, as indices of `Book.codes`.
  public let codes: [Int]

  public init(
    name: String, title: String, unchecked: [UncheckedStatement] = [], elsewhere: String = "", nothing: String = "",
    codes: [Int] = []
  ) {
    self.name = name
    self.title = title
    self.unchecked = unchecked
    self.elsewhere = elsewhere
    self.nothing = nothing
    self.codes = codes
  }
}

/// A statement of a document that is left unchecked on purpose.
public struct UncheckedStatement: Hashable, Sendable {
  public let says: String
  public let why: String
  public init(says: String, why: String) {
    self.says = says
    self.why = why
  }
}

/// Finds the listed section that a citation means.
public struct SectionIndex: Sendable {
  private var positions: [String: Int] = [:]

  public init(_ names: [String]) {
    for (index, name) in names.enumerated() where positions[name] == nil { positions[name] = index }
  }

  /// The sections of a citation such as `p.29, p.47`.
  public static func parts(of citation: String) -> [String] {
    citation.split(separator: ",").map { part in
      let text = part.drop { $0 == " " }
      return String(text.prefix(text.count - text.reversed().prefix { $0 == " " }.count))
    }
  }

  /// A section lies at most so deep below the one that is listed.
  static let depthLimit = 8

  /// The position of this section, or else of the nearest one above it; `nil` where none is listed.
  public func position(of section: String) -> Int? {
    var name = section[...]
    for _ in 0...Self.depthLimit {
      if let position = positions[String(name)] { return position }
      guard let dot = name.lastIndex(of: ".") else { return nil }
      name = name[..<dot]
    }
    return nil
  }
}
