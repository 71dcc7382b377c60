import Glibc

/// A POSIX extended regular expression with named groups, compiled once and matched against lines as bytes.
///
/// `@unchecked Sendable`: the compiled form is only read after `init`, and `regexec` may be called from many threads.
final class LineExpression: @unchecked Sendable {
  enum Group: String, CaseIterable {
    case time, direction, port, data
  }

  /// Why an expression cannot be used.
  struct Failure: Error {
    var why: String
  }

  /// Where the groups of a line stand.
  struct Match {
    fileprivate var ranges: [Range<Int>?]
    subscript(group: Group) -> Range<Int>? {
      guard let index = Group.allCases.firstIndex(of: group), ranges.indices.contains(index) else { return nil }
      return ranges[index]
    }
  }

  private var compiled = regex_t()
  /// The number of each group, in the order of `Group.allCases`; 0 where the expression has none.
  private let numbers: [Int]
  private let count: Int

  /// The most bytes of an expression, and the most groups.
  private static let lengthLimit = 1_024
  private static let groupLimit = 32

  init(_ pattern: String) throws(Failure) {
    let (text, names, groups) = try LineExpression.translate([UInt8](pattern.utf8))
    numbers = Group.allCases.map { names[$0] ?? 0 }
    count = groups + 1
    let status = ("^" + String(decoding: text, as: UTF8.self)).withCString { regcomp(&compiled, $0, REG_EXTENDED) }
    guard status == 0 else {
      var message = [CChar](repeating: 0, count: 128)
      regerror(status, &compiled, &message, message.count)
      let end = message.firstIndex(of: 0) ?? message.count
      let why = String(decoding: message[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw Failure(why: "is no regular expression: " + why)
    }
  }

  deinit { regfree(&compiled) }

  func has(_ group: Group) -> Bool {
    Group.allCases.firstIndex(of: group).map { numbers[$0] > 0 } ?? false
  }

  /// The groups of a line, as ranges of its own indices.
  func match(_ line: ArraySlice<UInt8>) -> Match? {
    withUnsafeTemporaryAllocation(of: regmatch_t.self, capacity: count) { matches in
      guard let first = matches.baseAddress else { return nil }
      let start = line.startIndex
      let status = line.withUnsafeBytes { bytes -> Int32 in
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) else { return -1 }
        first.initialize(to: regmatch_t(rm_so: 0, rm_eo: regoff_t(truncatingIfNeeded: bytes.count)))
        for index in 1..<max(1, count) { first.advanced(by: index).initialize(to: regmatch_t(rm_so: -1, rm_eo: -1)) }
        return regexec(&compiled, base, count, first, REG_STARTEND)
      }
      guard status == 0 else { return nil }
      let ranges = numbers.map { number -> Range<Int>? in
        guard number > 0, number < count else { return nil }
        let (low, high) = (Int(matches[number].rm_so), Int(matches[number].rm_eo))
        guard low >= 0, high >= low, high <= line.count else { return nil }
        return (start + low)..<(start + high)
      }
      return Match(ranges: ranges)
    }
  }

  /// Takes the names out of `(?<name>…)`, makes `(?:…)` a plain group, and puts classes in the place of `\d`, `\s`, `\w`.
  private static func translate(
    _ pattern: [UInt8]
  ) throws(Failure) -> (text: [UInt8], names: [Group: Int], groups: Int) {
    guard pattern.count <= lengthLimit else { throw Failure(why: "is longer than \(lengthLimit) bytes") }
    guard !pattern.contains(0) else { throw Failure(why: "holds a NUL byte") }
    var text: [UInt8] = []
    var names: [Group: Int] = [:]
    var groups = 0
    var rest = pattern[...]
    var inClass = false
    while let byte = rest.first {
      rest = rest.dropFirst()
      switch byte {
      case Ascii.backslash:
        guard let next = rest.first else { throw Failure(why: "ends with a backslash") }
        rest = rest.dropFirst()
        text += translated(next, inClass: inClass)
      case UInt8(ascii: "["):
        inClass = true
        text.append(byte)
      case UInt8(ascii: "]"):
        inClass = false
        text.append(byte)
      case UInt8(ascii: "(") where !inClass:
        groups += 1
        guard groups < groupLimit else { throw Failure(why: "has more than \(groupLimit - 1) groups") }
        text.append(byte)
        if let plain = rest.after("?:") {
          rest = plain
        } else if let named = rest.after("?<") ?? rest.after("?P<") {
          let name = named.prefix { $0 != UInt8(ascii: ">") }
          guard let group = Group(rawValue: String(decoding: name, as: UTF8.self)) else {
            let known = Group.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure(why: "names a group '\(Printable.text(name))'; the groups are \(known)")
          }
          guard names.updateValue(groups, forKey: group) == nil else {
            throw Failure(why: "names the group '\(group.rawValue)' twice")
          }
          rest = named.dropFirst(name.count + 1)
        } else if rest.first == UInt8(ascii: "?") {
          throw Failure(why: "uses '(?', of which only (?<name>…) and (?:…) are understood")
        }
      default: text.append(byte)
      }
    }
    return (text, names, groups)
  }

  private static func translated(_ letter: UInt8, inClass: Bool) -> [UInt8] {
    let inner: String? =
      switch letter {
      case UInt8(ascii: "d"): "[:digit:]"
      case UInt8(ascii: "s"): "[:space:]"
      case UInt8(ascii: "w"): "[:alnum:]_"
      case UInt8(ascii: "t"): "\t"
      default: nil
      }
    guard let inner else { return inClass ? [letter] : [Ascii.backslash, letter] }
    return [UInt8]((inClass || inner.utf8.count == 1 ? inner : "[\(inner)]").utf8)
  }
}
