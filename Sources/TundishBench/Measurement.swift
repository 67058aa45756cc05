/// What measuring gave.
struct Measurement {
  let name: String
  let valueCount: Int
  let byteCount: Int?
  /// The times of the runs, ascending.
  let nanoseconds: [Int64]
  /// The median run of the plain loop; nil where there is none.
  var loopMedian: Int64?

  /// The head of the report's columns.
  static let header =
    "name" + pad("median ms", 44) + pad("ns/value", 10) + pad("GB/s", 8) + pad("x loop", 9)

  /// The median run in nanoseconds.
  var median: Int64 { nanoseconds[nanoseconds.count / 2] }

  /// The line of the report: name, median, time per value, bytes per time, and how many times faster
  /// than the plain loop.
  var line: String {
    let time = Double(max(1, median))
    return name + Self.pad(Self.decimal(time / 1e6, 3), 48 - name.count)
      + Self.pad(Self.decimal(time / Double(max(1, valueCount)), 2), 10)
      + Self.pad(byteCount.map { Self.decimal(Double($0) / time, 2) } ?? "", 8)
      + Self.pad(loopMedian.map { Self.decimal(Double($0) / time, 2) } ?? "", 9)
  }

  /// A number with so many decimal places.
  static func decimal(_ number: Double, _ places: Int) -> String {
    var factor = 1.0
    for _ in 0..<places { factor *= 10 }
    let scaled = Int64((number * factor).rounded())
    let (whole, rest) = scaled.quotientAndRemainder(dividingBy: Int64(factor))
    guard places > 0 else { return "\(whole)" }
    return "\(whole)." + String(rest + Int64(factor)).dropFirst()
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
