internal import TundishColumns
internal import TundishSyntax

/// `json_transform`, whose type follows from a constant.
extension Binder {
  /// The calls that are bound here, and whether they are strict.
  static let jsonTransforms = [
    "json_transform": false, "from_json": false, "json_transform_strict": true,
    "from_json_strict": true,
  ]

  /// Binds a call of one of `jsonTransforms`.
  func bindJSONTransform(
    _ name: String,
    _ arguments: [BoundExpression],
    isStrict: Bool,
    _ range: SourceRange
  ) -> BoundExpression? {
    guard arguments.count == 2 else {
      return resolveCall(name, arguments, range, symbol: nil)
    }
    let place = arguments[1].range
    let text: String
    switch arguments[1].constantValue {
    case .null?: return .null(.null, range: range)
    case .text(let own)?: text = own
    default:
      report(.notConstant("the structure of \(name)", at: place))
      return nil
    }
    let structure: JSONStructure
    do throws(ExecutionError) {
      structure = try JSONStructure(text)
    } catch {
      report(
        .unreadableLiteral(text, type: "a JSON structure", at: place, reason: error.message)
      )
      return nil
    }
    guard let target = target(of: structure, place) else { return nil }
    let function = JSONTransformFunctions.transforming(
      name,
      to: target,
      structure: text,
      isStrict: isStrict
    )
    let json = coerce(arguments[0], to: .varchar)
    return BoundExpression(.call(function, [json]), type: function.resultType, range: range)
  }

  /// What a structure describes; nil where a type is unknown, which is reported.
  ///
  /// Nesting is bounded by `JSONText.depthLimit`.
  private func target(of structure: JSONStructure, _ range: SourceRange) -> JSONTarget? {
    switch structure {
    case .list(let element):
      return target(of: element, range).map { .list($0) }
    case .structure(let members):
      var targets: [(name: String, target: JSONTarget)] = []
      for member in members {
        guard let target = target(of: member.structure, range) else { return nil }
        targets.append((member.name, target))
      }
      return .structure(targets)
    case .type(let text):
      if foldedKey(text) == "null" { return .value(.null) }
      guard let name = Syntax.parseType(text, at: range) else {
        report(.unknownType(text, at: range, closest: nil))
        return nil
      }
      return target(of: name)
    }
  }

  private func target(of name: TypeName) -> JSONTarget? {
    switch name.kind {
    case .list(let element): return target(of: element).map { .list($0) }
    case .map(let key, let value):
      guard let key = resolve(key), let value = target(of: value) else { return nil }
      return .map(key: key, value: value)
    case .structure(let members):
      var targets: [(name: String, target: JSONTarget)] = []
      for member in members {
        guard let target = target(of: member.type) else { return nil }
        targets.append((member.name.text, target))
      }
      return .structure(targets)
    case .named, .enumeration, .row:
      guard let checked = CheckedType(name) else { return resolve(name).map { .value($0) } }
      return checked == .json ? .json : .checked(checked.rawValue, storage: checked.storage)
    }
  }
}

/// JSON that becomes lists, maps and structs with members that are JSON still.
extension Binder {
  /// Binds a cast of text to a type that has JSON inside; nil where it has none.
  ///
  /// What is cast is JSON then, and its parts stay as they are written, texts with their quotes.
  func bindCastOfJSON(
    _ bound: BoundExpression,
    to type: TypeName,
    isTry: Bool,
    _ range: SourceRange
  ) -> BoundExpression? {
    guard type.holdsJSON, bound.type == .varchar, let target = target(of: type) else { return nil }
    let function = JSONTransformFunctions.transforming(
      isTry ? "from_json" : "from_json_strict",
      to: target,
      structure: "\(target.type)",
      isStrict: !isTry
    )
    return BoundExpression(.call(function, [bound]), type: function.resultType, range: range)
  }
}

extension TypeName {
  /// Whether this is a list, map or struct with JSON inside; the parser bounds the recursion.
  var holdsJSON: Bool {
    switch kind {
    case .list(let element): element.isOrHoldsJSON
    case .map(_, let value): value.isOrHoldsJSON
    case .structure(let members): members.contains { $0.type.isOrHoldsJSON }
    case .row, .named, .enumeration: false
    }
  }

  private var isOrHoldsJSON: Bool { CheckedType(self) == .json || holdsJSON }
}

/// JSON inside of JSON.
extension Binder {
  /// The functions that write their arguments as JSON.
  private static let jsonWriters: Set<String> = [
    "to_json", "json_quote", "array_to_json", "row_to_json", "json_array", "json_object",
    "json_group_array", "json_group_object",
  ]

  /// The functions whose result is JSON, by their canonical names.
  static let jsonResults: Set<String> = [
    "to_json", "json_array", "json_object", "json_extract", "json_merge_patch", "json_set",
    "json_insert", "json_replace", "json_remove", "json_strip_nulls", "json_structure",
  ]

  /// The arguments of a function that writes JSON, those that are JSON already marked as such, so
  /// that they become parts and not strings.
  func embeddingJSON(_ arguments: [BoundExpression], in name: String) -> [BoundExpression] {
    guard Self.jsonWriters.contains(name) else { return arguments }
    return arguments.map { argument in
      guard argument.type == .varchar, checkedType(of: argument) == .json,
        case .structure(let fields) = DataType.embeddedJSON
      else { return argument }
      let function = StructureFunctions.rebuilding(
        "json",
        [.varchar],
        fields,
        [.value(argument: 0)]
      )
      return BoundExpression(
        .call(function, [argument]),
        type: function.resultType,
        range: argument.range
      )
    }
  }
}
