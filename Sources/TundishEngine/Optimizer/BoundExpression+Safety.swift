internal import TundishColumns
internal import TundishSyntax

extension BoundExpression {
  /// Whether the evaluation might fail for some values, so that it must not see rows that it would
  /// not have seen: `CAST('x' AS INTEGER)`, or a sum that overflows.
  var canFail: Bool {
    switch kind {
    case .literal, .column:
      return false
    case .cast(let operand, let isTry):
      if operand.canFail { return true }
      return !isTry && !operand.type.alwaysConverts(to: type)
    case .call(let function, let arguments):
      return !Self.safeFunctions.contains(function.name) || arguments.contains(where: \.canFail)
    case .subquery:
      return true
    case .comparison, .and, .or, .not, .isNull, .caseWhen, .coalesce, .inValues, .lambda:
      return operands.contains(where: \.canFail)
    }
  }

  /// Functions that give a value or NULL for every argument.
  private static let safeFunctions: Set<String> = [
    "lower", "upper", "length", "trim", "ltrim", "rtrim", "contains", "starts_with", "ends_with",
    "prefix", "suffix", "like", "ilike", "~~", "!~~", "~~*", "!~~*", "||", "concat", "substring",
    "left", "right", "reverse", "year", "month", "day", "quarter", "week", "isodow", "dayofweek",
    "hour", "minute", "second", "date_trunc", "date_part", "greatest", "least", "nullif",
    "strlen", "position", "instr", "replace", "is_nan", "isnan",
  ]

  /// The number of parts, counted up to a bound.
  func size(upTo bound: Int) -> Int {
    var count = 1
    for operand in operands {
      if count >= bound { return count }
      count += operand.size(upTo: bound - count)
    }
    return count
  }

  /// Replaces columns by their definitions, unless that repeats work, which is random or too long;
  /// nil then.
  ///
  /// Only what is short may grow. Without such a bound, in a chain of n queries each of which
  /// computes a column and filters by it, each of n conditions would go down n levels and be longer
  /// on each; with it, each goes down as many levels as it takes to become long.
  func expanding(_ definitions: [ColumnID: BoundExpression]) -> BoundExpression? {
    for id in columnIDs {
      guard let definition = definitions[id], definition.isDeterministic else { return nil }
    }
    guard isDeterministic else { return nil }
    let longest = 400
    let short = 64
    let own = size(upTo: longest)
    guard own < longest else { return nil }
    let bound = own > short ? own : max(short, 2 * own)
    let expanded = substituting(definitions)
    return expanded.size(upTo: bound + 1) <= bound ? expanded : nil
  }
}

extension DataType {
  /// Whether every value has an equivalent in another type.
  func alwaysConverts(to target: DataType) -> Bool {
    if self == target || self == .null || target == .varchar { return true }
    if target == .double { return isNumeric }
    if let own = int64Range {
      if let other = target.int64Range {
        return other.contains(own.lowerBound) && other.contains(own.upperBound)
      }
      if target == .hugeint { return true }
      if case .decimal(let precision, let scale) = target {
        return precision - scale >= String(own.upperBound).utf8.count
      }
      return false
    }
    switch (self, target) {
    case (.decimal(let fromPrecision, let fromScale), .decimal(let precision, let scale)):
      return scale >= fromScale && precision - scale >= fromPrecision - fromScale
    case (.date, .timestamp):
      return false
    case (.timestamp, .date), (.timestampTZ, .date):
      return true
    default:
      return false
    }
  }
}
