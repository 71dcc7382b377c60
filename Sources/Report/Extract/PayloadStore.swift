import Trace

/// Where extracted payloads go. The writing itself belongs to rooms that know files.
public protocol PayloadStore {
  /// A new file without a name; nothing of it is seen until it gets one.
  func create() throws(PayloadError) -> any PayloadFile
}

public protocol PayloadFile: AnyObject {
  func write(_ bytes: [UInt8]) throws(PayloadError)
  /// Puts the file in its place. One that is let go without this leaves nothing behind.
  func commit(as name: String) throws(PayloadError)
}

/// One line: what could not be written, and why.
public struct PayloadError: Error {
  public let message: String
  public init(_ message: String) { self.message = message }
}
