internal import TundishColumns
internal import TundishSyntax

/// The time of a funnel's events, where a table writes it as seconds, milliseconds or microseconds
/// since 1970, as analytics do: the same reading that recognition gives to a role's date.
struct EventTime {
  let expander: Expander

  /// The expression, or the instant that its column of numbers or texts stands for.
  func value(
    _ at: Expression,
    of table: QualifiedName
  ) throws(StatementFailure) -> Expression {
    guard let name = at.simpleName?.text,
      let entry = expander.catalog.tables[foldedText(table.last)],
      let field = entry.table.schema.fields.first(where: { foldedEqual($0.name, name) }),
      field.type.isText || field.type.isInteger
    else { return at }
    let recognizer = ModelRecognizer(
      catalog: expander.catalog,
      lookup: SchemaLookup(catalog: expander.catalog, runner: expander.runner),
      fiscalYearStart: expander.settings.fiscalYearStart
    )
    return try TextDates(recognizer: recognizer).instant(field, in: entry)?.moved(to: at.range)
      ?? at
  }
}
