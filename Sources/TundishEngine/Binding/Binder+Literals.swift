internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// Binds a constant as written.
  func bindLiteral(_ literal: Literal, _ range: SourceRange) -> BoundExpression? {
    let (value, type) = Self.value(of: literal)
    return BoundExpression(.literal(value), type: type, range: range)
  }

  /// The value and type of a constant: integers take the first of INTEGER, BIGINT, HUGEINT and
  /// DOUBLE that holds them, numbers with a point are exact up to 38 digits.
  static func value(of literal: Literal) -> (Value, DataType) {
    switch literal {
    case .null: return (.null, .null)
    case .boolean(let truth): return (.boolean(truth), .boolean)
    case .integer(let digits):
      if let small = Int64(digits) {
        return (
          .integer(small), small == Int64(Int32(truncatingIfNeeded: small)) ? .integer : .bigint
        )
      }
      if let huge = Int128(digits) { return (.hugeint(huge), .hugeint) }
      return (.double(Double(digits) ?? .infinity), .double)
    case .decimal(let text): return decimal(text)
    case .double(let text): return (.double(Double(text) ?? .infinity), .double)
    case .string(let text): return (.text(text), .varchar)
    case .blob(let bytes): return (.blob(bytes), .blob)
    }
  }

  /// A number with a point, exact where 38 digits hold it.
  private static func decimal(_ text: String) -> (Value, DataType) {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let whole = String(parts[0].drop { $0 == "0" })
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    let digits = whole + fraction
    guard digits.utf8.count <= DataType.maximumDecimalPrecision,
      let unscaled = Int128(digits.isEmpty ? "0" : digits)
    else { return (.double(Double(text) ?? .infinity), .double) }
    let scale = fraction.utf8.count
    // A zero that is written before the point counts as a digit.
    let writtenCount = max(whole.utf8.count, parts[0].isEmpty ? 0 : 1)
    let precision = min(
      DataType.maximumDecimalPrecision,
      max(1, writtenCount + scale, scale)
    )
    return (
      .decimal(unscaled: unscaled, scale: scale), .decimal(precision: precision, scale: scale)
    )
  }

  /// Binds `<type> '<text>'`; a text that the type cannot read is reported here.
  func bindTypedLiteral(
    _ name: TypeName,
    _ text: String,
    _ range: SourceRange
  )
    -> BoundExpression?
  {
    guard let type = resolve(name) else { return nil }
    if let checked = CheckedType(name) {
      let literal = BoundExpression(.literal(.text(text)), type: .varchar, range: range)
      return bindCheckedCast(literal, checked, type, isTry: false, range)
    }
    return bindTypedLiteral(type.description, text, type, range)
  }

  func bindTypedLiteral(
    _ typeName: String,
    _ text: String,
    _ type: DataType,
    _ range: SourceRange
  ) -> BoundExpression? {
    let literal = BoundExpression(.literal(.text(text)), type: .varchar, range: range)
    if type == .varchar { return literal }
    let cast = BoundExpression(.cast(literal, isTry: false), type: type, range: range)
    do {
      let value = try ExpressionEvaluator.constant(cast, context: environment.context)
      return BoundExpression(.literal(value), type: type, range: range)
    } catch {
      report(
        .unreadableLiteral(
          text,
          type: typeName,
          at: range,
          reason: error.error.message
        )
      )
      return nil
    }
  }

  /// Binds `INTERVAL '3 days'`, `INTERVAL 3 DAYS`, `INTERVAL (n) DAYS`.
  func bindInterval(
    _ amount: Expression,
    _ unit: IntervalUnit?,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    if case .literal(.string(let text)) = amount.unwrapped.kind {
      let full = unit.map { "\(text) \($0.rawValue)" } ?? text
      return bindTypedLiteral("INTERVAL", full, .interval, range)
    }
    if case .literal(.integer(let digits)) = amount.unwrapped.kind, let unit {
      return bindTypedLiteral("INTERVAL", "\(digits) \(unit.rawValue)", .interval, range)
    }
    guard let unit else {
      report(.callForm("INTERVAL needs a unit, as in INTERVAL 3 DAYS", at: range))
      return nil
    }
    guard let bound = bind(amount, scope),
      let one = bindTypedLiteral("INTERVAL", "1 \(unit.rawValue)", .interval, range)
    else { return nil }
    return resolveOperator("*", [bound, one], range)
  }

  /// Binds `90 days`.
  func bindDuration(_ duration: Duration, _ range: SourceRange) -> BoundExpression? {
    bindTypedLiteral(
      "INTERVAL",
      "\(duration.amount) \(duration.unit.rawValue)",
      .interval,
      range
    )
  }

  /// Binds `50%`, which is 0.5.
  func bindPercentage(_ text: String, _ range: SourceRange) -> BoundExpression? {
    guard let number = Double(text) else { return nil }
    return BoundExpression(.literal(.double(number / 100)), type: .double, range: range)
  }

  /// Binds a parameter: its value stands in its place, as a literal would.
  func bindParameter(_ parameter: Parameter, _ range: SourceRange) -> BoundExpression? {
    guard let value = environment.parameters[parameter] else {
      switch parameter {
      case .named(let name): report(.missingParameter("$\(name)", at: range))
      case .positional(let number): report(.missingParameter("$\(number)", at: range))
      }
      return nil
    }
    return BoundExpression(.literal(value), type: value.naturalType, range: range)
  }

  static func dateText(_ year: Int, _ month: Int, _ day: Int) -> String {
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}

extension Expression {
  /// The expression without parentheses around it.
  var unwrapped: Expression {
    var inner = self
    while case .parenthesized(let next) = inner.kind { inner = next }
    return inner
  }
}

extension Value {
  /// The type that a value has where nothing else is known.
  var naturalType: DataType {
    switch self {
    case .null: .null
    case .boolean: .boolean
    case .integer(let value):
      value == Int64(Int32(truncatingIfNeeded: value)) ? .integer : .bigint
    case .hugeint: .hugeint
    case .decimal(let unscaled, let scale):
      .decimal(
        precision: min(
          DataType.maximumDecimalPrecision,
          max(1, "\(unscaled.magnitude)".utf8.count, scale)
        ),
        scale: scale
      )
    case .double: .double
    case .text: .varchar
    case .blob: .blob
    case .date: .date
    case .time: .time
    case .timestamp: .timestamp
    case .timestampTZ: .timestampTZ
    case .interval: .interval
    case .list(let elements):
      .list(TypeCoercion.commonType(of: elements.map(\.naturalType)) ?? .varchar)
    case .map(let entries):
      .map(
        TypeCoercion.commonType(of: entries.map(\.key.naturalType)) ?? .varchar,
        to: TypeCoercion.commonType(of: entries.map(\.value.naturalType)) ?? .varchar
      )
    case .structure(let members):
      .structure(
        members.map {
          StructField(name: $0.name, type: $0.value.naturalType, isMarked: $0.isOfRow)
        }
      )
    }
  }
}
