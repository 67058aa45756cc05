internal import TundishColumns
internal import TundishSyntax

// What an amount is an amount of: of one seat or of all, of a month or of a year, in cents or not.
extension ModelRecognizer {
  /// Deals whose amounts are read as the columns beside them say.
  ///
  /// A text such as `$1,200 monthly` beside `120000` says that the number is in cents. Amounts that
  /// are of a month in one row and of a year in another do not add, so that none is taken.
  func withReadAmount(_ found: RoleCandidate) throws(StatementFailure) -> RoleCandidate {
    var candidate = found
    guard let place = candidate.attributes.firstIndex(where: { $0.name == "AMOUNT" }) else {
      return candidate
    }
    let amount = candidate.attributes[place]
    guard let column = amount.value.simpleName?.text else { return candidate }
    var text = quoted(column)
    if try isInCents(column, of: candidate) {
      text += " * 0.01"
      if let value = expression(text) { candidate.attributes[place].value = value }
    }
    let name = ColumnHints.plain(column)
    guard
      let period = candidate.column(
        ["period", "frequency", "interval"].flatMap { [name + $0, "value" + $0, "amount" + $0] }
      ), period.type.isText
    else { return candidate }
    let table = QualifiedName([sql.identifier(candidate.table.name)])
    let labels = try lookup.texts(of: sql.name(period.name), in: table)
    guard labels.count > 1 else { return candidate }
    let yearly = labels.compactMap { label -> String? in
      guard let months = BillingInterval.months(of: label), months.parts == 1,
        12 % months.count == 0, months.count < 12
      else { return nil }
      return "WHEN \(Syntax.format(sql.text(label))) THEN \(12 / months.count)"
    }
    let factor =
      yearly.isEmpty
      ? "" : " * CASE \(quoted(period.name)) \(yearly.joined(separator: " ")) ELSE 1 END"
    candidate.attributes.remove(at: place)
    candidate.questions += [
      "\(column) of \(candidate.table.name) is an amount by \(period.name) (\(Self.enumeration(labels))), "
        + "and such amounts do not add, so that none is taken. To count what comes in a year:",
      "  ALTER MODEL SET OPPORTUNITIES \(quoted(candidate.table.name)) (..., AMOUNT \(text)\(factor));",
    ]
    return candidate
  }

  /// Whether the texts of the same amounts, where a column has them, are a hundredth of the numbers.
  private func isInCents(
    _ column: String,
    of candidate: RoleCandidate
  ) throws(StatementFailure) -> Bool {
    let name = ColumnHints.plain(column)
    let names = ["formatted", "display", "text"].map { name + $0 } + ["formatted" + name]
    guard let written = candidate.column(names), written.type.isText || written.type.isNumeric
    else { return false }
    // Digits with commas between thousands; other ways of writing do not fit and decide nothing.
    let digits =
      written.type.isNumeric
      ? quoted(written.name)
      : "try_cast(replace(regexp_extract(\(quoted(written.name)), '[0-9][0-9,.]*'), ',', '') "
        + "AS DECIMAL(18, 2))"
    let amount = quoted(column)
    let row = try lookup.rows(
      ofText: "SELECT count(*), count(*) FILTER (WHERE \(amount) = 100 * \(digits)) "
        + "FROM \(quoted(candidate.table.name)) WHERE \(amount) <> 0"
    ).first
    guard let row, row.count == 2, row[0] != .integer(0) else { return false }
    return row[0] == row[1]
  }

  /// Subscriptions whose amounts are those of all their seats, without those that are on trial.
  ///
  /// Where one plan has the same amount with different quantities, the amount is that of one seat.
  func withPayingSeats(_ found: RoleCandidate) throws(StatementFailure) -> RoleCandidate {
    var candidate = found
    let table = quoted(candidate.table.name)
    if let status = candidate.column(["status", "subscriptionstatus", "state"]),
      status.type.isText
    {
      let place = QualifiedName([sql.identifier(candidate.table.name)])
      let trials = try lookup.texts(of: sql.name(status.name), in: place).filter {
        ["trialing", "trial", "in trial", "in_trial", "on trial", "free trial"]
          .contains(ColumnHints.label($0))
      }
      if !trials.isEmpty {
        let isTrial = sql.any(of: sql.name(status.name), trials)
        let pays = sql.not(sql.call("coalesce", [isTrial, sql.boolean(false)]))
        candidate.counted = sql.all([candidate.counted, pays].compactMap { $0 })
      }
    }
    let names = ["quantity", "qty", "seats", "licenses", "licences", "units"]
    guard let seats = candidate.column(names),
      seats.type.isNumeric,
      let place = candidate.attributes.firstIndex(where: { $0.name == "AMOUNT" }),
      let column = candidate.attributes[place].value.simpleName?.text, column != seats.name
    else { return candidate }
    let (amount, quantity) = (quoted(column), quoted(seats.name))
    let several = try lookup.rows(
      ofText: "SELECT 1 FROM \(table) WHERE \(quantity) > 1 LIMIT 1"
    )
    guard !several.isEmpty else { return candidate }
    let words = Set(ColumnWords(column).words)
    var isOfOne = !words.isDisjoint(with: ["unit", "per"])
    if !isOfOne, let plan = candidate.column(["plan", "planid", "planname", "price", "priceid"]) {
      let keys = ["interval", "currency"].compactMap { candidate.column([$0])?.name } + [plan.name]
      let row = try lookup.rows(
        ofText: "SELECT count(*) FILTER (WHERE n = 1), count(*) FILTER (WHERE n > 1) FROM "
          + "(SELECT count(DISTINCT \(amount)) AS n FROM \(table) GROUP BY "
          + keys.map { quoted($0) }.joined(separator: ", ")
          + " HAVING count(DISTINCT \(quantity)) > 1) p"
      ).first
      isOfOne = row?.count == 2 && row?[0] != .integer(0) && row?[1] == .integer(0)
      // The same plan costs more for more seats: the amount is that of all of them.
      if row?.count == 2, row?[0] == .integer(0), row?[1] != .integer(0) { return candidate }
    }
    let text = "\(amount) * \(quantity)"
    if isOfOne, let value = expression(text) {
      candidate.attributes[place].value = value
    } else {
      candidate.questions += [
        "\(column) of \(candidate.table.name) is counted once whatever \(seats.name) says; if it is the "
          + "price of one, say it:",
        "  ALTER MODEL SET SUBSCRIPTIONS \(table) (..., AMOUNT \(text));",
      ]
    }
    return candidate
  }
}
