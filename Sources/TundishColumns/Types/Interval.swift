/// A span of calendar time: months, days and microseconds, kept apart because a month has no fixed
/// number of days and a day no fixed number of hours.
public struct Interval: Sendable, Hashable {
  /// Whole months; a year is 12.
  public var months: Int32
  /// Whole days; a week is 7.
  public var days: Int32
  /// The rest, in microseconds.
  public var microseconds: Int64

  /// Creates an interval from its three parts.
  public init(months: Int32 = 0, days: Int32 = 0, microseconds: Int64 = 0) {
    self.months = months
    self.days = days
    self.microseconds = microseconds
  }
}
