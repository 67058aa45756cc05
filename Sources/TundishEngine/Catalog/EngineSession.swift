package import TundishColumns
package import TundishSyntax

/// What one user's statements share: the catalog, settings, prepared statements, the last result.
///
/// A value: running a statement on a copy and keeping the copy if it succeeds makes statements
/// atomic.
package struct EngineSession: Sendable {
  /// Everything that has a name.
  package var catalog: Catalog {
    didSet { plans = PlanCache() }
  }
  /// The settings.
  package var settings: Settings {
    didSet {
      plans = PlanCache()
      recognitionAnswers = [:]
    }
  }
  /// The plans of queries on this catalog and with these settings.
  var plans = PlanCache()
  /// What recognition learned of the tables at the last LOAD.
  var recognitionAnswers: [Query: RecognitionAnswer] = [:]
  /// Opens files; nil where the engine may not.
  package var resolver: (any SourceResolver)?
  /// Makes temporary files; nil where the engine may not.
  package var spillStore: (any SpillStore)?
  /// Where time zones are found.
  package var timeZones: any TimeZoneSource
  /// Stops a running statement.
  package var cancellation: CancellationFlag
  /// Prepared statements by folded name.
  package var prepared: [String: PreparedStatement]
  /// The last rows that were shown, which `_` names.
  package var lastResult: LastResult?
  /// The catalog at BEGIN; nil outside a transaction.
  package var transactionStart: Catalog?
  /// Tells the time: microseconds since 1970-01-01 UTC.
  package var clock: @Sendable () -> Int64

  /// Opens a session on an empty catalog.
  package init(
    catalog: Catalog = Catalog(),
    settings: Settings = Settings(),
    resolver: (any SourceResolver)? = nil,
    spillStore: (any SpillStore)? = nil,
    timeZones: any TimeZoneSource = UTCTimeZone(),
    cancellation: CancellationFlag = CancellationFlag(),
    clock: @escaping @Sendable () -> Int64 = EngineClock.nowMicroseconds
  ) {
    self.catalog = catalog
    self.settings = settings
    self.resolver = resolver
    self.spillStore = spillStore
    self.timeZones = timeZones
    self.cancellation = cancellation
    self.prepared = [:]
    self.clock = clock
  }

  /// What functions of a statement that begins now may know.
  package var functionContext: FunctionContext {
    FunctionContext(
      nowMicroseconds: clock(),
      timeZone: timeZones.zone(named: settings.timeZone) ?? timeZones,
      weekStart: settings.weekStart,
      fiscalYearStart: settings.fiscalYearStart,
      sequences: catalog.sequences
    )
  }
}

/// `PREPARE <name> AS <statement>`.
package struct PreparedStatement: Sendable {
  /// The name as written.
  package let name: String
  /// What EXECUTE runs.
  package let statement: Statement
  /// The text that the statement's ranges refer to.
  package let text: String
}

/// The rows of the last statement, which `_` names.
package struct LastResult: Sendable {
  /// The columns.
  package let schema: Schema
  /// The rows.
  package let batches: [Batch]

  /// Keeps rows.
  package init(schema: Schema, batches: [Batch]) {
    self.schema = schema
    self.batches = batches
  }
}
