package import TundishColumns

/// Where operators put rows that do not fit into memory; the façade has the files.
package protocol SpillStore: Sendable {
  /// Makes an empty file in a directory, which is gone when its last reference is.
  func makeFile(inDirectory directory: String) throws(ExecutionError) -> any SpillFile
}

/// A temporary file.
package protocol SpillFile: AnyObject, Sendable {
  /// Adds bytes at the end.
  func append(_ bytes: [UInt8]) throws(ExecutionError)
  /// Reads bytes that were written before.
  func read(offset: Int, count: Int) throws(ExecutionError) -> [UInt8]
}

/// The files that one run may make.
package struct SpillSpace: Sendable {
  /// Makes the files.
  package var store: any SpillStore
  /// The directory they are made in.
  package var directory: String

  /// Creates a space.
  package init(store: any SpillStore, directory: String) {
    self.store = store
    self.directory = directory
  }
}
