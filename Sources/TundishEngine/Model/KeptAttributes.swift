internal import TundishSyntax

// What `...` stands for in ALTER MODEL SET.
extension SalesModel {
  /// The item with the role's attributes of this model in the place of `...`.
  ///
  /// An attribute that the item says itself is not kept. Of several HISTORY items that is meant
  /// which `OF` names, else the one of the same table.
  ///
  /// - Parameter item: An item of ALTER MODEL.
  /// - Returns: The item with all its attributes written out.
  /// - Throws: Where the model has no such role.
  func completed(_ item: ModelItem) throws(StatementFailure) -> ModelItem {
    guard case .role(let role, let table, let attributes, let range) = item,
      case .kept(let dots)? = attributes.first
    else { return item }
    let said = Array(attributes.dropFirst())
    let subject = Self.subject(of: said)
    let known = roles.filter {
      $0.role == role && (subject == nil || ($0.of ?? .opportunities) == subject)
    }
    let found =
      known.first { foldedEqual($0.table.last, table.last) }
      ?? (known.count == 1 ? known.first : nil)
    guard let found else {
      throw StatementFailure([.nothingToKeep(role, of: subject, range: dots)])
    }
    let names = Set(said.map(\.subjectName))
    let kept = found.attributes.filter { !names.contains($0.subjectName) }
    return .role(role, table: table, attributes: kept.map { $0.moved(to: dots) } + said, range)
  }
}

extension ModelAttribute {
  /// What the attribute is about: two of one name exclude each other.
  var subjectName: String {
    switch self {
    case .value(let name, _, _, _, _), .condition(let name, _, _): foldedText(name.text)
    case .milestone(let name, _, _): "milestone " + foldedText(name.text)
    case .of: "of "
    case .kept: "..."
    }
  }

  /// The attribute with its ranges set to one of another text.
  func moved(to range: SourceRange) -> ModelAttribute {
    func moved(_ name: Identifier) -> Identifier {
      Identifier(name.text, range: range, isQuoted: name.isQuoted)
    }
    switch self {
    case .value(let name, let value, let currency, let maps, _):
      return .value(
        name: moved(name),
        value.moved(to: range),
        currency: currency?.moved(to: range),
        maps: maps,
        range
      )
    case .condition(let name, let condition, _):
      return .condition(name: moved(name), condition.moved(to: range), range)
    case .milestone(let name, let at, _):
      return .milestone(name: moved(name), at: at.moved(to: range), range)
    case .of(let role, _): return .of(role, range)
    case .kept: return .kept(range)
    }
  }
}
