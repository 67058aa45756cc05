/// The layout of calls and their windows.
extension Formatter {
  mutating func call(_ call: FunctionCall) -> Layout {
    if call.name.parts.count == 1, let word = call.name.parts.first, !word.isQuoted,
      word.text.lowercased() == "array", let query = call.arguments.first
    {
      return [keyword("ARRAY"), " ", argument(query)]
    }
    var arguments: [Layout] = call.arguments.map { argument($0) }
    if call.isDistinct, let first = arguments.first {
      arguments[0] = [keyword("DISTINCT"), " ", first]
    }
    var list = arguments.commaSeparated
    if !call.orderBy.isEmpty, !call.isWithinGroup {
      let order: Layout = [keyword("ORDER BY"), " ", orderItems(call.orderBy)]
      list = arguments.isEmpty ? order : [list, " ", order]
    }
    if let treatment = call.nullTreatment, call.over == nil {
      let words = keyword(treatment.rawValue)
      list = call.arguments.isEmpty && call.orderBy.isEmpty ? words : [list, " ", words]
    }
    var parts: [Layout] = [
      .text(functionName(call.name)), .group(["(", .nest([.softLine, list]), .softLine, ")"]),
    ]
    if call.isWithinGroup {
      parts += [
        " ", keyword("WITHIN GROUP"), " (", keyword("ORDER BY"), " ", orderItems(call.orderBy), ")",
      ]
    }
    if let filter = call.filter {
      parts += [" ", keyword("FILTER"), " (", keyword("WHERE"), " ", expression(filter), ")"]
    }
    if let treatment = call.nullTreatment, call.over != nil {
      parts += [" ", keyword(treatment.rawValue)]
    }
    switch call.over {
    case .name(let window): parts += [" ", keyword("OVER"), .text(" " + name(window))]
    case .specification(let window): parts += [" ", keyword("OVER"), " ", self.window(window)]
    case nil: break
    }
    return .sequence(parts)
  }

  func functionName(_ qualified: QualifiedName) -> String {
    guard qualified.parts.count == 1, let part = qualified.parts.first, !part.isQuoted,
      let keyword = Keyword(rawValue: part.text.lowercased())
    else { return name(qualified) }
    switch keyword {
    case .currentDate, .currentTime, .currentTimestamp, .localtime, .localtimestamp, .currentUser,
      .currentRole, .currentCatalog, .currentSchema, .sessionUser:
      return part.text
    default:
      return keyword.wordClass == .typeOrFunction && keyword != .tryCast
        ? part.text : name(qualified)
    }
  }

  mutating func argument(_ argument: FunctionArgument) -> Layout {
    guard let name = argument.name else { return expression(argument.value) }
    return [.text(self.name(name) + " := "), expression(argument.value)]
  }

  mutating func window(_ window: WindowSpecification) -> Layout {
    var parts: [Layout] = []
    if let base = window.base { parts.append(.text(name(base))) }
    if !window.partitionBy.isEmpty {
      parts.append([keyword("PARTITION BY"), " ", expressions(window.partitionBy)])
    }
    if !window.orderBy.isEmpty {
      parts.append([keyword("ORDER BY"), " ", orderItems(window.orderBy)])
    }
    if let frame = window.frame { parts.append(self.frame(frame)) }
    return .group(["(", .nest([.softLine, parts.joined(by: .line)]), .softLine, ")"])
  }

  mutating func frame(_ frame: WindowFrame) -> Layout {
    let start = bound(frame.start)
    let end = bound(frame.end)
    let exclusion: Layout =
      frame.exclusion == .noOthers
      ? .empty : [" ", keyword("EXCLUDE " + frame.exclusion.rawValue)]
    return [
      keyword(frame.mode.rawValue + " BETWEEN"), " ", start, " ", keyword("AND"), " ", end,
      exclusion,
    ]
  }

  mutating func bound(_ bound: WindowFrame.Bound) -> Layout {
    switch bound {
    case .unboundedPreceding: keyword("UNBOUNDED PRECEDING")
    case .preceding(let offset): [expression(offset, .membership), " ", keyword("PRECEDING")]
    case .currentRow: keyword("CURRENT ROW")
    case .following(let offset): [expression(offset, .membership), " ", keyword("FOLLOWING")]
    case .unboundedFollowing: keyword("UNBOUNDED FOLLOWING")
    }
  }
}
