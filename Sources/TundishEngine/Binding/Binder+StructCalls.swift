internal import TundishColumns
internal import TundishSyntax

/// Calls on structs, whose result types depend on names of members.
extension Binder {
  /// The calls that are bound here.
  static let structCalls: Set<String> = [
    "struct_insert", "struct_update", "struct_concat", "struct_extract", "struct_extract_at",
    "struct_keys", "struct_values",
  ]

  /// Binds one of `structCalls`; other shapes are left to the functions' own signatures.
  func bindStructCall(
    _ call: FunctionCall,
    _ name: String,
    _ range: SourceRange,
    _ scope: Scope
  ) -> (expression: BoundExpression?, Void)? {
    guard let bound = bind(all: call.arguments.map(\.value), scope) else { return (nil, ()) }
    guard let first = bound.first, case .structure(let fields) = first.type else {
      return (resolveCall(name, bound, range, symbol: nil), ())
    }
    switch name {
    case "struct_insert", "struct_update":
      return (bindStructChange(call, name, bound, fields, range), ())
    case "struct_concat":
      return (bindStructConcat(bound, range), ())
    case "struct_extract" where bound.count == 2, "struct_extract_at" where bound.count == 2:
      return (bindStructExtract(call.arguments[1].value, name, bound, fields, range), ())
    case "struct_keys" where fields.isRow:
      report(.callForm("the members of a row have no names", at: range))
      return (nil, ())
    case "struct_keys" where bound.count == 1:
      let names = fields.map { Value.text($0.name) }
      let list = BoundExpression(.literal(.list(names)), type: .list(.varchar), range: range)
      return (unlessNull(first, list, range), ())
    case "struct_values" where bound.count == 1:
      let function = StructureFunctions.rebuilding(
        name,
        [first.type],
        fields.numbered,
        fields.indices.map { .member(argument: 0, position: $0) }
      )
      let row = BoundExpression(.call(function, bound), type: function.resultType, range: range)
      return (unlessNull(first, row, range), ())
    default:
      return (resolveCall(name, bound, range, symbol: nil), ())
    }
  }

  /// The value where a struct is not NULL.
  private func unlessNull(
    _ structure: BoundExpression,
    _ value: BoundExpression,
    _ range: SourceRange
  ) -> BoundExpression {
    let isNull = BoundExpression(.isNull(structure), type: .boolean, range: range)
    let branch = BoundCaseBranch(condition: isNull, result: .null(value.type, range: range))
    return BoundExpression(.caseWhen([branch], otherwise: value), type: value.type, range: range)
  }

  /// `struct_insert(s, b := 2)` adds members, `struct_update(s, a := 1)` also replaces them.
  private func bindStructChange(
    _ call: FunctionCall,
    _ name: String,
    _ bound: [BoundExpression],
    _ fields: [StructField],
    _ range: SourceRange
  ) -> BoundExpression? {
    var members = fields
    var sources = fields.indices.map { StructureFunctions.Source.member(argument: 0, position: $0) }
    for (position, argument) in call.arguments.enumerated().dropFirst() {
      guard let label = argument.name else {
        report(.callForm("the members that \(name) sets need names: \(name)(s, a := 1)", at: range))
        return nil
      }
      let field = StructField(name: label.text, type: bound[position].type)
      let key = foldedKey(label.text)
      if let known = members.firstIndex(where: { foldedKey($0.name) == key }) {
        guard name == "struct_update", known < fields.count else {
          report(.duplicateName("member", label.text, at: range))
          return nil
        }
        members[known] = StructField(name: fields[known].name, type: field.type)
        sources[known] = .value(argument: position)
      } else {
        members.append(field)
        sources.append(.value(argument: position))
      }
    }
    let function = StructureFunctions.rebuilding(name, bound.map(\.type), members, sources)
    return BoundExpression(.call(function, bound), type: function.resultType, range: range)
  }

  /// `struct_concat(s, t, ...)`: the members of all.
  private func bindStructConcat(
    _ bound: [BoundExpression],
    _ range: SourceRange
  ) -> BoundExpression? {
    var members: [StructField] = []
    var sources: [StructureFunctions.Source] = []
    var isRow = true
    for (position, argument) in bound.enumerated() {
      guard case .structure(let fields) = argument.type else {
        report(
          .wrongType(
            "struct_concat",
            needs: "structs",
            found: argument.type.description,
            at: argument.range
          )
        )
        return nil
      }
      isRow = isRow && fields.isRow
      members += fields
      sources += fields.indices.map { .member(argument: position, position: $0) }
    }
    members = isRow ? members.numbered : members.named
    var seen: Set<String> = []
    for member in members where !seen.insert(foldedKey(member.name)).inserted {
      report(.duplicateName("member", member.name, at: range))
      return nil
    }
    let function = StructureFunctions.rebuilding(
      "struct_concat",
      bound.map(\.type),
      members,
      sources
    )
    return BoundExpression(.call(function, bound), type: function.resultType, range: range)
  }

  /// `struct_extract(s, 'a')`, `struct_extract(s, 1)`, `struct_extract_at(s, 1)`.
  private func bindStructExtract(
    _ written: Expression,
    _ name: String,
    _ bound: [BoundExpression],
    _ fields: [StructField],
    _ range: SourceRange
  ) -> BoundExpression? {
    switch bound[1].constantValue {
    case .null?: return .null(.null, range: range)
    case .text(let member)? where name == "struct_extract":
      return bindMember(bound[0], Identifier(member, range: written.range), range)
    case .integer(let number)?:
      guard let position = Int(exactly: number), (1...max(1, fields.count)).contains(position),
        position <= fields.count
      else {
        report(
          .callForm(
            "the struct has members 1 to \(fields.count), and no member \(number)",
            at: blame(written.range)
          )
        )
        return nil
      }
      return extract(position - 1, of: bound[0], fields[position - 1], range)
    default:
      report(
        .callForm(
          "\(name) takes the name or number of a member as a constant",
          at: blame(written.range)
        )
      )
      return nil
    }
  }
}

extension StructureFunctions {
  /// Where a member of a new struct comes from.
  enum Source: Sendable {
    /// A member of an argument that is a struct.
    case member(argument: Int, position: Int)
    /// An argument.
    case value(argument: Int)
  }

  /// Makes a struct of members of other structs and of values; a NULL struct gives NULL members.
  static func rebuilding(
    _ name: String,
    _ types: [DataType],
    _ fields: [StructField],
    _ sources: [Source]
  ) -> ResolvedScalar {
    let type = DataType.structure(fields)
    let overload = ScalarOverload(
      [],
      variadic: .any,
      propagatesNull: false,
      result: { _ in type },
      kernel: { input in
        let members = sources.map { source -> Column in
          switch source {
          case .value(let argument): return input.arguments[argument].expanded()
          case .member(let argument, let position):
            let structure = input.arguments[argument].expanded()
            guard case .structure(let members, _) = structure.data else {
              return .nulls(type: .null, count: input.rowCount)
            }
            return members[position].expanded().masked(by: structure.validity)
          }
        }
        return Column(
          type: type,
          data: .structure(members, count: input.rowCount),
          count: input.rowCount
        )
      }
    )
    return ResolvedScalar(
      name: "\(name)(\(fields.map(\.name).joined(separator: ",")) \(sources))",
      overload: overload,
      argumentTypes: types,
      resultType: type
    )
  }
}
