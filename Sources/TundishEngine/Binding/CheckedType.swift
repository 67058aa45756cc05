internal import TundishColumns
internal import TundishSyntax

/// A type that has no storage of its own, whose values casts check: an unsigned integer, UUID, JSON.
enum CheckedType: String {
  case utinyint = "UTINYINT"
  case usmallint = "USMALLINT"
  case uinteger = "UINTEGER"
  case ubigint = "UBIGINT"
  case uhugeint = "UHUGEINT"
  case uuid = "UUID"
  case json = "JSON"

  /// The type that a written name means; nil for other types.
  init?(_ name: TypeName) {
    guard case .named(let text, _) = name.kind else { return nil }
    self.init(rawValue: text.uppercased())
  }
}

extension Binder {
  /// What `typeof` calls the type of an expression: the declared one, where a cast or a table's
  /// column has one without storage of its own.
  func typeName(of bound: BoundExpression, _ written: Expression) -> String {
    if case .cast(_, let name, _) = written.unwrapped.kind, let checked = CheckedType(name) {
      return checked.rawValue
    }
    if case .typedLiteral(let name, _) = written.unwrapped.kind, let checked = CheckedType(name) {
      return checked.rawValue
    }
    if case .call(let call) = written.unwrapped.kind,
      ["uuid", "gen_random_uuid", "uuidv4", "uuidv7"].contains(foldedKey(call.name.last)),
      call.arguments.isEmpty
    {
      return CheckedType.uuid.rawValue
    }
    return typeName(of: bound.columnID, bound.type)
  }

  /// The name of a column's type as it was declared.
  func typeName(of column: ColumnID?, _ type: DataType) -> String {
    column.flatMap { declaredTypes[$0] }?.rawValue ?? type.description
  }

  /// Casts to the type that stores a checked type, and checks the value.
  func bindCheckedCast(
    _ bound: BoundExpression,
    _ checked: CheckedType,
    _ storage: DataType,
    isTry: Bool,
    _ range: SourceRange
  ) -> BoundExpression? {
    if checked == .json, bound.type != .varchar, bound.literal != .null {
      return resolveCall("to_json", [bound], range, symbol: nil)
    }
    // Wide first: -1 and 256 are both told as what they are.
    let stored = cast(bound, to: storage.isInteger ? .hugeint : storage, isTry: isTry, range)
    let name = BoundExpression(
      .literal(.text(checked.rawValue)),
      type: .varchar,
      range: range
    )
    let call = resolveCall(isTry ? "try_checked" : "checked", [stored, name], range, symbol: nil)
    return call.map { cast($0, to: storage, isTry: false, range) }
  }
}
