internal import TundishColumns
internal import TundishSyntax

/// The files that one statement names: each is opened once, and read when its columns are known.
///
/// Owned by the thread that runs the statement.
final class StatementFiles {
  private struct Opened {
    var source: any TableSource
    /// Where the statement names the file.
    let range: SourceRange
  }

  private var opened: [String: Opened] = [:]

  /// What the user must know about the rows that were read.
  private(set) var warnings: [Diagnostic] = []
  /// What was set aside, by the file's key.
  private var rejectsByFile: [String: [FileReject]] = [:]
  /// Whether the statement shows types, which are certain only when all rows were looked at.
  var showsTypes = false

  /// The rows and values that were set aside.
  var rejects: [FileReject] {
    rejectsByFile.keys.sorted().flatMap { rejectsByFile[$0] ?? [] }
  }

  /// Opens a file, or gives the one that the statement opened before.
  func open(
    path: String,
    options: FileOptions,
    with resolver: any SourceResolver,
    at range: SourceRange
  ) throws(SourceError) -> any TableSource {
    let key = Self.key(path, options)
    if let known = opened[key] { return known.source }
    let source = try resolver.open(path: path, options: options)
    opened[key] = Opened(source: source, range: range)
    return source
  }

  /// What a reading means for the statement.
  enum Reading {
    /// The plan can run
    case complete
    /// There are rows, and therefore statistics, which were not there when the plan was optimized
    case rows
    /// Types are other than the plan was bound to
    case otherTypes
  }

  /// Reads what a plan without subqueries needs.
  ///
  /// `isAgain` says that the plan is the one of the last reading, made anew.
  func read(
    for plan: Plan,
    context: FunctionContext,
    isAgain: Bool
  ) throws(StatementFailure) -> Reading {
    var scans: [ObjectIdentifier: [ScanPlan]] = [:]
    Self.collectScans(of: plan, into: &scans)
    return try read(isAgain: isAgain) { file in
      guard let own = scans[ObjectIdentifier(file)] else { return nil }
      let columns = Set(own.flatMap { $0.columns.map(\.position) })
      return (columns, own.count == 1 ? FileFilter.make(of: own[0], context: context) : nil)
    }
  }

  /// Reads all columns of all files, for a statement that does not fit the types of the sample.
  func readAll() throws(StatementFailure) -> Reading {
    try read(isAgain: false) { (Set($0.schema.fields.indices), nil) }
  }

  private func read(
    isAgain: Bool,
    _ need: (FileSource) -> (columns: Set<Int>, filter: RowFilter?)?
  ) throws(StatementFailure) -> Reading {
    var reading = Reading.complete
    for key in opened.keys.sorted() {
      guard let entry = opened[key], let file = entry.source as? FileSource,
        let wanted = need(file)
      else { continue }
      do {
        switch try file.read(wanted.columns, filter: wanted.filter, isAgain: isAgain) {
        case .nothing: break
        case .rows(let rows):
          note(rows.notes, at: entry.range)
          rejectsByFile[key] = rows.rejects
          if case .complete = reading { reading = .rows }
        case .otherTypes(let source, let rows):
          note(rows.notes, at: entry.range)
          rejectsByFile[key] = rows.rejects
          opened[key]?.source = source
          reading = .otherTypes
        }
      } catch {
        throw StatementFailure([
          Diagnostic(
            code: DiagnosticCode(error.code),
            message: error.message,
            range: entry.range,
            notes: error.notes
          )
        ])
      }
    }
    return reading
  }

  private func note(_ notes: [String], at range: SourceRange) {
    for note in notes {
      let warning = Diagnostic(
        severity: .warning,
        code: DiagnosticCode("F050"),
        message: note,
        range: range
      )
      if !warnings.contains(warning) { warnings.append(warning) }
    }
  }

  private static func collectScans(
    of plan: Plan,
    into scans: inout [ObjectIdentifier: [ScanPlan]]
  ) {
    if case .scan(let scan) = plan {
      scans[ObjectIdentifier(scan.source), default: []].append(scan)
    }
    for child in plan.children { collectScans(of: child, into: &scans) }
  }

  private static func key(_ path: String, _ options: FileOptions) -> String {
    let values = options.values.sorted { $0.key < $1.key }
    return values.reduce("\(path.utf8.count) \(path)") { key, option in
      let text = ValueText.text(of: option.value)
      return key + " \(option.key) \(text.utf8.count) \(text)"
    }
  }
}
