/// `*` with its modifiers.
package struct Star: Sendable, Hashable {
  /// The relation before the dot; empty where there is none.
  package var qualifier: [Identifier]
  /// `EXCLUDE (<name>, ...)`.
  package var excluded: [QualifiedName]
  /// `REPLACE (<expr> AS <name>, ...)`.
  package var replacements: [StarReplacement]
  /// `RENAME (<name> AS <name>, ...)`.
  package var renames: [StarRename]
  /// `* LIKE '<pattern>'`.
  package var pattern: Expression?
  /// LIKE, ILIKE or SIMILAR TO before the pattern.
  package var patternKind: LikeKind
  /// NOT before LIKE.
  package var isPatternNegated: Bool

  /// Creates a star.
  package init(
    qualifier: [Identifier] = [],
    excluded: [QualifiedName] = [],
    replacements: [StarReplacement] = [],
    renames: [StarRename] = [],
    pattern: Expression? = nil,
    patternKind: LikeKind = .like,
    isPatternNegated: Bool = false
  ) {
    self.qualifier = qualifier
    self.excluded = excluded
    self.replacements = replacements
    self.renames = renames
    self.pattern = pattern
    self.patternKind = patternKind
    self.isPatternNegated = isPatternNegated
  }
}

/// `<expr> AS <name>` inside REPLACE.
package struct StarReplacement: Sendable, Hashable {
  /// The new value.
  package let expression: Expression
  /// The column that it replaces.
  package let name: Identifier

  /// Creates a replacement.
  package init(expression: Expression, name: Identifier) {
    self.expression = expression
    self.name = name
  }
}

/// `<name> AS <name>` inside RENAME.
package struct StarRename: Sendable, Hashable {
  /// The relation before the column; empty where there is none.
  package let qualifier: [Identifier]
  /// The column.
  package let name: Identifier
  /// Its new name.
  package let newName: Identifier

  /// Creates a renaming.
  package init(qualifier: [Identifier] = [], name: Identifier, newName: Identifier) {
    self.qualifier = qualifier
    self.name = name
    self.newName = newName
  }
}
