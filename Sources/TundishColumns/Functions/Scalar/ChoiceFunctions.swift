internal import Synchronization

/// `greatest`, `least` and `random`.
enum ChoiceFunctions {
  static let all: [ScalarFunction] = [greatest, least, random, setSeed]

  private static let greatest = ScalarFunction(
    "greatest",
    summary: "The greatest of the values that are not NULL.",
    examples: [
      FunctionExample("greatest(1, 2.5)", "2.5"), FunctionExample("greatest('a', NULL, 'b')", "b"),
    ],
    overloads: [choice(.greater)]
  )

  private static let least = ScalarFunction(
    "least",
    summary: "The least of the values that are not NULL.",
    examples: [FunctionExample("least(3, 1, 2)", "1"), FunctionExample("least(NULL, 2)", "2")],
    overloads: [choice(.less)]
  )

  private static func choice(_ kind: ComparisonKind) -> ScalarOverload {
    ScalarOverload(
      [.common],
      variadic: .common,
      propagatesNull: false,
      result: { $0[0] },
      kernel: { (input) throws(ExecutionError) in try choose(kind, input) }
    )
  }

  private static func choose(
    _ kind: ComparisonKind,
    _ input: KernelInput
  ) throws(ExecutionError) -> Column {
    let count = input.rowCount
    var best = input.arguments[0].expanded()
    for candidate in input.arguments.dropFirst() {
      let holds = Comparison.compare(kind, candidate, best)
      // Row `count + i` of the two columns together is row `i` of the candidate.
      let rows = (0..<count).map { row -> Int32 in
        let isBetter = holds.isValid(at: row) && holds.booleanValue(at: row)
        return Int32(isBetter || !best.isValid(at: row) ? count + row : row)
      }
      best = try Column.concatenated([best, candidate.expanded()], type: input.resultType)
        .gathered(rows)
    }
    return best
  }

  // MARK: - Chance

  /// The state of the generator that all sessions of a process share.
  private static let state = Mutex<UInt64>(UInt64.random(in: .min ... .max))

  private static let random = ScalarFunction(
    "random",
    summary: "A random number from 0 up to 1, another one in each row.",
    examples: [
      FunctionExample("random() >= 0", "true"), FunctionExample("random() < 1", "true"),
    ],
    overloads: [
      .fixed([], .double, isDeterministic: false) { (input) throws(ExecutionError) in
        var seed = state.withLock { state -> UInt64 in
          defer { state = state &+ UInt64(input.rowCount) &* 0x9E37_79B9_7F4A_7C15 }
          return state
        }
        return try input.build { (_) throws(ExecutionError) -> Double? in
          seed = seed &+ 0x9E37_79B9_7F4A_7C15
          return Double(mixed(seed) >> 11) / 9_007_199_254_740_992
        }
      }
    ]
  )

  /// The output function of SplitMix64 (Steele, Lea and Flood, 2014).
  private static func mixed(_ seed: UInt64) -> UInt64 {
    var bits = (seed ^ (seed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  private static let setSeed = ScalarFunction(
    "setseed",
    summary: "Makes random() repeat the numbers that belong to a seed from -1 to 1; gives NULL.",
    examples: [FunctionExample("setseed(0.5)", "NULL"), FunctionExample("setseed(0)", "NULL")],
    overloads: [
      .fixed([.double], .integer, isDeterministic: false) { (input) throws(ExecutionError) in
        let seeds = input.argument(0, of: Double.self)
        for row in 0..<input.rowCount where input.validity?[row] ?? true {
          guard seeds[row] >= -1, seeds[row] <= 1 else {
            throw ExecutionError(.invalidArgument, "setseed takes a number from -1 to 1")
          }
          state.withLock { $0 = seeds[row].bitPattern }
        }
        return .nulls(type: .integer, count: input.rowCount)
      }
    ]
  )
}

extension Column {
  /// The value of a BOOLEAN column's row; unspecified under NULL.
  func booleanValue(at row: Int) -> Bool {
    guard case .boolean(let values) = data else {
      preconditionFailure("comparisons give BOOLEAN columns")
    }
    return values[position(of: row)]
  }
}
