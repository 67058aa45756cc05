package import TundishSyntax

/// What the tables mean for sales: the roles, stages and links of CREATE MODEL.
package struct SalesModel: Sendable, Hashable {
  /// The items as CREATE MODEL would write them.
  package var items: [ModelItem] = []

  /// Creates an empty model.
  package init() {}

  /// Creates a model of some items.
  package init(items: [ModelItem]) {
    self.items = items
  }

  /// The roles, in order.
  package var roles: [RoleDefinition] {
    items.compactMap { item in
      guard case .role(let role, let table, let attributes, _) = item else { return nil }
      return RoleDefinition(
        role: role,
        of: Self.subject(of: attributes),
        table: table,
        attributes: attributes
      )
    }
  }

  /// The table that plays a role; for HISTORY, the first, or the one of the given role.
  package func role(_ role: ModelRole, of subject: ModelRole? = nil) -> RoleDefinition? {
    roles.first { $0.role == role && (subject == nil || ($0.of ?? .opportunities) == subject) }
  }

  /// Whether opportunities are rows of the leads table that no key ties to them: then the row does.
  var isLinkedByRow: Bool {
    guard let leads = role(.leads), let deals = role(.opportunities),
      foldedEqual(leads.table.last, deals.table.last), leads.value("count") == nil
    else { return false }
    let isTied =
      (deals.value("lead") != nil && leads.value("key") != nil)
      || (leads.value("opportunity") != nil && deals.value("key") != nil)
    return !isTied
  }

  /// The stages of all STAGES items.
  package var stages: [StageDefinition] {
    items.flatMap { item -> [StageDefinition] in
      if case .stages(let stages, _) = item { stages } else { [] }
    }
  }

  /// The links of all LINK items.
  package var links: [LinkDefinition] {
    items.flatMap { item -> [LinkDefinition] in
      if case .links(let links, _) = item { links } else { [] }
    }
  }

  /// Replaces the item of the same role, or adds one.
  package mutating func set(_ item: ModelItem) {
    if let index = items.firstIndex(where: { Self.sameSubject($0, item) }) {
      items[index] = item
    } else {
      items.append(item)
    }
  }

  /// Adds links to the last LINK item, or as a new one.
  package mutating func add(_ links: [LinkDefinition], range: SourceRange) {
    guard !links.isEmpty else { return }
    for index in items.indices {
      if case .links(let old, let oldRange) = items[index] {
        items[index] = .links(old + links, oldRange)
        return
      }
    }
    items.append(.links(links, range))
  }

  /// Whether two items speak of the same role (a HISTORY of the same role), or both of stages.
  static func sameSubject(_ first: ModelItem, _ second: ModelItem) -> Bool {
    switch (first, second) {
    case (.role(let one, _, let ones, _), .role(let two, _, let twos, _)):
      one == two
        && (one != .history
          || (subject(of: ones) ?? .opportunities) == (subject(of: twos) ?? .opportunities))
    case (.stages, .stages): true
    case (.role, _), (.stages, _), (.links, _): false
    }
  }

  static func subject(of attributes: [ModelAttribute]) -> ModelRole? {
    for attribute in attributes {
      if case .of(let role, _) = attribute { return role }
    }
    return nil
  }
}
