public import TundishColumns
import TundishEngine
import TundishFormats
import TundishSyntax

/// How a result is printed.
public struct RenderOptions: Sendable {
  /// The columns of the terminal; nil where the width is not limited.
  public var width: Int?
  /// The greatest number of rows to show to people; nil shows all.
  public var maximumRowCount: Int?
  /// The text of NULL; nil is the format's own.
  public var nullText: String?
  /// Whether the footer is printed under the rows.
  public var printsFooter = true
  /// Whether the column names are printed.
  public var printsHeader = true

  /// The defaults.
  public init() {}
}

extension Database {
  /// The names of the output formats.
  public static let formatNames = FormatRegistry.writers.filter { $0.isTable }.map(\.name)

  /// The format that the ending of a path says; nil where it says none.
  package static func formatName(ofPath path: String) -> String? {
    FormatRegistry.writer(forPath: path)?.name
  }

  /// Packs bytes as one member of a `.gz` file; where that fails they stay as they are.
  package static func packed(_ bytes: [UInt8]) -> [UInt8] {
    (try? Gzip.compressed(bytes)) ?? bytes
  }

  /// Prints a result as text.
  ///
  /// - Parameters:
  ///   - result: What a statement gave.
  ///   - format: `box`, `csv`, `tsv`, `json`, `jsonl`, `markdown`, `html` or `line`.
  ///   - options: Width, NULL and footer.
  /// - Returns: The text, as UTF-8.
  /// - Throws: `TundishError.usage` if there is no such format.
  public func render(
    _ result: QueryResult,
    format: String,
    options: RenderOptions = RenderOptions()
  ) throws(TundishError) -> [UInt8] {
    guard let table = FormatRegistry.writer(named: format) else {
      throw .usage(
        .unknownFormat(
          format,
          closest: Suggestion.closest(to: format, in: Database.formatNames),
          known: Database.formatNames
        )
      )
    }
    if table.name == "box", result.result.isText {
      return Array(result.rows.map { text(of: $0.values[0]) + "\n" }.joined().utf8)
    }
    // `as bar` draws for people; data formats keep the numbers.
    var writer = table
    if table.name == "box", let chart = result.result.chart, chart != .table {
      writer = FormatRegistry.chart(named: chart.rawValue) ?? table
    }
    let collector = ByteCollector()
    let drawn = writer.name == "box" ? SourceLines.drawn(result) : nil
    var settings = writerOptions(result, options, isForPeople: writer.isForPeople)
    settings.countsRows = drawn == nil
    do {
      try writer.write(
        schema: result.schema ?? Schema([]),
        batches: drawn ?? result.result.batches,
        options: settings,
        into: collector
      )
    } catch {
      throw .file(FileSources.diagnostic(error, file: format))
    }
    return collector.bytes
  }

  /// Prints one value as the tsv writer does.
  public func text(of value: Value) -> String {
    ValueText.text(of: value)
  }

  private func writerOptions(
    _ result: QueryResult,
    _ options: RenderOptions,
    isForPeople: Bool
  ) -> WriterOptions {
    var writer = WriterOptions(
      terminalWidth: options.width,
      maximumRowCount: options.maximumRowCount,
      nullText: options.nullText,
      footerLines: options.printsFooter && isForPeople ? result.footer : [],
      hasHeader: options.printsHeader
    )
    if let labels = result.result.labelCount, labels > 0 { writer.valueColumn = labels }
    if let drawn = result.result.drawn, let fields = result.schema?.fields {
      func position(_ name: String) -> Int? { fields.firstIndex { $0.name == name } }
      writer.valueColumn = position(drawn.value)
      writer.labelColumns = drawn.labels.compactMap(position)
      writer.otherValueColumns = drawn.others.compactMap(position)
    }
    if isForPeople, !result.result.ranks.isEmpty, let fields = result.schema?.fields {
      writer.columnRanks = fields.map { result.result.ranks[$0.name] ?? .part }
    }
    let zone = currentSession.functionContext.timeZone
    writer.utcOffset = { microseconds in
      Int(zone.offsetSeconds(atUTC: microseconds / 1_000_000))
    }
    if isForPeople, !result.footer.isEmpty, let fields = result.schema?.fields {
      // The answer of a sales statement: dimensions first, totals marked by a column.
      writer.totalColumn = fields.firstIndex { $0.name == "is_total" }
      writer.unmatched = result.result.unmatched
      for (position, field) in fields.enumerated() where field.unit != .none {
        writer.nullLabels[position] = WriterOptions.emptyLabel
      }
      for (position, field) in fields.enumerated()
      where field.type.isText || (position == 0 && field.type == .date) {
        writer.nullLabels[position] = field.name.hasSuffix("_note") ? "" : "(none)"
      }
    }
    return writer
  }
}

extension ResultWriter {
  /// Whether this format prints rows; charts are asked for in the statement (`as bar`).
  var isTable: Bool {
    ChartForm(rawValue: name) == nil && name != "trash"
  }
}
