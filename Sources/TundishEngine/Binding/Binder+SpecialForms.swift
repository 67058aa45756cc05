internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// The names of calls that are no functions, for suggestions.
  static let specialForms = [
    "coalesce", "ifnull", "nullif", "if", "iif", "unit", "grouping", "grouping_id", "struct_pack",
    "row", "typeof", "unnest", "unlist", "current_setting", "generate_subscripts",
    "regexp_split_to_table", "getvariable", "alias",
  ]

  /// Binds a call that is evaluated in its own way; nil where the name is none of these.
  func bindSpecialForm(
    _ call: FunctionCall,
    _ name: String,
    _ range: SourceRange,
    _ scope: Scope
  ) -> (expression: BoundExpression?, Void)? {
    let values = call.arguments.map(\.value)
    switch name {
    case "coalesce":
      return (bindCoalesce(values, range, scope), ())
    case "ifnull" where values.count == 2, "nvl" where values.count == 2:
      return (bindCoalesce(values, range, scope), ())
    case "nullif" where values.count == 2:
      return (bindNullIf(values, range, scope), ())
    case "if" where values.count == 3, "iif" where values.count == 3:
      return (bindIf(values, range, scope), ())
    case "unit":
      return (bindUnit(values, range, scope), ())
    case "grouping", "grouping_id":
      return (bindGrouping(values, range, scope), ())
    case "struct_pack":
      return (bindStructPack(call.arguments, range, scope), ())
    case "row":
      return (bindRow(values, range, scope), ())
    case _ where Self.structCalls.contains(name):
      return bindStructCall(call, name, range, scope)
    case "generate_subscripts" where values.count == 2:
      return (bindSubscripts(values, range, scope), ())
    case "regexp_split_to_table" where values.count == 2:
      return (bindSplitParts(values, range, scope), ())
    case "current_setting" where values.count == 1:
      return (bindSettingValue(values[0], range), ())
    case "getvariable" where values.count == 1:
      return (bindVariable(values[0], range), ())
    case "typeof" where values.count == 1:
      return (
        bind(values[0], scope).map { bound in
          if !bound.columnIDs.isEmpty { environment.files.showsTypes = true }
          return BoundExpression(
            .literal(.text(typeName(of: bound, values[0]))),
            type: .varchar,
            range: range
          )
        }, ()
      )
    case "alias" where values.count == 1:
      let name = Value.text(outputName(values[0], scope))
      return (BoundExpression(.literal(name), type: .varchar, range: range), ())
    case "array" where values.count == 1:
      return (bindArrayQuery(values[0], range, scope), ())
    case "unnest", "unlist":
      if refuseUnnestOptions(call) { return (nil, ()) }
      return (bindUnnest(values, range, scope), ())
    default:
      return nil  // an ordinary function
    }
  }

  private func bindCoalesce(
    _ values: [Expression],
    _ range: SourceRange,
    _ scope: Scope
  )
    -> BoundExpression?
  {
    guard !values.isEmpty else {
      report(
        .wrongArgumentCount(
          function: "coalesce",
          count: 0,
          signatures: ["coalesce(value, ...)"],
          at: range
        )
      )
      return nil
    }
    guard let bound = bind(all: values, scope),
      let unified = unify(bound, place: "coalesce", range)
    else { return nil }
    return BoundExpression(
      .coalesce(unified),
      type: unified[0].type,
      unit: commonUnit(bound),
      range: range
    )
  }

  private func bindNullIf(
    _ values: [Expression],
    _ range: SourceRange,
    _ scope: Scope
  )
    -> BoundExpression?
  {
    guard let bound = bind(all: values, scope),
      let isEqual = compare(.equal, bound[0], bound[1], range: range)
    else { return nil }
    let branch = BoundCaseBranch(
      condition: isEqual,
      result: .null(bound[0].type, range: range)
    )
    return BoundExpression(
      .caseWhen([branch], otherwise: bound[0]),
      type: bound[0].type,
      unit: bound[0].unit,
      range: range
    )
  }

  private func bindIf(
    _ values: [Expression],
    _ range: SourceRange,
    _ scope: Scope
  )
    -> BoundExpression?
  {
    let parts = (
      bindCondition(values[0], scope, place: "if"), bind(all: Array(values[1...]), scope)
    )
    guard let condition = parts.0, let results = parts.1,
      let unified = unify(results, place: "if", range)
    else { return nil }
    return BoundExpression(
      .caseWhen(
        [BoundCaseBranch(condition: condition, result: unified[0])],
        otherwise: unified[1]
      ),
      type: unified[0].type,
      unit: commonUnit(results),
      range: range
    )
  }

  /// `unit(expr, 'money(EUR)')`.
  private func bindUnit(
    _ values: [Expression],
    _ range: SourceRange,
    _ scope: Scope
  )
    -> BoundExpression?
  {
    guard values.count == 2 else {
      report(
        .wrongArgumentCount(
          function: "unit",
          count: values.count,
          signatures: ["unit(number, 'rate')"],
          at: range
        )
      )
      return nil
    }
    let bound = bind(values[0], scope)
    guard case .literal(.string(let text)) = values[1].unwrapped.kind,
      let unit = Self.unit(named: text)
    else {
      report(
        .wrongType(
          "the second argument of unit",
          needs: "'rate', 'percent', 'ratio', 'days', 'money(EUR)' or 'none'",
          found: "something else",
          at: blame(values[1].range)
        )
      )
      return nil
    }
    guard let bound else { return nil }
    guard bound.type.isNumeric || bound.type == .null else {
      report(
        .wrongType("unit", needs: "a number", found: bound.type.description, at: bound.range)
      )
      return nil
    }
    return bound.withUnit(unit)
  }

  /// `{'a': 1}`, `struct_pack(a := 1)`.
  func bindStructPack(
    _ arguments: [FunctionArgument],
    _ range: SourceRange,
    _ scope: Scope
  )
    -> BoundExpression?
  {
    guard let bound = bind(all: arguments.map(\.value), scope) else { return nil }
    var names: [String] = []
    for argument in arguments {
      if let name = argument.name {
        names.append(name.text)
      } else if case .name(let parts) = argument.value.kind {
        names.append(parts.last?.text ?? "")
      } else {
        report(.callForm("the members of a struct need names: a := 1", at: range))
        return nil
      }
    }
    return makeStructure(names, bound, range)
  }

  func bindRow(_ values: [Expression], _ range: SourceRange, _ scope: Scope) -> BoundExpression? {
    bind(all: values, scope).map { makeRow($0, range) }
  }

  /// A row of values.
  func makeRow(_ bound: [BoundExpression], _ range: SourceRange) -> BoundExpression {
    let fields = bound.map { StructField(name: "", type: $0.type) }.numbered
    let function = StructureFunctions.packing(fields)
    return BoundExpression(.call(function, bound), type: function.resultType, range: range)
  }

  func makeStructure(
    _ names: [String],
    _ bound: [BoundExpression],
    _ range: SourceRange
  )
    -> BoundExpression?
  {
    var seen: Set<String> = []
    for name in names where !seen.insert(foldedKey(name)).inserted {
      report(.duplicateName("member", name, at: range))
      return nil
    }
    let fields = zip(names, bound).map { StructField(name: $0, type: $1.type) }
    let function = StructureFunctions.packing(fields)
    return BoundExpression(.call(function, bound), type: function.resultType, range: range)
  }

  /// `ARRAY(<query>)`: the values of the only column in the query's order; no rows, an empty list.
  private func bindArrayQuery(
    _ operand: Expression,
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    guard case .scalarQuery(let query) = operand.unwrapped.kind else {
      report(.callForm("ARRAY takes a list in brackets or a query in parentheses", at: range))
      return nil
    }
    if case .select(let select) = query.body, select.items.count > 1 {
      report(.subqueryWidth("ARRAY", wanted: 1, found: select.items.count, at: blame(query.range)))
      return nil
    }
    let builder = SQLBuilder(range)
    let source = TableReference(
      .query(query, isLateral: false),
      alias: builder.identifier("array_source"),
      columnAliases: [builder.identifier("item")],
      range: query.range
    )
    let list = builder.call("list", [builder.name("item")])
    let rows = builder.query(builder.select([SelectItem(expression: list)], from: source))
    return bindCoalesce(
      [builder.expression(.scalarQuery(rows)), builder.expression(.list([]))],
      range,
      scope
    )
  }

  /// `unnest(list)` in SELECT: a column that repeats the row.
  private func bindUnnest(
    _ values: [Expression],
    _ range: SourceRange,
    _ scope: Scope
  )
    -> BoundExpression?
  {
    guard scope.clause == .select, values.count >= 1, let list = values.first else {
      report(.callForm("unnest can stand only in SELECT and FROM, with one list", at: range))
      return nil
    }
    guard var bound = bind(list, scope) else { return nil }
    if bound.type == .null { bound = coerce(bound, to: .list(.null)) }
    guard let element = bound.type.listElement else {
      let wanted = bound.type.isMap ? "a list, as map_entries of the map is one" : "a list"
      report(.wrongType("unnest", needs: wanted, found: bound.type.description, at: range))
      return nil
    }
    let column = makeColumn("unnest", element, unit: bound.unit)
    scope.unnests.append(ProjectedColumn(column: column, expression: bound))
    return .column(column, range: range)
  }
}

