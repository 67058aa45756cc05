/// Lists of numbers as vectors: products, distances and angles.
///
/// Both lists must be equally long and without NULL; a list that is NULL gives NULL.
enum ListVectorFunctions {
  static let all: [ScalarFunction] = [
    innerProduct, negativeInnerProduct, distance, cosineSimilarity, cosineDistance, crossProduct,
  ]

  private static let innerProduct = function(
    "list_inner_product",
    aliases: ["list_dot_product", "array_inner_product", "array_dot_product"],
    "Returns the sum of the products of the elements at equal positions of two lists.",
    [("list_inner_product([1, 2], [3, 4])", "11.0"), ("list_inner_product([1], NULL)", "NULL")]
  ) { product($0, $1) }

  private static let negativeInnerProduct = function(
    "list_negative_inner_product",
    aliases: [
      "list_negative_dot_product", "array_negative_inner_product", "array_negative_dot_product",
    ],
    "Returns the inner product of two lists with its sign turned, a distance of a kind.",
    [
      ("list_negative_inner_product([1, 2], [3, 4])", "-11.0"),
      ("list_negative_inner_product([0.5], [2])", "-1.0"),
    ]
  ) { -product($0, $1) }

  private static let distance = function(
    "list_distance",
    aliases: ["array_distance", "<->"],
    "Returns the Euclidean distance of two lists.",
    [("list_distance([0, 0], [3, 4])", "5.0"), ("list_distance([1.5], [1.5])", "0.0")]
  ) { left, right in
    var total = DoubleSum()
    for (a, b) in zip(left, right) { total.add((a - b) * (a - b)) }
    return total.value.squareRoot()
  }

  private static let cosineSimilarity = function(
    "list_cosine_similarity",
    aliases: ["array_cosine_similarity"],
    "Returns the cosine of the angle between two lists; NULL where one has no direction.",
    [
      ("list_cosine_similarity([1, 0], [2, 0])", "1.0"),
      ("list_cosine_similarity([1, 0], [0, 0])", "NULL"),
    ]
  ) { cosine($0, $1) }

  private static let cosineDistance = function(
    "list_cosine_distance",
    aliases: ["array_cosine_distance", "<=>"],
    "Returns 1 without the cosine of the angle between two lists.",
    [
      ("list_cosine_distance([1, 0], [0, 3])", "1.0"),
      ("list_cosine_distance([1, 0], [2, 0])", "0.0"),
    ]
  ) { left, right in cosine(left, right).map { 1 - $0 } }

  private static let crossProduct = ScalarFunction(
    "array_cross_product",
    aliases: ["list_cross_product"],
    summary: "Returns the cross product of two lists of three numbers.",
    examples: [
      FunctionExample("array_cross_product([1, 0, 0], [0, 1, 0])", "[0.0, 0.0, 1.0]"),
      FunctionExample("array_cross_product([1, 2, 3], [4, 5, 6])", "[-3.0, 6.0, -3.0]"),
    ],
    overloads: [
      .exact([.list(.double), .list(.double)], to: .list(.double)) {
        (input) throws(ExecutionError) -> Column in
        let pair = VectorPair(input, "array_cross_product")
        var values: [Double] = []
        var ranges: [Range<Int32>] = []
        for row in 0..<input.rowCount {
          let start = Int32(values.count)
          if input.validity?[row] ?? true {
            let (a, b) = try pair.values(row)
            guard a.count == 3 else {
              throw ExecutionError(.invalidArgument, "array_cross_product takes lists of 3 numbers")
            }
            let (x, y) = (Array(a), Array(b))
            values.append(x[1] * y[2] - x[2] * y[1])
            values.append(x[2] * y[0] - x[0] * y[2])
            values.append(x[0] * y[1] - x[1] * y[0])
          }
          ranges.append(start..<Int32(values.count))
        }
        return input.column(.list(ListVector(ranges: ranges, child: .doubles(values))))
      }
    ]
  )

  private static func product(_ left: ArraySlice<Double>, _ right: ArraySlice<Double>) -> Double {
    var total = DoubleSum()
    for (a, b) in zip(left, right) { total.add(a * b) }
    return total.value
  }

  private static func cosine(_ left: ArraySlice<Double>, _ right: ArraySlice<Double>) -> Double? {
    let lengths = (product(left, left) * product(right, right)).squareRoot()
    guard lengths > 0 else { return nil }
    return max(-1, min(1, product(left, right) / lengths))
  }

  private static func function(
    _ name: String,
    aliases: [String],
    _ summary: String,
    _ examples: [(String, String)],
    _ body: @escaping @Sendable (ArraySlice<Double>, ArraySlice<Double>) -> Double?
  ) -> ScalarFunction {
    ScalarFunction(
      name,
      aliases: aliases,
      summary: summary,
      examples: examples.map { FunctionExample($0.0, $0.1) },
      overloads: [
        .exact([.list(.double), .list(.double)], to: .double) {
          (input) throws(ExecutionError) -> Column in
          let pair = VectorPair(input, name)
          return try input.build { (row) throws(ExecutionError) -> Double? in
            let (left, right) = try pair.values(row)
            return body(left, right)
          }
        }
      ]
    )
  }
}

/// Two arguments that are lists of numbers.
private struct VectorPair {
  private let lists: [ListArgument]
  private let numbers: [[Double]]
  private let name: String

  init(_ input: KernelInput, _ name: String) {
    lists = input.arguments.map { ListArgument($0) }
    numbers = lists.map { input.argument($0.child, of: Double.self) }
    self.name = name
  }

  /// The numbers of both lists of a row where neither is NULL.
  func values(
    _ row: Int
  ) throws(ExecutionError) -> (left: ArraySlice<Double>, right: ArraySlice<Double>) {
    let ranges = lists.map { $0.range(row) }
    guard ranges[0].count == ranges[1].count else {
      throw ExecutionError(
        .invalidArgument,
        "\(name) takes two lists of one length, not of \(ranges[0].count) and \(ranges[1].count)"
      )
    }
    for (list, range) in zip(lists, ranges) where !range.allSatisfy({ list.child.isValid(at: $0) })
    {
      throw ExecutionError(.invalidArgument, "\(name) takes lists without NULL")
    }
    return (numbers[0][ranges[0]], numbers[1][ranges[1]])
  }
}
