internal import TundishColumns
internal import TundishSyntax

extension BoundExpression {
  /// The expression as text, with columns by name.
  func explained(by columns: [PlanColumn]) -> String {
    func text(_ expression: BoundExpression) -> String { expression.explained(by: columns) }
    func list(_ expressions: [BoundExpression], _ separator: String = ", ") -> String {
      expressions.map(text).joined(separator: separator)
    }
    switch kind {
    case .literal(let value):
      return value.explained
    case .column(let id):
      return columns.first { $0.id == id }?.name ?? "#\(id.rawValue)"
    case .call(let function, let arguments):
      let isSymbol = !(function.name.utf8.first.map(isNameByte) ?? true)
      if isSymbol && arguments.count == 2 {
        return "(\(text(arguments[0])) \(function.name) \(text(arguments[1])))"
      }
      return "\(function.name)(\(list(arguments)))"
    case .comparison(let comparison, let left, let right):
      return "(\(text(left)) \(comparison.rawValue) \(text(right)))"
    case .and(let operands): return "(\(list(operands, " AND ")))"
    case .or(let operands): return "(\(list(operands, " OR ")))"
    case .not(let operand): return "NOT \(text(operand))"
    case .isNull(let operand): return "(\(text(operand)) IS NULL)"
    case .cast(let operand, let isTry):
      return "\(isTry ? "TRY_CAST" : "CAST")(\(text(operand)) AS \(type))"
    case .caseWhen(let branches, let otherwise):
      let whens = branches.map { "WHEN \(text($0.condition)) THEN \(text($0.result))" }
      let last = otherwise.map { " ELSE \(text($0))" } ?? ""
      return "CASE \(whens.joined(separator: " "))\(last) END"
    case .coalesce(let operands): return "coalesce(\(list(operands)))"
    case .inValues(let operand, let values):
      return "(\(text(operand)) IN (\(values.map(\.explained).joined(separator: ", "))))"
    case .lambda(let parameters, let body):
      let names = parameters.map(\.name).joined(separator: ", ")
      return "\(names) -> \(body.explained(by: columns + parameters))"
    case .subquery: return "(subquery)"
    }
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F
  }
}

extension Value {
  /// The value as EXPLAIN shows it.
  var explained: String {
    switch self {
    case .null: "NULL"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): "\(value)"
    case .hugeint(let value): "\(value)"
    case .double(let value): "\(value)"
    case .text(let value): "'\(value)'"
    case .decimal(let unscaled, let scale):
      Self.text { DecimalText.append(unscaled, scale: scale, to: &$0) }
    case .date(let days):
      "DATE '" + Self.text { DateText.append(days: Int64(days), to: &$0) } + "'"
    case .time(let time):
      "TIME '" + Self.text { DateText.append(timeOfDay: time, to: &$0) } + "'"
    case .timestamp(let instant):
      "TIMESTAMP '" + Self.text { DateText.append(timestamp: instant, to: &$0) } + "'"
    case .timestampTZ(let instant):
      "TIMESTAMPTZ '" + Self.text { DateText.append(timestamp: instant, to: &$0) } + "+00'"
    case .interval(let interval):
      "INTERVAL '" + Self.text { IntervalText.append(interval, to: &$0) } + "'"
    case .list(let values):
      "[" + values.map(\.explained).joined(separator: ", ") + "]"
    case .map(let entries):
      "MAP {" + entries.map { "\($0.key.explained): \($0.value.explained)" }.joined(separator: ", ")
        + "}"
    case .structure(let members):
      "{" + members.map { "'\($0.name)': \($0.value.explained)" }.joined(separator: ", ") + "}"
    case .blob(let bytes):
      "BLOB of \(bytes.count) bytes"
    }
  }

  private static func text(_ append: (inout [UInt8]) -> Void) -> String {
    var bytes: [UInt8] = []
    append(&bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension [SortKey] {
  /// The keys as EXPLAIN shows them.
  func explained(by columns: [PlanColumn]) -> String {
    map { key in
      key.expression.explained(by: columns) + (key.isDescending ? " desc" : "")
        + (key.nullsFirst ? " nulls first" : "")
    }.joined(separator: ", ")
  }
}
