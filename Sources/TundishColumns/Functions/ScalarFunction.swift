internal import Synchronization

/// A scalar function: one value per row from the values of the same row.
///
/// One entry holds everything there is to know of a function, so that binding, execution, `.help`
/// and the tests read the same lines. Operators are functions too, named by their symbol.
package struct ScalarFunction: Sendable {
  /// The canonical name, in lower case.
  package let name: String
  /// Other names.
  package let aliases: [String]
  /// One sentence that says what is returned.
  package let summary: String
  /// At least two examples that run as tests and are shown as help.
  package let examples: [FunctionExample]
  /// The argument types that are accepted, tried by the cost of implicit conversion.
  package let overloads: [ScalarOverload]

  /// Creates an entry.
  package init(
    _ name: String,
    aliases: [String] = [],
    summary: String,
    examples: [FunctionExample],
    overloads: [ScalarOverload]
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.examples = examples
    self.overloads = overloads
  }
}

/// A call and its printed result: `round(2.567, 1)` gives `2.6`.
package struct FunctionExample: Sendable, Hashable {
  /// The call, as SQL.
  package let call: String
  /// The result as the tsv writer prints it (NULL as `NULL`).
  package let result: String

  /// Creates an example.
  package init(_ call: String, _ result: String) {
    self.call = call
    self.result = result
  }
}

/// One way of calling a scalar function.
package struct ScalarOverload: Sendable {
  /// The types of the parameters.
  package let parameters: [ParameterType]
  /// The type of any number of further arguments; nil where there are none.
  package let variadic: ParameterType?
  /// Whether a NULL argument makes the result NULL without calling the kernel's logic for that row.
  ///
  /// Kernels of such functions may assume that the wrapper merges validity.
  package let propagatesNull: Bool
  /// Whether equal arguments always give equal results within one statement.
  package let isDeterministic: Bool
  /// The result type, from the argument types after coercion; nil refuses them.
  package let result: @Sendable ([DataType]) -> DataType?
  /// The result type where arguments that are constant in the query decide it too, as the 1 of
  /// `round(x, 1)` does; nil leaves it to `result`.
  package let resultOfConstants: (@Sendable ([DataType], [Value?]) -> DataType?)?
  /// Computes the result for one batch, with `KernelFrame` around the function's own logic.
  package let kernel: ScalarKernel

  /// Creates an overload.
  package init(
    _ parameters: [ParameterType],
    variadic: ParameterType? = nil,
    propagatesNull: Bool = true,
    isDeterministic: Bool = true,
    result: @escaping @Sendable ([DataType]) -> DataType?,
    resultOfConstants: (@Sendable ([DataType], [Value?]) -> DataType?)? = nil,
    kernel: @escaping ScalarKernel
  ) {
    self.parameters = parameters
    self.variadic = variadic
    self.propagatesNull = propagatesNull
    self.isDeterministic = isDeterministic
    self.result = result
    self.resultOfConstants = resultOfConstants
    let frame = KernelFrame(
      propagatesNull: propagatesNull,
      isDeterministic: isDeterministic,
      identity: KernelIdentity(),
      kernel: kernel
    )
    self.kernel = { (input) throws(ExecutionError) in try frame.run(input) }
  }
}

/// What a kernel computes on: argument columns of one row count, already of the parameters' types.
package struct KernelInput: Sendable {
  /// The arguments; any of them may be constant or dictionary-coded.
  package let arguments: [Column]
  /// The number of rows.
  package let rowCount: Int
  /// The type that the result must have.
  package let resultType: DataType
  /// What the session contributes.
  package let context: FunctionContext
  /// False where an argument is NULL, in functions that propagate NULL; nil where none is.
  let validity: [Bool]?

  /// Creates an input.
  package init(
    arguments: [Column],
    rowCount: Int,
    resultType: DataType,
    context: FunctionContext
  ) {
    self.init(
      arguments: arguments,
      rowCount: rowCount,
      resultType: resultType,
      context: context,
      validity: nil
    )
  }

  private init(
    arguments: [Column],
    rowCount: Int,
    resultType: DataType,
    context: FunctionContext,
    validity: [Bool]?
  ) {
    self.arguments = arguments
    self.rowCount = rowCount
    self.resultType = resultType
    self.context = context
    self.validity = validity
  }

  /// The same call on other arguments.
  func replacing(arguments: [Column], rowCount: Int) -> KernelInput {
    KernelInput(
      arguments: arguments,
      rowCount: rowCount,
      resultType: resultType,
      context: context,
      validity: nil
    )
  }

  /// The same call for a result of another type.
  func replacing(resultType: DataType) -> KernelInput {
    KernelInput(
      arguments: arguments,
      rowCount: rowCount,
      resultType: resultType,
      context: context,
      validity: validity
    )
  }

  /// The same call with the rows marked that are NULL anyway.
  func replacing(validity: [Bool]?) -> KernelInput {
    KernelInput(
      arguments: arguments,
      rowCount: rowCount,
      resultType: resultType,
      context: context,
      validity: validity
    )
  }
}

