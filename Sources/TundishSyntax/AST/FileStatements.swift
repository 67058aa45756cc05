/// `LOAD '<path>' [AS t] [(options)] [ON ERROR FAIL | SKIP | NULL]`.
package struct Load: Sendable, Hashable {
  /// A file, a folder or a glob.
  package var path: String
  /// Where the path stands.
  package var pathRange: SourceRange
  /// `AS t`.
  package var alias: Identifier?
  /// The options; ON ERROR becomes the option `on_error`.
  package var options: [FileOption]

  /// Creates a statement.
  package init(
    path: String,
    pathRange: SourceRange,
    alias: Identifier? = nil,
    options: [FileOption] = []
  ) {
    self.path = path
    self.pathRange = pathRange
    self.alias = alias
    self.options = options
  }
}

/// `<NAME> [=] <value>` in the options of LOAD, COPY and their kin; a value alone is TRUE.
package struct FileOption: Sendable, Hashable {
  /// The option's name.
  package let name: Identifier
  /// Its value; nil where none is written.
  package let value: Expression?

  /// Creates an option.
  package init(name: Identifier, value: Expression?) {
    self.name = name
    self.value = value
  }
}

/// `COPY (<query>) TO '<path>' [(options)]`, `COPY t [(names)] TO | FROM '<path>' [(options)]`.
package struct Copy: Sendable, Hashable {
  /// What is written, or the table that is read into.
  package indirect enum Subject: Sendable, Hashable {
    /// `(<query>)`.
    case query(Query)
    /// `t [(<name>, ...)]`.
    case table(QualifiedName, columns: [Identifier])
  }

  /// What is written, or the table that is read into.
  package var subject: Subject
  /// TO (true) or FROM.
  package var isExport: Bool
  /// The file.
  package var path: String
  /// Where the path stands.
  package var pathRange: SourceRange
  /// The options.
  package var options: [FileOption]

  /// Creates a statement.
  package init(
    subject: Subject,
    isExport: Bool,
    path: String,
    pathRange: SourceRange,
    options: [FileOption]
  ) {
    self.subject = subject
    self.isExport = isExport
    self.path = path
    self.pathRange = pathRange
    self.options = options
  }
}
