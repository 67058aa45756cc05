internal import TundishColumns

extension PlannedQuery {
  /// The rows of the query where it only names columns of one table or file that has been read: they
  /// are stored already, and a table of them shares what is stored; nil where rows must be computed.
  var storedRows: StoredTable? {
    guard let (scan, columns) = passedColumns(plan), scan.predicate == nil,
      let table = scan.source.stored?.table
    else { return nil }
    var positions: [Int] = []
    for column in bound.columns {
      guard let id = columns[column.id],
        let read = scan.columns.first(where: { $0.column.id == id }),
        table.schema.fields[read.position].type == column.type
      else { return nil }
      positions.append(read.position)
    }
    return table.selecting(columns: positions)
  }

  /// The scan that a plan is, and the scan's column of each of its own.
  private func passedColumns(_ plan: Plan) -> (scan: ScanPlan, columns: [ColumnID: ColumnID])? {
    switch plan {
    case .scan(let scan):
      let ids = scan.columns.map(\.column.id)
      return (scan, Dictionary(zip(ids, ids)) { first, _ in first })
    case .project(let projections, .scan(let scan)):
      var columns: [ColumnID: ColumnID] = [:]
      for projection in projections {
        if let id = projection.expression.columnID { columns[projection.column.id] = id }
      }
      return (scan, columns)
    case _: return nil
    }
  }
}