/// Computes one result column from the argument columns of one batch.
package typealias ScalarKernel = @Sendable (KernelInput) throws(ExecutionError) -> Column

/// An instant, and whether somebody asked for it.
private final class StoppedClock: Sendable {
  let microseconds: Int64
  let wasRead = Atomic<Bool>(false)

  init(_ microseconds: Int64) {
    self.microseconds = microseconds
  }
}

/// What functions may know of the session; fixed for one statement.
package struct FunctionContext: Sendable {
  /// The instant at which the statement began, in microseconds since 1970-01-01 UTC.
  package var nowMicroseconds: Int64 {
    clock.wasRead.store(true, ordering: .relaxed)
    return clock.microseconds
  }
  /// Whether something has asked for the instant: what was computed until then without asking is the
  /// same at any other.
  package var hasToldTime: Bool { clock.wasRead.load(ordering: .relaxed) }
  private let clock: StoppedClock
  /// The session's time zone.
  package let timeZone: any TimeZoneSource
  /// The first day of the week, 1 for Monday to 7 for Sunday.
  package let weekStart: Int
  /// The first month of the fiscal year, 1 to 12.
  package let fiscalYearStart: Int
  /// The sequences by folded name.
  package let sequences: [String: SequenceCounter]

  /// Creates a context.
  package init(
    nowMicroseconds: Int64,
    timeZone: any TimeZoneSource = UTCTimeZone(),
    weekStart: Int = 1,
    fiscalYearStart: Int = 1,
    sequences: [String: SequenceCounter] = [:]
  ) {
    clock = StoppedClock(nowMicroseconds)
    self.timeZone = timeZone
    self.weekStart = weekStart
    self.fiscalYearStart = fiscalYearStart
    self.sequences = sequences
  }
}

/// Tells the offset of time zones; implemented above this module, where files may be read.
package protocol TimeZoneSource: Sendable {
  /// The zone's IANA name.
  var name: String { get }
  /// The seconds to add to UTC at an instant given in seconds since 1970-01-01 UTC.
  func offsetSeconds(atUTC seconds: Int64) -> Int64
  /// The zone of another IANA name; nil if unknown.
  func zone(named name: String) -> (any TimeZoneSource)?
}

/// Coordinated universal time.
package struct UTCTimeZone: TimeZoneSource {
  /// Creates the zone.
  package init() {}
  package var name: String { "UTC" }
  package func offsetSeconds(atUTC seconds: Int64) -> Int64 { 0 }
  package func zone(named name: String) -> (any TimeZoneSource)? {
    foldedKey(name) == "utc" ? self : nil
  }
}

/// What a parameter accepts.
package indirect enum ParameterType: Sendable, Hashable {
  /// Exactly this type, or what converts to it implicitly.
  case exact(DataType)
  /// Any type.
  case any
  /// An integer of at most 64 bits, kept as it is.
  case integer
  /// A `DECIMAL`, kept with its precision and scale; integers convert to the decimal that holds
  /// them.
  case decimal
  /// Any number, kept as it is.
  case numeric
  /// The common type of all arguments marked so (what `CASE` would give), chosen by
  /// `TypeCoercion.commonType`.
  case common
  /// The common type, which must be numeric.
  case commonNumeric
  /// A list of any element type, kept as it is.
  case list
  /// A map of any keys and values, kept as it is.
  case map
  /// A struct, kept as it is.
  case structure
}
