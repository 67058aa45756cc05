/// Values laid out as text.
enum FormatFunctions {
  static let all: [ScalarFunction] = [format, printf, bar, formatBytes, formatDecimalBytes]

  private static let format = ScalarFunction(
    "format",
    summary: "Returns a text with values in place of {}; {:>10.2f} gives alignment, width, places"
      + " and kind, {:,} parts thousands.",
    examples: [
      FunctionExample("format('{} won {:.1f}%', 'Ann', 63.15)", "Ann won 63.1%"),
      FunctionExample("format('{:,}', 1234567)", "1,234,567"),
    ],
    overloads: [
      formatting { (text) throws(ExecutionError) -> FormatText in try FormatText(braces: text) }
    ]
  )

  private static let printf = ScalarFunction(
    "printf",
    summary: "Returns a text with values in place of %d, %s, %.2f and so on.",
    examples: [
      FunctionExample("printf('%d of %s', 3, 'five')", "3 of five"),
      FunctionExample("printf('%05d|%-3s|', 42, 'a')", "00042|a  |"),
    ],
    overloads: [
      formatting { (text) throws(ExecutionError) -> FormatText in try FormatText(percents: text) }
    ]
  )

  private static func formatting(
    _ compile: @escaping @Sendable (String) throws(ExecutionError) -> FormatText
  ) -> ScalarOverload {
    ScalarOverload(
      [.exact(.varchar)],
      variadic: .any,
      result: { _ in .varchar },
      kernel: { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        let values = input.arguments.dropFirst().map { LaidOutArgument($0, input.context) }
        var compiled: (source: String, text: FormatText)?
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          let source = texts.string(row)
          if compiled?.source != source { compiled = (source, try compile(source)) }
          output.append(try compiled?.text.format(values.map { $0.value(row) }) ?? "")
          return true
        }
      }
    )
  }

  // MARK: - Bars

  private static let bar = ScalarFunction(
    "bar",
    summary: "Returns a bar of blocks, as long as a value between a least and a greatest one asks;"
      + " 80 characters at most unless a width is given.",
    examples: [
      FunctionExample("bar(5, 0, 10, 4)", "██  "),
      FunctionExample("bar(1, 0, 3, 10)", "███▎      "),
    ],
    overloads: [
      .exact([.double, .double, .double], to: .varchar) {
        (input) throws(ExecutionError) -> Column in
        try bars(input) { _ in 80 }
      },
      .exact([.double, .double, .double, .double], to: .varchar) {
        (input) throws(ExecutionError) -> Column in
        let widths = input.argument(3, of: Double.self)
        return try bars(input) { widths[$0] }
      },
    ]
  )

  private static func bars(
    _ input: KernelInput,
    _ width: (Int) -> Double
  ) throws(ExecutionError) -> Column {
    let values = input.argument(0, of: Double.self)
    let least = input.argument(1, of: Double.self)
    let greatest = input.argument(2, of: Double.self)
    return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
      let wanted = width(row)
      guard wanted >= 1, wanted <= 1_000 else {
        throw ExecutionError(.invalidArgument, "the width of a bar must be from 1 to 1000")
      }
      let span = greatest[row] - least[row]
      guard values[row].isFinite, span.isFinite else { return false }
      // In this order, so that ends which are the wrong way round give nothing or all, as in DuckDB.
      let share: Double
      if values[row] <= least[row] {
        share = 0
      } else {
        share = values[row] >= greatest[row] ? 1 : (values[row] - least[row]) / span
      }
      let eighths = Int(share * wanted * 8 + 1e-9)
      for _ in 0..<eighths / 8 { output.append("█") }
      let parts: [String] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
      output.append(parts[eighths % 8])
      let used = eighths / 8 + (eighths % 8 > 0 ? 1 : 0)
      for _ in used..<max(used, Int(wanted)) { output.append(" ") }
      return true
    }
  }

  // MARK: - Bytes

  private static let formatBytes = ScalarFunction(
    "format_bytes",
    aliases: ["formatreadablesize", "pg_size_pretty"],
    summary: "Returns a number of bytes for people, in steps of 1024.",
    examples: [
      FunctionExample("format_bytes(16384)", "16.0 KiB"),
      FunctionExample("format_bytes(1000)", "1000 bytes"),
    ],
    overloads: [byteSizes(step: 1_024, units: ["KiB", "MiB", "GiB", "TiB", "PiB"])]
  )

  private static let formatDecimalBytes = ScalarFunction(
    "formatreadabledecimalsize",
    summary: "Returns a number of bytes for people, in steps of 1000.",
    examples: [
      FunctionExample("formatReadableDecimalSize(16000)", "16.0 kB"),
      FunctionExample("formatReadableDecimalSize(1)", "1 byte"),
    ],
    overloads: [byteSizes(step: 1_000, units: ["kB", "MB", "GB", "TB", "PB"])]
  )

  private static func byteSizes(step: UInt64, units: [String]) -> ScalarOverload {
    .exact([.bigint], to: .varchar) { (input) throws(ExecutionError) -> Column in
      let sizes = input.argument(0, of: Int64.self)
      return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
        var size = sizes[row].magnitude
        if sizes[row] < 0 { output.append("-") }
        guard size >= step else {
          output.append("\(size) \(size == 1 ? "byte" : "bytes")")
          return true
        }
        var unit = 0
        while size / step >= step, unit < units.count - 1 {
          size /= step
          unit += 1
        }
        output.append("\(size / step).\(size % step * 10 / step) \(units[unit])")
        return true
      }
    }
  }
}

/// An argument of any type, as `format` takes it.
struct LaidOutArgument {
  private let column: Column
  private let printed: PrintedArgument

  init(_ column: Column, _ context: FunctionContext) {
    self.column = column
    printed = PrintedArgument(column, context)
  }

  /// Returns the value of a row that has one.
  func value(_ row: Int) -> FormatValue {
    let slot = column.position(of: row)
    switch (column.data, column.type) {
    case (.int64(let values), .tinyint), (.int64(let values), .smallint),
      (.int64(let values), .integer), (.int64(let values), .bigint):
      return .integer(Int128(values[slot]))
    case (.int128(let values), .hugeint): return .integer(values[slot])
    case (.int64(let values), .decimal(_, let scale)):
      return .number(Double(values[slot]) / Double(powerOfTen(scale)), text: printed.string(row))
    case (.int128(let values), .decimal(_, let scale)):
      return .number(Double(values[slot]) / Double(powerOfTen(scale)), text: printed.string(row))
    case (.float64(let values), _): return .number(values[slot], text: printed.string(row))
    default: return .text(printed.string(row))
    }
  }
}
