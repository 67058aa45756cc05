import CMalloc

/// How the program's allocator treats memory that a query has freed.
enum HeapPolicy {
  /// Blocks of this size and more go back to the system at once.
  private static let mappedByteCount: Int32 = 32 << 20
  /// So much free memory is kept for the next query.
  private static let keptByteCount: Int32 = 256 << 20

  /// Keeps what the next query will need: getting it from the system again, page by page, took up to
  /// a third of the time of queries that sort or collect.
  ///
  /// For the program only; a library must leave such choices to its host.
  static func apply() {
    tundish_keep_freed_memory(mappedByteCount, keptByteCount)
  }
}
