internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// The type that a written type means; nil where there is none, which is reported.
  func resolve(_ name: TypeName) -> DataType? {
    let range = blame(name.range)
    switch name.kind {
    case .list(let element):
      return nested(name.range) { resolve(element) }.map { .list($0) }
    case .map(let key, let value):
      let types = nested(name.range) { (resolve(key), resolve(value)) }
      guard case (let key?, let value?)? = types else { return nil }
      return .map(key, to: value)
    case .row(let types):
      let resolved = nested(name.range) { types.map { resolve($0) } } ?? []
      let found = resolved.compactMap { $0 }
      return found.count == types.count ? .row(of: found) : nil
    case .structure(let members):
      let fields = members.map { member in
        nested(name.range) { resolve(member.type) }.map {
          StructField(name: member.name.text, type: $0)
        }
      }
      let found = fields.compactMap { $0 }
      return found.count == fields.count ? .structure(found) : nil
    case .enumeration(let labels):
      var seen: Set<String> = []
      if let label = labels.first(where: { !seen.insert($0).inserted }) {
        report(.duplicateName("label", label, at: range))
        return nil
      }
      return .enumeration(labels)
    case .named(let text, let arguments):
      return resolveNamed(text, arguments, range)
    }
  }

  private func resolveNamed(
    _ text: String,
    _ arguments: [Int],
    _ range: SourceRange
  )
    -> DataType?
  {
    let key = foldedKey(text)
    if key == "decimal" || key == "numeric" || key == "dec" {
      return resolveDecimal(arguments, range)
    }
    if let type = Self.namedTypes[key] {
      guard arguments.isEmpty || !(type.isInteger || type == .boolean || type == .date) else {
        report(.wrongTypeParameters("\(text.uppercased()) takes no length", at: range))
        return nil
      }
      return type
    }
    if let type = environment.catalog.types[key] { return type }
    let candidates = Self.namedTypes.keys.map { $0.uppercased() }
    report(
      .unknownType(text, at: range, closest: Suggestion.closest(to: text, in: candidates))
    )
    return nil
  }

  private func resolveDecimal(_ arguments: [Int], _ range: SourceRange) -> DataType? {
    let precision = arguments.first ?? 18
    let scale = arguments.count > 1 ? arguments[1] : (arguments.isEmpty ? 3 : 0)
    guard (1...DataType.maximumDecimalPrecision).contains(precision),
      (0...precision).contains(scale)
    else {
      report(
        .wrongTypeParameters(
          "DECIMAL(p, s) needs 1 <= p <= 38 and 0 <= s <= p, found (\(precision), \(scale))",
          at: range
        )
      )
      return nil
    }
    return .decimal(precision: precision, scale: scale)
  }

  /// The names of types without parameters of meaning; lengths of VARCHAR(n) are not enforced.
  static let namedTypes: [String: DataType] = [
    "boolean": .boolean, "bool": .boolean, "logical": .boolean,
    "tinyint": .tinyint, "int1": .tinyint,
    "smallint": .smallint, "int2": .smallint, "short": .smallint, "utinyint": .smallint,
    "uint8": .smallint,
    "integer": .integer, "int": .integer, "int4": .integer, "signed": .integer,
    "integral": .integer,
    "usmallint": .integer, "uint16": .integer,
    "bigint": .bigint, "int8": .bigint, "long": .bigint, "uinteger": .bigint, "uint32": .bigint,
    "hugeint": .hugeint, "int128": .hugeint, "ubigint": .hugeint, "uhugeint": .hugeint,
    "uint64": .hugeint, "uint128": .hugeint,
    "double": .double, "real": .double, "float": .double, "float4": .double, "float8": .double,
    "double precision": .double,
    "varchar": .varchar, "text": .varchar, "string": .varchar, "char": .varchar,
    "bpchar": .varchar, "character varying": .varchar, "character": .varchar, "nvarchar": .varchar,
    "uuid": .varchar, "json": .varchar,
    "blob": .blob, "bytea": .blob, "binary": .blob, "varbinary": .blob,
    "date": .date, "time": .time, "time without time zone": .time,
    "timestamp": .timestamp, "datetime": .timestamp, "timestamp without time zone": .timestamp,
    "timestamp_us": .timestamp, "timestamp_ms": .timestamp, "timestamp_s": .timestamp,
    "timestamp_ns": .timestamp,
    "timestamptz": .timestampTZ, "timestamp with time zone": .timestampTZ,
    "interval": .interval, "null": .null,
  ]
}
