internal import TundishColumns

/// Batches in a temporary file.
///
/// Used by one thread at a time. Bytes are gathered before they are written, because batches of
/// partitions are small.
final class RowFile {
  /// Where a batch lies in the file.
  struct Place {
    let offset: Int
    let byteCount: Int
    let rowCount: Int
  }

  private let file: any SpillFile
  private var archive = BatchArchive()
  private var pending: [UInt8] = []
  private var writtenByteCount = 0

  /// The bytes that are worth a call of the system.
  private static let writeByteCount = 262_144

  init(_ space: SpillSpace) throws(RuntimeFailure) {
    file = try blaming(.nowhere) { () throws(ExecutionError) in
      try space.store.makeFile(inDirectory: space.directory)
    }
  }

  /// Writes a batch.
  func write(_ batch: Batch) throws(RuntimeFailure) -> Place {
    let bytes = archive.encoded(batch)
    let place = Place(
      offset: writtenByteCount + pending.count,
      byteCount: bytes.count,
      rowCount: batch.rowCount
    )
    pending.append(contentsOf: bytes)
    if pending.count >= Self.writeByteCount { try flush() }
    return place
  }

  /// Reads a batch back.
  func read(_ place: Place) throws(RuntimeFailure) -> Batch {
    if place.offset + place.byteCount > writtenByteCount { try flush() }
    let bytes = try blaming(.nowhere) { () throws(ExecutionError) in
      try file.read(offset: place.offset, count: place.byteCount)
    }
    return archive.decoded(bytes)
  }

  private func flush() throws(RuntimeFailure) {
    let bytes = pending
    try blaming(.nowhere) { () throws(ExecutionError) in try file.append(bytes) }
    writtenByteCount += bytes.count
    pending.removeAll(keepingCapacity: true)
  }
}
