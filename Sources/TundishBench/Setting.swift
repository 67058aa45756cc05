import Tundish

/// What the benchmarks of one call share: how much work there is, and data that is made once.
final class Setting {
  /// The number of values of each run.
  let valueCount: Int
  /// The threads of readers and queries.
  let threadCount: Int
  private var sharedDeals: (database: Database, plain: PlainDeals)?
  private var sharedSales: Database?

  /// Creates a setting without data.
  init(valueCount: Int, threadCount: Int) {
    self.valueCount = valueCount
    self.threadCount = threadCount
  }

  /// A database with the generated table `deals` of as many rows as there are values, and the same
  /// values in arrays.
  func deals() throws -> (database: Database, plain: PlainDeals) {
    if let sharedDeals { return sharedDeals }
    let made = (try DealsTable.database(self), PlainDeals(count: valueCount))
    sharedDeals = made
    return made
  }

  /// A database with a sales model: leads, deals, stage history, touches.
  func sales() throws -> Database {
    if let sharedSales { return sharedSales }
    let made = try SalesTables.database(self)
    sharedSales = made
    return made
  }

  /// An empty database.
  func database() throws -> Database {
    var configuration = Database.Configuration()
    configuration.threads = threadCount
    return try Database(configuration)
  }
}
