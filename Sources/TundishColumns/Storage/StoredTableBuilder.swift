/// Collects rows into a table, row group by row group.
///
/// Batches may have any number of rows; a reader hands over whole chunks as batches whose text
/// columns are coded over dictionaries of their own, which are merged into the table's in the order
/// of the rows.
package struct StoredTableBuilder: ~Copyable {
  private let schema: Schema
  private let rowGroupRowCount: Int
  private var groups: [StoredTable.RowGroup]
  /// The dictionaries of the table appended to, which its row groups refer to.
  private let oldDictionaries: [TextDictionary?]
  private var encoders: ColumnEncoders
  /// Per column, the rows that do not fill a row group yet.
  private var pending: [[Column]]
  private var pendingRowCount = 0

  /// Creates the builder of a new table.
  package init(
    schema: Schema,
    rowGroupRowCount: Int = StoredTable.preferredRowGroupRowCount
  ) {
    self.init(
      appendingTo: StoredTable(
        schema: schema,
        groups: [],
        dictionaries: schema.fields.map { _ in nil },
        rowGroupRowCount: rowGroupRowCount
      )
    )
  }

  /// Creates a builder that goes on with the rows of a table.
  ///
  /// Full row groups are shared; the last is filled up.
  package init(appendingTo table: StoredTable) {
    precondition(table.rowGroupRowCount > 0, "a row group has room for rows")
    schema = table.schema
    rowGroupRowCount = table.rowGroupRowCount
    groups = table.groups
    oldDictionaries = table.dictionaries
    pending = schema.fields.map { _ in [] }
    if let last = table.groups.last, last.rowCount < rowGroupRowCount {
      groups.removeLast()
      let rows = table.scan(
        rowGroup: table.rowGroupCount - 1,
        columns: Array(schema.fields.indices)
      )
      pending = rows.columns.map { [$0] }
      pendingRowCount = rows.rowCount
    }
    encoders = ColumnEncoders(table, rowCount: groups.reduce(0) { $0 + $1.rowCount })
  }

  /// The number of rows so far.
  package var rowCount: Int { groups.reduce(pendingRowCount) { $0 + $1.rowCount } }

  /// Appends the rows of a batch, whose columns have the physical types of the schema.
  package mutating func append(_ batch: Batch) throws(ExecutionError) {
    precondition(
      batch.columns.count == schema.fields.count,
      "a batch has the columns of its table"
    )
    var start = 0
    while start < batch.rowCount {
      let end = min(batch.rowCount, start + rowGroupRowCount - pendingRowCount)
      for (position, column) in batch.columns.enumerated() {
        pending[position].append(column.sliced(start..<end))
      }
      pendingRowCount += end - start
      start = end
      if pendingRowCount == rowGroupRowCount { try encodePending() }
    }
  }

  /// Returns the table of all rows.
  package consuming func finish() throws(ExecutionError) -> StoredTable {
    if pendingRowCount > 0 { try encodePending() }
    return try encoders.table(
      schema: schema,
      groups: groups,
      oldDictionaries: oldDictionaries,
      rowGroupRowCount: rowGroupRowCount
    )
  }

  private mutating func encodePending() throws(ExecutionError) {
    var segments: [ColumnSegment] = []
    for position in pending.indices {
      segments.append(try encoders.encode(pending[position], column: position))
      pending[position] = []
    }
    groups.append(StoredTable.RowGroup(segments: segments, rowCount: pendingRowCount))
    pendingRowCount = 0
  }
}

/// The encoders of all columns of a table that is being built or changed.
final class ColumnEncoders {
  private var encoders: [Box] = []

  private final class Box {
    var encoder: SegmentEncoder
    init(_ encoder: consuming SegmentEncoder) { self.encoder = encoder }
  }

  /// Creates encoders that go on with the dictionaries of a table.
  ///
  /// `rowCount` is the number of rows that are kept as they are.
  init(_ table: StoredTable, rowCount: Int) {
    for (position, field) in table.schema.fields.enumerated() {
      let isPlain = table.groups.contains { group in
        if case .text = group.segments[position].data { true } else { false }
      }
      encoders.append(
        Box(
          SegmentEncoder(
            type: field.type,
            dictionary: table.dictionaries[position],
            rowCount: rowCount,
            mayCode: !isPlain
          )
        )
      )
    }
  }

  /// Encodes the rows of some columns as one segment of the column at a position.
  func encode(_ pieces: [Column], column: Int) throws(ExecutionError) -> ColumnSegment {
    try encoders[column].encoder.encode(pieces)
  }

  /// Returns the table of some row groups, turning into plain text what is no longer coded.
  func table(
    schema: Schema,
    groups: [StoredTable.RowGroup],
    oldDictionaries: [TextDictionary?],
    rowGroupRowCount: Int
  ) throws(ExecutionError) -> StoredTable {
    var groups = groups
    var dictionaries: [TextDictionary?] = []
    for (position, box) in encoders.enumerated() {
      dictionaries.append(box.encoder.dictionary())
      guard schema.fields[position].type == .varchar, !box.encoder.isCoded else { continue }
      guard let old = box.encoder.abandonedDictionary ?? oldDictionaries[position] else {
        continue
      }
      for group in groups.indices {
        let segment = groups[group].segments[position]
        switch segment.data {
        case .codes8, .codes16, .codes32, .constantCode:
          let column = segment.column(0..<segment.rowCount, type: .varchar, dictionary: old)
          groups[group].segments[position] = try SegmentEncoder.plainText(column)
        case .nulls, .constant, .integers8, .integers16, .integers32, .integers64, .text, .plain:
          break
        }
      }
    }
    return StoredTable(
      schema: schema,
      groups: groups,
      dictionaries: dictionaries,
      rowGroupRowCount: rowGroupRowCount
    )
  }
}
