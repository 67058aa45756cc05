/// A type as written, before it is known to exist: `DECIMAL(18, 2)`, `INTEGER[]`,
/// `STRUCT(a INTEGER)`, `ENUM('a', 'b')`.
package struct TypeName: Sendable, Hashable {
  /// The shape of a written type.
  package indirect enum Kind: Sendable, Hashable {
    /// `<name>`, `<name>(<number>, ...)`; several words are joined by one space.
    case named(String, arguments: [Int])
    /// `<type>[]`.
    case list(TypeName)
    /// `MAP(<type>, <type>)`.
    case map(key: TypeName, value: TypeName)
    /// `TUPLE(<type>, ...)`.
    case row([TypeName])
    /// `STRUCT(<name> <type>, ...)`.
    case structure([StructMemberType])
    /// `ENUM('<label>', ...)`.
    case enumeration([String])
  }

  /// The shape.
  package let kind: Kind
  /// Where it stands.
  package let range: SourceRange

  /// Creates a type name.
  package init(_ kind: Kind, range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

/// One `<name> <type>` of a struct type.
package struct StructMemberType: Sendable, Hashable {
  /// The member's name.
  package let name: Identifier
  /// The member's type.
  package let type: TypeName

  /// Creates a member.
  package init(name: Identifier, type: TypeName) {
    self.name = name
    self.type = type
  }
}

extension TypeName {
  /// The same type, written somewhere else.
  func moved(to range: SourceRange) -> TypeName {
    switch kind {
    case .named, .enumeration: TypeName(kind, range: range)
    case .list(let element): TypeName(.list(element.moved(to: range)), range: range)
    case .map(let key, let value):
      TypeName(.map(key: key.moved(to: range), value: value.moved(to: range)), range: range)
    case .row(let types):
      TypeName(.row(types.map { $0.moved(to: range) }), range: range)
    case .structure(let members):
      TypeName(
        .structure(
          members.map { StructMemberType(name: $0.name, type: $0.type.moved(to: range)) }
        ),
        range: range
      )
    }
  }
}
