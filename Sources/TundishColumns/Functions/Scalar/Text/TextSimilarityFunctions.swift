/// Distances and similarities of texts.
enum TextSimilarityFunctions {
  static let all: [ScalarFunction] = [
    levenshtein, damerauLevenshtein, hamming, jaccard, jaro, jaroWinkler,
  ]

  private static let levenshtein = ScalarFunction(
    "levenshtein",
    aliases: ["editdist3", "edit_distance"],
    summary: "Returns the least number of inserted, deleted and replaced characters between texts.",
    examples: [
      FunctionExample("levenshtein('kitten', 'sitting')", "3"),
      FunctionExample("levenshtein('', 'abc')", "3"),
    ],
    overloads: [
      pairs(to: .bigint) { (left, right) throws(ExecutionError) -> Int64 in
        Int64(try TextDistance.levenshtein(left, right))
      }
    ]
  )

  private static let damerauLevenshtein = ScalarFunction(
    "damerau_levenshtein",
    summary: "Returns the least number of inserted, deleted, replaced and swapped characters.",
    examples: [
      FunctionExample("damerau_levenshtein('ab', 'ba')", "1"),
      FunctionExample("damerau_levenshtein('kitten', 'sitting')", "3"),
    ],
    overloads: [
      pairs(to: .bigint) { (left, right) throws(ExecutionError) -> Int64 in
        Int64(try TextDistance.damerauLevenshtein(left, right))
      }
    ]
  )

  private static let hamming = ScalarFunction(
    "hamming",
    aliases: ["mismatches"],
    summary: "Returns the number of places where two texts of one length differ.",
    examples: [
      FunctionExample("hamming('abc', 'abd')", "1"), FunctionExample("hamming('a', 'a')", "0"),
    ],
    overloads: [
      pairs(to: .bigint) { (left, right) throws(ExecutionError) -> Int64 in
        guard left.count == right.count else {
          throw ExecutionError(
            .invalidArgument,
            "hamming compares texts of one length, not of \(left.count) and \(right.count)"
          )
        }
        return Int64(zip(left, right).filter { $0 != $1 }.count)
      }
    ]
  )

  private static let jaccard = ScalarFunction(
    "jaccard",
    summary: "Returns the share of distinct characters that two texts have in common.",
    examples: [
      FunctionExample("jaccard('duck', 'luck')", "0.6"),
      FunctionExample("jaccard('ab', 'ba')", "1.0"),
    ],
    overloads: [
      pairs(to: .double) { (left, right) throws(ExecutionError) -> Double in
        let first = Set(left)
        let second = Set(right)
        let union = first.union(second).count
        guard union > 0 else { return 1 }
        return Double(first.intersection(second).count) / Double(union)
      }
    ]
  )

  private static let jaro = ScalarFunction(
    "jaro_similarity",
    summary: "Returns Jaro's similarity of two texts, from 0 to 1; 0 below a third argument.",
    examples: [
      FunctionExample("round(jaro_similarity('duck', 'duckdb'), 4)", "0.8889"),
      FunctionExample("jaro_similarity('a', 'b')", "0.0"),
    ],
    overloads: [
      pairs(to: .double) { (left, right) throws(ExecutionError) -> Double in
        try TextDistance.jaro(left, right)
      },
      withCutoff { (left, right) throws(ExecutionError) in try TextDistance.jaro(left, right) },
    ]
  )

  private static let jaroWinkler = ScalarFunction(
    "jaro_winkler_similarity",
    summary: "Returns Jaro's similarity, raised where two texts begin alike; 0 below a third"
      + " argument.",
    examples: [
      FunctionExample("round(jaro_winkler_similarity('duck', 'duckdb'), 4)", "0.9333"),
      FunctionExample("jaro_winkler_similarity('a', 'b')", "0.0"),
    ],
    overloads: [
      pairs(to: .double) { (left, right) throws(ExecutionError) -> Double in
        try TextDistance.jaroWinkler(left, right)
      },
      withCutoff { (left, right) throws(ExecutionError) in
        try TextDistance.jaroWinkler(left, right)
      },
    ]
  )

  /// The overload that takes a similarity below which 0 is given.
  private static func withCutoff(
    _ body: @escaping @Sendable ([UInt32], [UInt32]) throws(ExecutionError) -> Double
  ) -> ScalarOverload {
    .exact([.varchar, .varchar, .double], to: .double) { (input) throws(ExecutionError) -> Column in
      let lefts = input.text(0)
      let rights = input.text(1)
      let cutoffs = input.argument(2, of: Double.self)
      return try input.build { (row) throws(ExecutionError) -> Double? in
        let similarity = try body(
          ByteText.scalars(lefts.bytes.span.extracting(lefts.range(row))),
          ByteText.scalars(rights.bytes.span.extracting(rights.range(row)))
        )
        return similarity < cutoffs[row] ? 0 : similarity
      }
    }
  }

  private static func pairs<R: KernelValue>(
    to type: DataType,
    _ body: @escaping @Sendable ([UInt32], [UInt32]) throws(ExecutionError) -> R
  ) -> ScalarOverload {
    .exact([.varchar, .varchar], to: type) { (input) throws(ExecutionError) -> Column in
      let lefts = input.text(0)
      let rights = input.text(1)
      return try input.build { (row) throws(ExecutionError) -> R? in
        try body(
          ByteText.scalars(lefts.bytes.span.extracting(lefts.range(row))),
          ByteText.scalars(rights.bytes.span.extracting(rights.range(row)))
        )
      }
    }
  }
}
