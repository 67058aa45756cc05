import TundishFormats

/// How far the file is that is read or written now.
package struct FileProgress: Sendable {
  /// The bytes done.
  package var byteCount: Int
  /// All bytes; nil where that is not known.
  package var totalByteCount: Int?
  /// The rows done.
  package var rowCount: Int
  /// All rows; nil where that is not known.
  package var totalRowCount: Int?
  /// The seconds since the beginning.
  package var seconds: Double
}

extension Database {
  /// Shows how far files are that take more than two seconds; nil wipes the last state off.
  package func showProgress(with show: @escaping @Sendable (FileProgress?) -> Void) {
    progress.show(with: { state in
      show(
        state.map {
          FileProgress(
            byteCount: $0.byteCount,
            totalByteCount: $0.totalByteCount,
            rowCount: $0.rowCount,
            totalRowCount: $0.totalRowCount,
            seconds: $0.seconds
          )
        }
      )
    })
  }
}
