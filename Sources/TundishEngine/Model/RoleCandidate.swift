internal import TundishColumns
internal import TundishSyntax

/// A table that could play a role, and what its columns would mean there.
struct RoleCandidate {
  /// What one attribute of the role would be.
  struct Attribute {
    var name: String
    var column: Field
    /// The column, or an expression over it where the column is no date yet.
    var value: Expression
  }

  var role: ModelRole
  var table: TableEntry
  var attributes: [Attribute]
  /// For HISTORY, the role whose entities it follows.
  var subject: ModelRole?
  /// The condition under which a row counts, where not all do.
  var counted: Expression?
  /// What the user is asked of it.
  var questions: [String] = []
  /// How sure the shape is; only candidates of the best rank are compared.
  var rank = 0

  var fields: [Field] { table.table.schema.fields }

  func attribute(_ name: String) -> Attribute? { attributes.first { $0.name == name } }

  func has(_ names: String...) -> Bool { names.allSatisfy { attribute($0) != nil } }

  /// The first column with one of some names.
  func column(_ names: [String]) -> Field? { Self.column(names, of: table) }

  /// The first column of a table with one of some names, as `ColumnHints.plain` makes them.
  static func column(_ names: [String], of table: TableEntry) -> Field? {
    for name in names {
      if let field = table.table.schema.fields.first(where: { ColumnHints.plain($0.name) == name })
      {
        return field
      }
    }
    return nil
  }

  static func isDate(_ field: Field) -> Bool {
    switch field.type {
    case .date, .timestamp, .timestampTZ: true
    default: false
    }
  }

  /// The attributes that are dates.
  static let dates: Set<String> = [
    "CREATED", "CLOSED", "EXPECTED", "AT", "RESPONDED", "SINCE", "START", "END", "PERIOD",
  ]
}
