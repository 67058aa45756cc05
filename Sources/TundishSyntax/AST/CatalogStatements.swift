/// `CREATE [OR REPLACE] [TEMP] VIEW v [(names)] AS <query>`.
package struct CreateView: Sendable, Hashable {
  /// OR REPLACE.
  package var orReplace: Bool
  /// TEMP.
  package var isTemporary: Bool
  /// IF NOT EXISTS.
  package var ifNotExists: Bool
  /// The view's name.
  package var name: QualifiedName
  /// The names of its columns, where given.
  package var columns: [Identifier]
  /// Its query.
  package var query: Query

  /// Creates a statement.
  package init(
    orReplace: Bool,
    isTemporary: Bool,
    ifNotExists: Bool,
    name: QualifiedName,
    columns: [Identifier],
    query: Query
  ) {
    self.orReplace = orReplace
    self.isTemporary = isTemporary
    self.ifNotExists = ifNotExists
    self.name = name
    self.columns = columns
    self.query = query
  }
}

/// `CREATE [OR REPLACE] MACRO f(a, b := 1) AS <expr>`, `... AS TABLE <query>`.
package struct CreateMacro: Sendable, Hashable {
  /// What a macro stands for.
  package indirect enum Body: Sendable, Hashable {
    /// `AS <expr>`.
    case scalar(Expression)
    /// `AS TABLE <query>`.
    case table(Query)
  }

  /// OR REPLACE.
  package var orReplace: Bool
  /// TEMP.
  package var isTemporary: Bool
  /// The macro's name.
  package var name: QualifiedName
  /// Its parameters; a default where one is given.
  package var parameters: [MacroParameter]
  /// What it stands for.
  package var body: Body
  /// What it stands for with other numbers of parameters: `..., (a, b) AS a + b`.
  package var further: [CreateMacro]

  /// Creates a statement.
  package init(
    orReplace: Bool,
    isTemporary: Bool,
    name: QualifiedName,
    parameters: [MacroParameter],
    body: Body,
    further: [CreateMacro] = []
  ) {
    self.orReplace = orReplace
    self.isTemporary = isTemporary
    self.name = name
    self.parameters = parameters
    self.body = body
    self.further = further
  }
}

/// `<name> [:= <default>]`.
package struct MacroParameter: Sendable, Hashable {
  /// The parameter's name.
  package let name: Identifier
  /// Its default.
  package let defaultValue: Expression?

  /// Creates a parameter.
  package init(name: Identifier, defaultValue: Expression? = nil) {
    self.name = name
    self.defaultValue = defaultValue
  }
}

/// `CREATE [OR REPLACE] TYPE <name> AS <type>`, `... AS ENUM (<query>)`.
package struct CreateType: Sendable, Hashable {
  /// OR REPLACE.
  package var orReplace: Bool
  /// The type's name.
  package var name: Identifier
  /// What it stands for.
  package var type: TypeName
  /// The query whose values are the labels of an ENUM, in place of `type`.
  package var labels: Query?

  /// Creates a statement.
  package init(orReplace: Bool, name: Identifier, type: TypeName, labels: Query? = nil) {
    self.orReplace = orReplace
    self.name = name
    self.type = type
    self.labels = labels
  }
}

/// `DROP <kind> [IF EXISTS] <name>, ... [CASCADE]`.
package struct Drop: Sendable, Hashable {
  /// What can be dropped.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    case table = "TABLE"
    case view = "VIEW"
    case macro = "MACRO"
    case type = "TYPE"
    case schema = "SCHEMA"
    case index = "INDEX"
    case sequence = "SEQUENCE"
    case model = "MODEL"
    case metric = "METRIC"
    case funnel = "FUNNEL"
    case target = "TARGET"
    case score = "SCORE"
  }

  /// What is dropped.
  package var kind: Kind
  /// IF EXISTS.
  package var ifExists: Bool
  /// The names; empty for MODEL.
  package var names: [QualifiedName]
  /// CASCADE, which means something for SCHEMA only.
  package var cascades: Bool

  /// Creates a statement.
  package init(kind: Kind, ifExists: Bool, names: [QualifiedName], cascades: Bool = false) {
    self.kind = kind
    self.ifExists = ifExists
    self.names = names
    self.cascades = cascades
  }
}
