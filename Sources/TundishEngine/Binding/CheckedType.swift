internal import TundishColumns
internal import TundishSyntax

/// A type that has no storage of its own, whose values casts check or round: an unsigned integer,
/// UUID, JSON, a TIMESTAMP of seconds or milliseconds.
enum CheckedType: String {
  case utinyint = "UTINYINT"
  case usmallint = "USMALLINT"
  case uinteger = "UINTEGER"
  case ubigint = "UBIGINT"
  case uhugeint = "UHUGEINT"
  case uuid = "UUID"
  case json = "JSON"
  case seconds = "TIMESTAMP_S"
  case milliseconds = "TIMESTAMP_MS"

  /// The type that a written name means; nil for other types.
  init?(_ name: TypeName) {
    guard case .named(let text, let arguments) = name.kind else { return nil }
    switch text.uppercased() {
    case "UINT8": self = .utinyint
    case "UINT16": self = .usmallint
    case "UINT32": self = .uinteger
    case "UINT64": self = .ubigint
    case "UINT128": self = .uhugeint
    case "TIMESTAMP", "TIMESTAMP WITHOUT TIME ZONE", "DATETIME":
      switch arguments.first {
      case 0: self = .seconds
      case 1, 2, 3: self = .milliseconds
      default: return nil  // microseconds, which are stored
      }
    case let key:
      guard let type = Self(rawValue: key) else { return nil }
      self = type
    }
  }

  /// How many bytes an unsigned type has; nil for the others.
  var unsignedWidth: Int? {
    switch self {
    case .utinyint: 1
    case .usmallint: 2
    case .uinteger: 4
    case .ubigint: 8
    case .uhugeint: 16
    case .uuid, .json, .seconds, .milliseconds: nil
    }
  }

  /// The largest value of an unsigned type, as far as it has bits of its own.
  var largest: Int128? {
    guard let width = unsignedWidth, width < 16 else { return nil }
    return (1 << (8 * width)) - 1
  }

  /// The type whose values store this one's.
  var storage: DataType {
    switch self {
    case .utinyint: .smallint
    case .usmallint: .integer
    case .uinteger: .bigint
    case .ubigint, .uhugeint: .hugeint
    case .uuid, .json: .varchar
    case .seconds, .milliseconds: .timestamp
    }
  }

  /// A type in which the product of two values of an unsigned type is exact, as far as there is one.
  var product: DataType {
    switch self {
    case .utinyint: .integer
    case .usmallint: .bigint
    case .uinteger, .ubigint, .uhugeint: .hugeint
    case .uuid, .json, .seconds, .milliseconds: storage
    }
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
    return checkedType(of: bound)?.rawValue ?? bound.type.description
  }

  /// The name of a column's type as it was declared.
  func typeName(of column: ColumnID?, _ type: DataType) -> String {
    column.flatMap { declaredTypes[$0] }?.rawValue ?? type.description
  }

  /// The type without storage of its own that an expression's values have; nil for others.
  ///
  /// It follows from the expression: a column's declaration, the check of a cast, the branches of a
  /// choice.
  func checkedType(of bound: BoundExpression) -> CheckedType? {
    switch bound.kind {
    case .column(let id): return declaredTypes[id]
    case .cast(let operand, _):
      // The cast after a check; any other cast has a type of its own.
      guard let checked = checkedType(of: operand), operand.isCheck,
        bound.type == checked.storage
      else { return nil }
      return checked
    case .call(let function, let arguments):
      if bound.isCheck, case .text(let name)? = arguments.last?.literal {
        return CheckedType(rawValue: name)
      }
      if Self.jsonResults.contains(function.name) { return .json }
      return Self.keepingType.contains(function.name)
        ? commonCheckedType(of: arguments, bound.type) : nil
    case .caseWhen(let branches, let otherwise):
      return commonCheckedType(
        of: branches.map(\.result) + (otherwise.map { [$0] } ?? []),
        bound.type
      )
    case .coalesce(let operands): return commonCheckedType(of: operands, bound.type)
    case .literal, .comparison, .and, .or, .not, .isNull, .inValues, .lambda, .subquery: return nil
    }
  }

  /// Functions whose result is one of their arguments, or no farther from 0.
  private static let keepingType: Set<String> = ["abs", "greatest", "least", "xor"]

  /// The widest of the types without storage of their own, if all values that are not NULL have one
  /// and no other type is among them.
  func commonCheckedType(of values: [BoundExpression], _ type: DataType) -> CheckedType? {
    var common: CheckedType?
    for value in values {
      // What was converted to a wider type before counts as what it was.
      var value = value
      if case .cast(let operand, false) = value.kind, !operand.isCheck { value = operand }
      if value.literal == .null { continue }
      guard let next = checkedType(of: value) else { return nil }
      guard let current = common else {
        common = next
        continue
      }
      if current == next { continue }
      guard let left = current.unsignedWidth, let right = next.unsignedWidth else { return nil }
      if right > left { common = next }
    }
    return common?.storage == type ? common : nil
  }

  /// The operators whose result over unsigned integers is one.
  private static let unsignedOperators: Set<String> = [
    "+", "-", "*", "//", "%", "&", "|", "<<", ">>", "~",
  ]

  /// Arithmetic of unsigned integers: in a type in which it is exact, then checked against the wider
  /// of the two; nil where an operand is none.
  func bindUnsigned(
    _ symbol: String,
    _ operands: [BoundExpression],
    _ range: SourceRange
  ) -> (expression: BoundExpression?, Void)? {
    guard Self.unsignedOperators.contains(symbol) else { return nil }
    // How far to shift does not decide the type.
    let deciding = symbol == "<<" || symbol == ">>" ? [operands[0]] : operands
    let types = deciding.compactMap { operand in
      checkedType(of: operand).flatMap { $0.unsignedWidth == nil ? nil : $0 }
    }
    guard types.count == deciding.count,
      let result = types.max(by: { ($0.unsignedWidth ?? 0) < ($1.unsignedWidth ?? 0) })
    else { return nil }
    let exact = operands.map { coerce($0, to: result.product) }
    let value: BoundExpression?
    if symbol == "~", let largest = result.largest {
      let whole = BoundExpression(.literal(.hugeint(largest)), type: .hugeint, range: range)
      value = resolveOperator("-", [coerce(whole, to: result.product), exact[0]], range)
    } else {
      value = resolveOperator(symbol, exact, range)
    }
    guard let value else { return (nil, ()) }
    let stored = bindCheckedCast(value, result, result.storage, isTry: false, range)
    return (stored?.withUnit(value.unit), ())
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

extension BoundExpression {
  /// Whether this is the check of a value against a type without storage of its own.
  var isCheck: Bool {
    guard case .call(let function, _) = kind else { return false }
    return function.name == "checked" || function.name == "try_checked"
  }
}
