import TundishColumns

/// Single kernels, each beside the obvious loop over plain arrays that says the same.
///
/// Kernels that the engine calls batch by batch are run so, and the loops beside them too, so that
/// both find their values in the cache.
enum KernelBenchmarks {
  static let all =
    comparison + selection + arithmetic + aggregates + casts + text + patterns + dates + hashing
    + joins + sorting

  /// What functions may know of the session.
  static let context = FunctionContext(nowMicroseconds: 0)

  /// A kernel over batches, and a loop over the same batches.
  ///
  /// - Parameters:
  ///   - name: The name behind `kernel.`.
  ///   - bytes: The bytes that are read per value; nil where they vary.
  ///   - reading: What a column is in the loop's terms.
  ///   - batch: The work on one batch of rows.
  /// - Returns: The benchmark.
  static func kernel<Plain: Equatable & SendableMetatype>(
    _ name: String,
    bytes: Int? = 8,
    reading: @escaping @Sendable (Column) -> Plain,
    batch:
      @escaping @Sendable (Range<Int>) throws -> (kernel: () throws -> Column, loop: () -> Plain)
  ) -> Benchmark {
    Benchmark(name: "kernel." + name) { setting in
      let batches = try rowRanges(setting.valueCount).map(batch)
      return try Work(
        byteCount: bytes.map { $0 * setting.valueCount },
        run: { try batches.map { try $0.kernel() } },
        loop: { batches.map { $0.loop() } },
        reading: { columns in columns.map(reading) }
      )
    }
  }

  /// The rows of all batches.
  static func rowRanges(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: Batch.preferredRowCount).map {
      $0..<min(count, $0 + Batch.preferredRowCount)
    }
  }

  /// A number that looks random and is the same everywhere: below a prime, and all numbers below it in
  /// as many rows.
  static func mixed(_ row: Int, below prime: Int = 100_003) -> Int {
    row % prime * 7_919 % prime
  }

  /// `mixed` numbers of rows.
  static func numbers(_ rows: Range<Int>, below prime: Int = 100_003) -> [Int64] {
    rows.map { Int64(mixed($0, below: prime)) }
  }

  @Sendable
  static func integers(_ column: Column) -> [Int64] { column.int64Values() }

  @Sendable
  static func wideIntegers(_ column: Column) -> [Int128] { column.int128Values() }

  @Sendable
  static func doubles(_ column: Column) -> [Double] { column.doubleValues() }

  @Sendable
  static func booleans(_ column: Column) -> [Bool] { column.booleanValues() }

  @Sendable
  static func texts(_ column: Column) -> [[UInt8]] {
    let values = column.textValues()
    return (0..<values.count).map { values.byteArray(at: $0) }
  }
}

/// A scalar function with its overload chosen, as the binder leaves it.
struct FunctionCall: Sendable {
  private let resolved: ResolvedScalar

  /// Chooses the overload for arguments of some types, of which some may be constant.
  init(_ name: String, _ types: [DataType], constants: [Value?] = []) throws {
    resolved = try FunctionRegistry.standard.resolveScalar(
      name: name,
      argumentTypes: types,
      constants: constants
    ).get()
  }

  /// Computes a batch.
  func callAsFunction(_ arguments: [Column], _ rowCount: Int) throws -> Column {
    var cast: [Column] = []
    for (argument, type) in zip(arguments, resolved.argumentTypes) {
      cast.append(
        try Cast.convert(argument, to: type, context: KernelBenchmarks.context)
      )
    }
    return try resolved.overload.kernel(
      KernelInput(
        arguments: cast,
        rowCount: rowCount,
        resultType: resolved.resultType,
        context: KernelBenchmarks.context
      )
    )
  }
}