/// Functions whose result type depends on names, which overloads do not know.
enum StructureFunctions {
  /// Makes a struct of its arguments.
  static func packing(_ fields: [StructField]) -> ResolvedScalar {
    let type = DataType.structure(fields)
    let overload = ScalarOverload(
      [],
      variadic: .any,
      propagatesNull: false,
      result: { _ in type },
      kernel: { input in
        Column(
          type: type,
          data: .structure(input.arguments, count: input.rowCount),
          count: input.rowCount
        )
      }
    )
    let names = fields.map(\.name).joined(separator: ",")
    return ResolvedScalar(
      name: "struct_pack(\(names))",
      overload: overload,
      argumentTypes: fields.map(\.type),
      resultType: type
    )
  }

  /// Takes one member of a struct.
  static func extracting(_ position: Int, of type: DataType, field: StructField) -> ResolvedScalar {
    let overload = ScalarOverload(
      [.structure],
      propagatesNull: false,
      result: { _ in field.type },
      kernel: { (input) throws(ExecutionError) in
        let structure = input.arguments[0]
        guard case .structure(let members, _) = structure.data, position < members.count else {
          return .nulls(type: field.type, count: input.rowCount)
        }
        let member = members[position]
        return structure.isConstant
          ? .constant(
            structure.isValid(at: 0) ? member.value(at: 0) : .null,
            type: field.type,
            count: input.rowCount
          )
          : member.masked(by: structure.validity)
      }
    )
    return ResolvedScalar(
      name: "struct_extract(\(field.name))",
      overload: overload,
      argumentTypes: [type],
      resultType: field.type
    )
  }
}

extension Column {
  /// The same values, NULL also where a mask is false.
  func masked(by mask: [Bool]?) -> Column {
    guard let mask else { return self }
    guard !isConstant else {
      var values: [Value] = []
      let value = value(at: 0)
      for isValid in mask { values.append(isValid ? value : .null) }
      return .values(values, type: type)
    }
    guard let validity else { return withValidity(mask) }
    return withValidity(zip(validity, mask).map { $0 && $1 })
  }
}
