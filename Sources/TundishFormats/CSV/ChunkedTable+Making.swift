internal import Synchronization
internal import TundishColumns

extension ChunkedTable {
  /// Puts the row groups of a reading together, on several threads.
  static func make(
    schema: Schema,
    groups: [ChunkResult.Group],
    threadCount: Int
  ) throws(ExecutionError) -> StoredTable {
    let groups = groups.filter { $0.rowCount > 0 }
    let columnCount = schema.fields.count
    let columns = (0..<columnCount).map { column in groups.compactMap { $0.columns[column] } }
    let merged = Mutex([Merged?](repeating: nil, count: columnCount))
    let failure = Mutex<ExecutionError?>(nil)
    ReaderThreads.run(count: columnCount, threadCount: threadCount) { column in
      do throws(ExecutionError) {
        let result = try merge(columns[column])
        merged.withLock { $0[column] = result }
      } catch {
        let name = schema.fields[column].name
        let named = ExecutionError(error.kind, "the column '\(name)' has \(error.message)")
        failure.withLock { $0 = named }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    let all = merged.withLock { $0.compactMap { $0 } }
    let segments = Mutex([[ColumnSegment]](repeating: [], count: groups.count))
    ReaderThreads.run(count: groups.count, threadCount: threadCount) { group in
      let encoded = (0..<columnCount).map { encode(columns[$0][group], chunk: group, all[$0]) }
      segments.withLock { $0[group] = encoded }
    }
    return table(
      schema: schema,
      segments: segments.withLock { $0 },
      rowCounts: groups.map(\.rowCount),
      merged: all
    )
  }
}
