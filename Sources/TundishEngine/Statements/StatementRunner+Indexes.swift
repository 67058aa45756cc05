internal import TundishSyntax

// CREATE INDEX and DROP INDEX. Scans skip row groups by their minimum and maximum, joins and
// groups hash: an index makes nothing faster here, so only its name and UNIQUE have a meaning.
extension StatementRunner {
  /// Notes an index; a unique one is a key from then on.
  func run(_ create: CreateIndex) throws(StatementFailure) -> StatementResult {
    var entry = try table(create.table)
    let columns = try indexedColumns(create.keys, of: entry)
    let name = create.name?.text ?? freeIndexName(entry.name)
    if indexExists(name) {
      if create.ifNotExists { return done("index \(name) exists already") }
      throw StatementFailure([
        .nameTaken(
          "index",
          name,
          at: create.name?.range ?? create.table.range,
          hint: "DROP INDEX \(name) first, or use IF NOT EXISTS"
        )
      ])
    }
    entry.constraints.indexes.append(
      TableIndex(name: name, columns: columns, isUnique: create.isUnique)
    )
    if create.isUnique { try verify(entry, range: create.table.range) }
    store(entry)
    return done("created index \(name)")
  }

  /// Forgets an index; whether there was one.
  func dropIndex(_ name: String) -> Bool {
    let wasThere = indexExists(name)
    for key in session.catalog.tables.keys {
      session.catalog.tables[key]?.constraints.indexes.removeAll {
        foldedKey($0.name) == foldedKey(name)
      }
    }
    return wasThere
  }

  private func indexExists(_ name: String) -> Bool {
    session.catalog.tables.values.contains { entry in
      entry.constraints.indexes.contains { foldedKey($0.name) == foldedKey(name) }
    }
  }

  private func indexedColumns(
    _ keys: [OrderItem],
    of entry: TableEntry
  ) throws(StatementFailure) -> [Int] {
    var columns: [Int] = []
    for key in keys {
      guard case .name(let parts) = key.expression.kind, let name = parts.last, parts.count <= 2
      else {
        throw StatementFailure([
          .unsupported("an index over an expression", at: key.expression.range)
        ])
      }
      columns.append(try position(of: name, in: entry.table.schema.fields))
    }
    return columns
  }

  private func freeIndexName(_ table: String) -> String {
    var number = 1
    while indexExists("\(table)_index_\(number)") { number += 1 }
    return "\(table)_index_\(number)"
  }
}
