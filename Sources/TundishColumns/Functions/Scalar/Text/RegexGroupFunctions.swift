/// The overloads of `regexp_extract` and `regexp_extract_all` that give groups names.
///
/// The names are constants, because they are the members of the result's type.
enum RegexGroupFunctions {
  /// `regexp_extract(text, pattern, ['name', ...] [, options])`.
  static let first: [ScalarOverload] = [
    overload(hasOptions: false, isList: false), overload(hasOptions: true, isList: false),
  ]
  /// `regexp_extract_all(text, pattern, ['name', ...] [, options])`.
  static let all: [ScalarOverload] = [
    overload(hasOptions: false, isList: true), overload(hasOptions: true, isList: true),
  ]

  private static func overload(hasOptions: Bool, isList: Bool) -> ScalarOverload {
    ScalarOverload(
      [.exact(.varchar), .exact(.varchar), .exact(.list(.varchar))]
        + (hasOptions ? [.exact(.varchar)] : []),
      result: { _ in wrapped(.structure([]), isList) },
      resultOfConstants: { _, constants in
        ConstantNames.fields(constants, at: 2, of: { _ in .varchar })
          .map { wrapped(.structure($0), isList) }
      },
      kernel: { (input) throws(ExecutionError) -> Column in
        let type = isList ? elementType(of: input.resultType) : input.resultType
        guard case .structure(let fields) = type, !fields.isEmpty else {
          throw ConstantNames.missing("the names of groups")
        }
        return try matches(
          input,
          type,
          count: fields.count,
          options: hasOptions ? 3 : nil,
          isList: isList
        )
      }
    )
  }

  private static func wrapped(_ type: DataType, _ isList: Bool) -> DataType {
    isList ? .list(type) : type
  }

  private static func elementType(of type: DataType) -> DataType {
    if case .list(let element) = type { element } else { type }
  }

  private static func matches(
    _ input: KernelInput,
    _ type: DataType,
    count: Int,
    options: Int?,
    isList: Bool
  ) throws(ExecutionError) -> Column {
    let texts = input.text(0)
    var patterns = PatternArgument(input, pattern: 1, options: options)
    var views = Array(repeating: [TextView](), count: count)
    var areValid = Array(repeating: [Bool](), count: count)
    var ranges: [Range<Int32>] = []
    for row in 0..<input.rowCount {
      let start = Int32(views[0].count)
      var found: [[Range<Int>?]] = []
      if input.validity?[row] ?? true {
        let matcher = try patterns.matcher(row)
        guard matcher.groupCount >= count else {
          throw ExecutionError(
            .invalidPattern,
            "the pattern has \(matcher.groupCount) groups, but \(count) names are given"
          )
        }
        found =
          isList
          ? try matcher.allMatches(texts.bytes, in: texts.range(row))
          : matcher.firstMatch(texts.bytes, in: texts.range(row)).map { [$0] } ?? []
      }
      if !isList, found.isEmpty { found = [[]] }
      for match in found {
        for group in 0..<count {
          let range = group + 1 < match.count ? match[group + 1] : nil
          views[group].append(
            TextView(start: UInt32(range?.lowerBound ?? 0), length: UInt32(range?.count ?? 0))
          )
          // Of the first match alone, a group that took no part is the empty text, as in DuckDB.
          areValid[group].append(range != nil || !isList)
        }
      }
      ranges.append(start..<Int32(views[0].count))
    }
    let total = views[0].count
    let members = zip(views, areValid).map { views, areValid in
      Column(
        type: .varchar,
        data: Column.text(TextVector(views: views, bytes: texts.bytes)).data,
        validity: areValid.contains(false) ? areValid : nil,
        count: views.count
      )
    }
    let structures = Column(type: type, data: .structure(members, count: total), count: total)
    return isList
      ? input.column(.list(ListVector(ranges: ranges, child: structures))) : structures
  }
}

/// Constant lists of names that become the members of a result's type.
enum ConstantNames {
  /// The members that a constant list names; nil where the argument is no such constant, or a
  /// name comes twice.
  static func fields(
    _ constants: [Value?],
    at position: Int,
    of type: (String) -> DataType?
  ) -> [StructField]? {
    guard position < constants.count, case .list(let names)? = constants[position] else {
      return nil
    }
    var fields: [StructField] = []
    var seen: Set<String> = []
    for name in names {
      guard case .text(let text) = name, let type = type(text),
        seen.insert(foldedKey(text)).inserted
      else { return nil }
      fields.append(StructField(name: text, type: type))
    }
    return fields.isEmpty ? nil : fields
  }

  /// The failure where there is no such constant.
  static func missing(_ what: String) -> ExecutionError {
    ExecutionError(.invalidArgument, "\(what) must be a constant list of different names")
  }
}
