/// The words that the grammar gives a meaning, with their lower-case spelling.
///
/// `grammar/keywords.txt` lists the same words with their classes; a test compares the two.
package enum Keyword: String, Sendable, Hashable, CaseIterable {
  // MARK: Reserved

  case all
  case analyse
  case analyze
  case and
  case any
  case array
  case `as`
  case asc
  case asymmetric
  case both
  case `case`
  case cast
  case check
  case collate
  case column
  case constraint
  case create
  case currentCatalog = "current_catalog"
  case currentDate = "current_date"
  case currentRole = "current_role"
  case currentTime = "current_time"
  case currentTimestamp = "current_timestamp"
  case currentUser = "current_user"
  case `default`
  case deferrable
  case desc
  case distinct
  case `do`
  case `else`
  case end
  case except
  case `false`
  case fetch
  case `for`
  case foreign
  case from
  case grant
  case group
  case having
  case `in`
  case initially
  case intersect
  case into
  case lateral
  case leading
  case limit
  case localtime
  case localtimestamp
  case not
  case null
  case offset
  case on
  case only
  case or
  case order
  case pivot
  case placing
  case primary
  case qualify
  case references
  case returning
  case select
  case sessionUser = "session_user"
  case some
  case symmetric
  case systemUser = "system_user"
  case table
  case then
  case to
  case trailing
  case `true`
  case union
  case unique
  case unpivot
  case user
  case using
  case variadic
  case when
  case `where`
  case window
  case with

  // MARK: Types and functions

  case authorization
  case binary
  case collation
  case concurrently
  case cross
  case currentSchema = "current_schema"
  case freeze
  case full
  case glob
  case ilike
  case inner
  case `is`
  case isnull
  case join
  case left
  case like
  case natural
  case notnull
  case outer
  case overlaps
  case right
  case similar
  case tablesample
  case tryCast = "try_cast"
  case verbose

  // MARK: Soft

  case activities
  case add
  case alter
  case always
  case amount
  case anti
  case asof
  case assert
  case ast
  case at
  case attributed
  case bar
  case begin
  case benchmark
  case better
  case between
  case bookings
  case bottom
  case `break`
  case by
  case calendar
  case cascade
  case centuries
  case century
  case character
  case ci
  case close
  case closed
  case closing
  case cohort
  case columns
  case comment
  case commit
  case compare
  case conflict
  case converted
  case copy
  case count
  case counted
  case cube
  case currency
  case current
  case customers
  case cycle
  case data
  case database
  case date
  case day
  case days
  case deallocate
  case decade
  case decades
  case dedupe
  case delete
  case describe
  case disqualified
  case double
  case drop
  case dropped
  case during
  case empty
  case entry
  case `enum`
  case error
  case escape
  case every
  case exclude
  case excluding
  case execute
  case exists
  case explain
  case export
  case extract
  case fail
  case filter
  case first
  case fiscalQuarter = "fiscal_quarter"
  case fiscalQuarters = "fiscal_quarters"
  case fiscalYear = "fiscal_year"
  case fiscalYears = "fiscal_years"
  case flow
  case following
  case function
  case functions
  case funnel
  case funnels
  case generated
  case global
  case grid
  case grouping
  case groups
  case halfLife = "half_life"
  case higher
  case histogram
  case history
  case hold
  case holding
  case horizon
  case hour
  case hours
  case `if`
  case ignore
  case `import`
  case include
  case increment
  case index
  case insert
  case interval
  case key
  case lambda
  case last
  case leads
  case leftOut = "left_out"
  case line
  case link
  case list
  case load
  case local
  case lookback
  case lost
  case lower
  case macro
  case macros
  case map
  case maps
  case matched
  case materialized
  case maxvalue
  case measure
  case merge
  case metric
  case metrics
  case microsecond
  case microseconds
  case milestone
  case millennia
  case millennium
  case millisecond
  case milliseconds
  case minute
  case minutes
  case minvalue
  case model
  case money
  case month
  case months
  case mqls
  case mtd
  case name
  case next
  case no
  case nothing
  case now
  case nulls
  case of
  case open
  case opportunities
  case optimized
  case optional
  case ordered
  case ordinality
  case others
  case over
  case overlay
  case partition
  case past
  case per
  case percent
  case period
  case physical
  case plan
  case position
  case positional
  case preceding
  case precision
  case prepare
  case previous
  case qtd
  case qualified
  case quarter
  case quarters
  case quotas
  case range
  case rate
  case recursive
  case regressions
  case rename
  case repeatable
  case replace
  case requires
  case reset
  case respect
  case rollback
  case rollup
  case row
  case rows
  case running
  case same
  case sample
  case schema
  case score
  case scores
  case second
  case seconds
  case semi
  case sequence
  case session
  case set
  case sets
  case settings
  case share
  case show
  case since
  case skip
  case skips
  case snapshot
  case sniff
  case source
  case spend
  case sql
  case sqls
  case stages
  case start
  case step
  case steps
  case stored
  case strict
  case `struct`
  case subscriptions
  case substring
  case summarize
  case survival
  case synonyms
  case tables
  case target
  case targets
  case temp
  case temporary
  case this
  case ties
  case time
  case timestamp
  case today
  case tokens
  case top
  case totals
  case touch
  case touches
  case transaction
  case trim
  case truncate
  case type
  case unbounded
  case unknown
  case unordered
  case update
  case use
  case value
  case values
  case variable
  case varying
  case view
  case views
  case virtual
  case visits
  case vs
  case week
  case weeks
  case why
  case within
  case without
  case won
  case work
  case year
  case years
  case yesterday
  case ytd
  case zone

  /// Where a keyword may still stand as a name.
  package enum Class: String, Sendable, Hashable, CaseIterable {
    /// Never a name unless quoted, or after AS or a dot.
    case reserved
    /// The name of a type or function, not of a column or table.
    case typeOrFunction = "type-func"
    /// A name everywhere outside of its own construct.
    case soft
  }

  /// The keyword's class, from where it stands in the declaration above.
  package var wordClass: Class {
    Self.classes[self] ?? .soft
  }

  /// The keyword in capitals, as diagnostics and the formatter write it.
  package var spelling: String { rawValue.uppercased() }

  /// Returns the keyword that an unquoted word spells, in any case.
  package static func matching(_ bytes: some Collection<UInt8>) -> Keyword? {
    guard bytes.count <= longestLength else { return nil }
    let lowered = bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
    return spellings[String(decoding: lowered, as: UTF8.self)]
  }

  private static let longestLength = allCases.reduce(0) { max($0, $1.rawValue.utf8.count) }

  private static let spellings = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) }
  )

  /// The first soft keyword and the first of types and functions split the declaration in three.
  private static let classes: [Keyword: Class] = {
    var current = Class.reserved
    var classes: [Keyword: Class] = [:]
    for keyword in allCases {
      if keyword == .authorization { current = .typeOrFunction }
      if keyword == .activities { current = .soft }
      classes[keyword] = current
    }
    return classes
  }()
}
