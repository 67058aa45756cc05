/// What a number counts, beside its type: printed with it, and checked by arithmetic.
public enum Unit: Sendable, Hashable {
  /// No unit.
  case none
  /// A fraction that metrics produce; printed as a percentage, never summed or averaged.
  case rate
  /// A fraction that was loaded as a percentage: `12%` is 0.12.
  case percent
  /// How many times one amount is of another, such as a pipeline of what is to be sold.
  case ratio
  /// Money of one currency, named by its ISO 4217 code; nil where the currency is unknown.
  case money(String?)
  /// Money whose currency differs from row to row.
  case mixedMoney
  /// A number of days.
  case days
}
