internal import TundishColumns
internal import TundishSyntax

/// A table of changes: each row says what something was before and what it became, as `Old Stage` and
/// `New Stage`, or `from` and `to`.
///
/// Two such columns beside the key of a lead or deal are the shape of a history, whatever its table is
/// called.
struct ChangeLog {
  /// What it was.
  let before: Field
  /// What it became.
  let after: Field

  private static let pairs: [(before: String, after: String)] = [
    ("fromstage", "tostage"), ("oldstage", "newstage"), ("previousstage", "newstage"),
    ("stagefrom", "stageto"), ("oldstagename", "newstagename"), ("fromstatus", "tostatus"),
    ("oldstatus", "newstatus"), ("previousstatus", "newstatus"), ("fromphase", "tophase"),
    ("oldvalue", "newvalue"), ("previousvalue", "newvalue"), ("fromvalue", "tovalue"),
    ("beforevalue", "aftervalue"), ("beforevaluestring", "aftervaluestring"), ("before", "after"),
    ("from", "to"), ("vanfase", "naarfase"), ("alterwert", "neuerwert"),
  ]

  /// Columns that say whose change it is.
  private static let keys = [
    "opportunityid", "dealid", "oppid", "leadid", "contactid", "parentid", "objectid", "recordid",
    "entityid",
  ]

  /// Reads a table's columns; nil where it has no such pair, or no key of what changed.
  init?(_ table: TableEntry) {
    guard RoleCandidate.column(Self.keys, of: table) != nil else { return nil }
    for (before, after) in Self.pairs {
      guard let was = RoleCandidate.column([before], of: table), was.type.isText,
        let became = RoleCandidate.column([after], of: table), became.type.isText
      else { continue }
      (self.before, self.after) = (was, became)
      return
    }
    return nil
  }
}
