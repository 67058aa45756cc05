package import TundishSyntax

/// What one role item of the model says: which table plays the role, and what its columns mean.
package struct RoleDefinition: Sendable, Hashable {
  /// The role.
  package let role: ModelRole
  /// The role that a HISTORY belongs to.
  package let of: ModelRole?
  /// The table.
  package let table: QualifiedName
  /// The attributes, in order.
  package let attributes: [ModelAttribute]

  /// The attribute's expression over the table's columns; names are compared case-insensitively.
  package func value(_ wanted: String) -> Expression? {
    for attribute in attributes {
      if case .value(let name, let expression, _, _, _) = attribute, foldedEqual(name.text, wanted)
      {
        return expression
      }
    }
    return nil
  }

  /// The condition of `WON WHEN`, `LOST WHEN`, `DISQUALIFIED WHEN`.
  package func condition(_ wanted: String) -> Expression? {
    for attribute in attributes {
      if case .condition(let name, let expression, _) = attribute, foldedEqual(name.text, wanted) {
        return expression
      }
    }
    return nil
  }

  /// The declared milestones.
  package var milestones: [(name: Identifier, at: Expression)] {
    attributes.compactMap {
      if case .milestone(let name, let at, _) = $0 { (name, at) } else { nil }
    }
  }

  /// The currency of an attribute: a string, or a column.
  package func currency(of wanted: String) -> Expression? {
    for attribute in attributes {
      if case .value(let name, _, let currency, _, _) = attribute, foldedEqual(name.text, wanted) {
        return currency
      }
    }
    return nil
  }

  /// The texts of an attribute that mean something else: `'ads' AS media`.
  package func maps(of wanted: String) -> [ModelMapping] {
    for attribute in attributes {
      if case .value(let name, _, _, let maps, _) = attribute, foldedEqual(name.text, wanted) {
        return maps
      }
    }
    return []
  }

  /// The names of the attributes, in lower case.
  package var attributeNames: [String] {
    attributes.compactMap {
      switch $0 {
      case .value(let name, _, _, _, _), .condition(let name, _, _): foldedText(name.text)
      case .milestone, .of, .kept: nil
      }
    }
  }
}
