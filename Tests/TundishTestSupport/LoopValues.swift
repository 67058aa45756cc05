/// The values that `foreach` runs through; DuckDB's files have names for groups of types.
enum LoopValues {
  private static let integral = [
    "tinyint", "smallint", "integer", "bigint", "hugeint",
  ]
  private static let unsigned = ["utinyint", "usmallint", "uinteger", "ubigint", "uhugeint"]
  private static let real = ["float", "double"]
  private static let groups: [String: [String]] = [
    "<signed>": integral,
    "<unsigned>": unsigned,
    "<integral>": integral + unsigned,
    "<numeric>": integral + unsigned + real,
    "<alltypes>": integral + unsigned + real + ["bool", "interval", "varchar"],
  ]

  /// The values with groups spelled out and `!value` taken away.
  static func expanded(_ values: [String]) -> [String] {
    let removed = Set(values.filter { $0.hasPrefix("!") }.map { String($0.dropFirst()) })
    return values.flatMap { value -> [String] in
      if value.hasPrefix("!") { return [] }
      return groups[value.lowercased()] ?? [value]
    }.filter { !removed.contains($0) }
  }
}
