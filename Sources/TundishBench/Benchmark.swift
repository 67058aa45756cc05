import Tundish

/// Something that is measured: it prepares its data once, runs several times, and checks its answer.
struct Benchmark: Sendable {
  /// The name that the command line selects by: `<area>.<what>`.
  let name: String
  /// The number of values or rows that one run works on; times are quoted per each of these.
  let valueCount: Int
  /// The same by a plain loop over single values, to be measured beside it; nil where there is none.
  var scalar: (@Sendable () throws -> () throws -> Bool)?
  /// Prepares the data and returns the run; the run returns whether its answer is right.
  let prepare: @Sendable () throws -> () throws -> Bool
}

/// What measuring gave.
struct Measurement {
  let name: String
  let valueCount: Int
  let nanoseconds: [Int64]
  /// The median run of the plain loop; nil where there is none.
  var scalarMedian: Int64?

  /// The median run in nanoseconds.
  var median: Int64 { nanoseconds.sorted()[nanoseconds.count / 2] }
  /// The fastest run in nanoseconds.
  var minimum: Int64 { nanoseconds.min() ?? 0 }

  /// The line of the report: name, median, time per value, fastest run, and how many times faster
  /// than the plain loop.
  var line: String {
    func decimal(_ number: Double, _ places: Int) -> String {
      var factor = 1.0
      for _ in 0..<places { factor *= 10 }
      let scaled = Int64((number * factor).rounded())
      let whole = scaled / Int64(factor)
      guard places > 0 else { return "\(whole)" }
      return "\(whole)." + String(scaled % Int64(factor) + Int64(factor)).dropFirst()
    }
    func pad(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(0, width - text.count)) + text
    }
    let perValue = Double(median) / Double(max(1, valueCount))
    return name + String(repeating: " ", count: max(1, 34 - name.count))
      + pad(decimal(Double(median) / 1e6, 2), 10) + " ms"
      + pad(decimal(perValue, 2), 10) + " ns/value"
      + pad(decimal(Double(minimum) / 1e6, 2), 10) + " ms best"
      + (scalarMedian.map { pad(decimal(Double($0) / Double(max(1, median)), 1), 8) + " x loop" }
        ?? "")
  }
}
