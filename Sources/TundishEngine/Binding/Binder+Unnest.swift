internal import TundishColumns
internal import TundishSyntax

/// What stands after the list of an `unnest`.
struct UnnestOptions {
  /// How many levels are taken apart.
  var depth = 1
  /// Whether the members of a struct in a struct are named with the path to them.
  var keepsParents = false

  /// One level further in.
  var deeper: UnnestOptions { UnnestOptions(depth: depth - 1, keepsParents: keepsParents) }

  /// The name of a member's member.
  func name(_ name: String, in parent: String) -> String {
    keepsParents ? parent + "." + name : name
  }
}

/// `unnest` as a select item that stands for several columns.
extension Binder {
  /// The members of a struct under `unnest`, or what a recursive `unnest` ends in; nil where the
  /// item stands for itself.
  func expandUnnest(_ item: SelectItem, _ scope: Scope) -> [WrittenItem]? {
    guard case .call(let call) = item.expression.unwrapped.kind, call.over == nil,
      ["unnest", "unlist"].contains(foldedKey(call.name.last)), let source = call.arguments.first,
      source.name == nil, let type = type(of: source.value, scope)
    else { return nil }
    guard let options = unnestOptions(call) else { return nil }
    switch type {
    case .list where type.isMap: return nil
    case .list where options.depth > 1, .structure: break
    default: return nil  // a list by itself, or what unnest does not take
    }
    let builder = SQLBuilder(item.expression.range)
    let parts = unnested(source.value, type, options, builder)
    if parts.count == 1, parts[0].name == nil {
      let name = item.alias?.text ?? outputName(item.expression, scope)
      return [
        WrittenItem(
          source: .expression(parts[0].expression, nil),
          name: name,
          alias: item.alias?.text
        )
      ]
    }
    return parts.map { part in
      WrittenItem(
        source: .expression(part.expression, nil),
        name: part.name ?? "unnest",
        alias: nil
      )
    }
  }

  /// What stands after the list of an `unnest`; nil where an option does not read.
  private func unnestOptions(_ call: FunctionCall) -> UnnestOptions? {
    var options = UnnestOptions()
    for option in call.arguments.dropFirst() {
      guard let (name, value) = option.optionParts else { return nil }
      switch (foldedKey(name), value.unwrapped.kind) {
      case ("recursive", .literal(.boolean(let isRecursive))):
        if isRecursive { options.depth = max(options.depth, BindingLimits.expansions) }
      case ("max_depth", .literal(.integer(let digits))):
        guard let number = Int(digits), number > 0 else { return nil }
        options.depth = min(number, BindingLimits.expansions)
      case ("keep_parent_names", .literal(.boolean(let keepsParents))):
        options.keepsParents = keepsParents
      default: return nil
      }
    }
    return options
  }

  /// Refuses what follows the list of an `unnest` and is no option of it.
  func refuseUnnestOptions(_ call: FunctionCall) -> Bool {
    guard unnestOptions(call) == nil, let option = call.arguments.dropFirst().first else {
      return false
    }
    report(
      .callForm(
        "after its list unnest takes 'recursive := true', 'max_depth := n' with n > 0, or"
          + " 'keep_parent_names := true'",
        at: blame(option.value.range)
      )
    )
    return true
  }

  /// The columns that a value comes to when so many levels are taken apart.
  private func unnested(
    _ value: Expression,
    _ type: DataType,
    _ options: UnnestOptions,
    _ builder: SQLBuilder
  ) -> [(expression: Expression, name: String?)] {
    guard options.depth > 0 else { return [(value, nil)] }
    switch type {
    case .structure(let fields):
      return fields.flatMap { field in
        let member = builder.expression(
          .index(builder.expression(.parenthesized(value)), builder.text(field.name))
        )
        // Lists inside of structs stay, as in DuckDB.
        guard case .structure = field.type else { return [(member, field.name)] }
        return unnested(member, field.type, options.deeper, builder).map { part in
          (part.expression, part.name.map { options.name($0, in: field.name) } ?? field.name)
        }
      }
    case .list where type.isMap:
      return [(value, nil)]
    case .list(var element):
      var list = value
      var rest = options.deeper
      while rest.depth > 0, let inner = element.listElement {
        list = builder.call("flatten", [list])
        element = inner
        rest = rest.deeper
      }
      let item = builder.call("unnest", [list])
      guard case .structure = element else { return [(item, nil)] }
      return unnested(item, element, rest, builder)
    case .null, .boolean, .tinyint, .smallint, .integer, .bigint, .hugeint, .decimal, .double,
      .varchar, .blob, .date, .time, .timestamp, .timestampTZ, .interval, .enumeration:
      return [(value, nil)]
    }
  }

  /// `generate_subscripts(list, 1)`: a row per position in the list.
  func bindSubscripts(
    _ values: [Expression],
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    guard case .literal(.integer("1")) = values[1].unwrapped.kind else {
      report(
        .callForm("lists have one dimension: generate_subscripts(list, 1)", at: blame(range))
      )
      return nil
    }
    let builder = SQLBuilder(range)
    let positions = builder.call(
      "generate_series",
      [builder.integer(1), builder.call("len", [values[0]])]
    )
    return bind(builder.call("unnest", [positions]), scope)
  }

  /// `regexp_split_to_table(text, pattern)`: a row per part.
  func bindSplitParts(
    _ values: [Expression],
    _ range: SourceRange,
    _ scope: Scope
  ) -> BoundExpression? {
    let builder = SQLBuilder(range)
    return bind(builder.call("unnest", [builder.call("regexp_split_to_array", values)]), scope)
  }
}
