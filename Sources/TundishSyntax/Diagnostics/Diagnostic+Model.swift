// What can be wrong with models, metrics and funnels: codes M001 and on, and B012.

extension DiagnosticCode {
  static let unknownMetric = DiagnosticCode("B012")
  static let missingRole = DiagnosticCode("M001")
  static let missingAttribute = DiagnosticCode("M002")
  static let unresolvedDimension = DiagnosticCode("M003")
  static let ambiguousDimension = DiagnosticCode("M004")
  static let stageWithoutKind = DiagnosticCode("M005")
  static let stageWithoutProbability = DiagnosticCode("M006")
  static let attributeIsNoDate = DiagnosticCode("M007")
  static let unknownMilestone = DiagnosticCode("M008")
  static let unknownDenominator = DiagnosticCode("M009")
  static let argumentNotAccepted = DiagnosticCode("M010")
  static let circularMetric = DiagnosticCode("M011")
  static let snapshotWithPeriod = DiagnosticCode("M012")
  static let rateAboveOne = DiagnosticCode("M013")
  static let noSuchDate = DiagnosticCode("M014")
  static let metricCallNeedsRelation = DiagnosticCode("M015")
  static let modelTableUnknown = DiagnosticCode("M016")
  static let modelColumnUnknown = DiagnosticCode("M017")
  static let linkIsNotUnique = DiagnosticCode("M018")
  static let modelExists = DiagnosticCode("M019")
  static let metricExists = DiagnosticCode("M020")
  static let unknownAttribute = DiagnosticCode("M021")
  static let clauseNeeds = DiagnosticCode("M022")
}

extension Diagnostic {
  /// A name that is no metric; `candidates` are the metrics, their synonyms and what else may stand
  /// there.
  package static func unknownMetric(
    _ name: String,
    range: SourceRange,
    candidates: [String],
    definedIn: String? = nil,
    isTable: Bool = false
  ) -> Diagnostic {
    let closest = Suggestion.closest(to: name, in: candidates)
    let place = definedIn.map { " (in the definition of '\($0)')" } ?? ""
    if isTable {
      return Diagnostic(
        code: .unknownMetric,
        message: "no metric named '\(name)'\(place); did you mean FROM \(name)?",
        range: range,
        fix: Fix(range: range, replacement: "FROM \(name)")
      )
    }
    return Diagnostic(
      code: .unknownMetric,
      message: "no metric named '\(name)'\(place)"
        + (closest.map { "; did you mean '\($0)'?" } ?? "; SHOW METRICS lists them"),
      range: range,
      fix: definedIn == nil ? closest.map { Fix(range: range, replacement: $0) } : nil
    )
  }

  /// A metric that reads a role which the model does not have.
  package static func missingRole(
    _ role: ModelRole,
    metric: String,
    message: String?,
    statement: [String],
    range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .missingRole,
      message: message ?? "'\(metric)' needs the role \(role.rawValue), and the model has none",
      range: range,
      notes: statement
    )
  }

  /// `...` in ALTER MODEL SET for a role that the model does not have.
  package static func nothingToKeep(
    _ role: ModelRole,
    of subject: ModelRole?,
    range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .missingRole,
      message: "the model has no \(role.rawValue)\(subject.map { " OF " + $0.rawValue } ?? "")"
        + " whose attributes '...' could keep",
      range: range,
      notes: ["write all attributes without '...'; SHOW MODEL lists what the model has"]
    )
  }

  /// A metric that needs an attribute which the role does not have.
  package static func missingAttribute(
    _ attribute: String,
    of role: ModelRole,
    table: String,
    neededBy metric: String?,
    isOfCounts: Bool = false,
    range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .missingAttribute,
      message:
        "\(metric.map { "'\($0)' needs" } ?? "this needs") \(attribute) of \(role.rawValue), which the model does not say",
      range: range,
      notes: [
        isOfCounts
          ? "\(table) holds counts and no single deals; SQL divides its columns: SELECT sum(<won>) / sum(<won> + <lost>) FROM \(inStatement(table))"
          : "say which column it is: ALTER MODEL SET \(role.rawValue) \(inStatement(table)) (..., \(attribute) <column>)"
      ]
    )
  }

  /// A dimension or column of `where` that a role cannot resolve.
  package static func unresolvedDimension(
    _ name: String,
    metrics: [String],
    role: ModelRole,
    table: String,
    candidates: [String],
    known: [String],
    isAttribute: Bool,
    isOperand: Bool,
    range: SourceRange
  ) -> Diagnostic {
    let closest = Suggestion.closest(to: name, in: candidates)
    let text = isOperand ? ["if it is a text, write it in quotes: '\(name)'"] : []
    let attribute =
      isAttribute
      ? "name the column: ALTER MODEL SET \(role.rawValue) \(inStatement(table)) (..., \(name.uppercased()) <column>)"
      : "its attributes: \(known.isEmpty ? "none" : known.joined(separator: ", "))"
    let subject = metrics.isEmpty ? "this" : metrics.map { "'\($0)'" }.joined(separator: ", ")
    return Diagnostic(
      code: .unresolvedDimension,
      message: "\(subject) cannot be cut by '\(name)': \(role.rawValue) (\(table)) has no such "
        + "attribute or column, nor has a linked table"
        + (closest.map { "; did you mean '\($0)'?" } ?? ""),
      range: range,
      notes: text
        + (closest == nil
          ? [
            attribute,
            "or link the table that has it: ALTER MODEL ADD LINK \(inStatement(table)).<column> -> <table>.<key>",
          ] : []),
      fix: closest.map { Fix(range: range, replacement: $0) }
    )
  }

  /// A dimension that several linked tables have.
  package static func ambiguousDimension(
    _ name: String,
    spellings: [String],
    range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .ambiguousDimension,
      message: "'\(name)' could be \(spellings.joined(separator: " or ")); write one of them",
      range: range
    )
  }

  /// Stage labels whose meaning is not known.
  package static func stagesWithoutKind(_ labels: [String], range: SourceRange) -> Diagnostic {
    let names = labels.map { "'\($0)'" }.joined(separator: ", ")
    let items = labels.map { "'\($0.replacing("'", with: "''"))' OPEN" }.joined(separator: ", ")
    return Diagnostic(
      code: .stageWithoutKind,
      message: labels.count == 1
        ? "the stage \(names) is in the data, but the model does not say what it means"
        : "the stages \(names) are in the data, but the model does not say what they mean",
      range: range,
      notes: ["say it: ALTER MODEL ADD STAGES (\(items)), or WON, LOST, HOLD, DISQUALIFIED"]
    )
  }

  /// A subscription whose interval is no known word, so that its amount a month is not known.
  package static func intervalUnknown(
    _ label: String,
    table: String,
    range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .intervalUnknown,
      message: "a subscription of \(table) is paid every '\(label)', which is no known interval",
      range: range,
      notes: [
        "known are week, month, quarter, half-year and year; INTERVAL may be an expression that "
          + "gives them: CASE ... WHEN '\(label)' THEN 'year' ... END"
      ]
    )
  }

  /// An open stage without a probability.
  package static func stageWithoutProbability(_ label: String, range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: .stageWithoutProbability,
      message: "the stage '\(label)' has no probability of winning",
      range: range,
      notes: ["say it: ALTER MODEL ADD STAGES ('\(label)' OPEN 20%)"]
    )
  }

  /// A date attribute whose column is no date.
  package static func attributeIsNoDate(
    _ attribute: String,
    of role: ModelRole,
    table: String,
    type: String,
    others: [String] = [],
    range: SourceRange
  ) -> Diagnostic {
    let words = others.map { "'" + $0.replacing("'", with: "''") + "'" }
    let nothing = words.count == 1 ? words[0] : "[" + words.joined(separator: ", ") + "]"
    return Diagnostic(
      code: .attributeIsNoDate,
      message:
        "\(attribute.uppercased()) of \(role.rawValue) must be a date, but its column in \(table) is \(type)",
      range: range,
      notes: [
        !others.isEmpty
          ? "all texts are dates but for \(words.joined(separator: ", ")): load the file with NULLSTR \(nothing), or try_cast the column in the model: \(attribute.uppercased()) try_cast(<column> AS TIMESTAMP)"
          : type == "BOOLEAN"
            ? "it says whether, not when: ask without a period, 'over' and durations, or give it a column of dates"
            : "load the file with DATE_FORMAT, or convert it in the model: \(attribute.uppercased()) strptime(<column>, '%d/%m/%Y')"
      ]
    )
  }

  /// A milestone that neither the model nor the history knows.
  package static func unknownMilestone(
    _ name: String,
    known: [String],
    role: ModelRole,
    table: String,
    range: SourceRange
  ) -> Diagnostic {
    let closest = Suggestion.closest(to: name, in: known)
    // The lead's own deals would tell these two.
    let isDeal = ["opportunity", "customer"].contains(name.lowercased()) && role == .leads
    let tie = "or tie deals to leads: ALTER MODEL SET OPPORTUNITIES <table> (..., LEAD <column>)"
    return Diagnostic(
      code: .unknownMilestone,
      message: "no milestone named '\(name)'" + (closest.map { "; did you mean '\($0)'?" } ?? ""),
      range: range,
      notes: [
        "known: \(known.map(Self.written).joined(separator: ", "))",
        "declare it: ALTER MODEL SET \(role.rawValue) \(inStatement(table)) (..., MILESTONE \(inStatement(name)) AT <date column>)",
      ] + (isDeal ? [tie] : [])
    )
  }

  /// A name as a statement writes it: in quotes where it needs them.
  private static func inStatement(_ name: String) -> String {
    Formatter().name(Identifier(name, range: SourceRange(0, 0)))
  }

  /// A milestone as a statement names it: a word, or the label of a stage in quotes.
  private static func written(_ milestone: String) -> String {
    let isWord = milestone.utf8.enumerated().allSatisfy { position, byte in
      switch byte {
      case 0x41...0x5A, 0x61...0x7A, 0x5F: true
      case 0x30...0x39: position > 0
      default: false
      }
    }
    return isWord ? milestone : "'\(milestone)'"
  }

  /// `of <name>` that the metric does not have.
  package static func unknownDenominator(
    _ name: Identifier,
    metric: String,
    known: [String]
  ) -> Diagnostic {
    let closest = Suggestion.closest(to: name.text, in: known)
    return Diagnostic(
      code: .unknownDenominator,
      message: "'\(metric)' has no denominator '\(name.text)'"
        + (known.isEmpty ? "" : "; it has \(known.joined(separator: ", "))"),
      range: name.range,
      fix: closest.map { Fix(range: name.range, replacement: $0) }
    )
  }

  /// An argument, milestone or outcome that the metric does not take.
  package static func argumentNotAccepted(metric: String, range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: .argumentNotAccepted,
      message: "'\(metric)' does not take this; DESCRIBE METRIC \(metric) shows what it takes",
      range: range
    )
  }

  /// Metrics that are defined by each other.
  package static func circularMetric(_ path: [String], range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: .circularMetric,
      message: "the definition is circular: \(path.joined(separator: " -> "))",
      range: range
    )
  }

  /// Metrics that are nested too deeply.
  package static func metricsTooDeep(_ name: String, range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: .circularMetric,
      message: "the definition of '\(name)' nests too many metrics",
      range: range
    )
  }

  /// A period where a state at one instant is asked for.
  package static func snapshotWithPeriod(_ metric: String, range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: .snapshotWithPeriod,
      message:
        "'\(metric)' is the state at one instant; a period selects by expected close date with 'closing' before it",
      range: range,
      notes: ["or ask for another instant: as of 2026-01-31"],
      fix: Fix(range: SourceRange(range.lowerBound, range.lowerBound), replacement: "closing ")
    )
  }

  /// A rate compared with a number above 1.
  package static func rateAboveOne(
    _ metric: String,
    _ number: String,
    range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .rateAboveOne,
      message: "'\(metric)' is a rate, at most 1; did you mean \(number)%?",
      range: range,
      fix: Fix(range: range, replacement: "\(number)%")
    )
  }

  /// A date that is not on the calendar.
  package static func noSuchDate(_ text: String, range: SourceRange) -> Diagnostic {
    Diagnostic(code: .noSuchDate, message: "\(text) is no date", range: range)
  }

  /// A metric called in a SELECT that reads no, or several, relations with the role's rows.
  package static func metricCallNeedsRelation(
    _ metric: String,
    role: ModelRole,
    table: String,
    candidates: [String],
    range: SourceRange
  ) -> Diagnostic {
    let view = "model.\(role.rawValue.lowercased())"
    return Diagnostic(
      code: .metricCallNeedsRelation,
      message: candidates.isEmpty
        ? "\(metric)() needs the rows of \(table) or \(view) in FROM"
        : "several relations have the rows that \(metric)() needs; write \(metric)(\(candidates[0]))",
      range: range
    )
  }

  /// A table that the model names and that does not exist.
  package static func modelTableUnknown(
    _ name: String,
    tables: [String],
    range: SourceRange
  ) -> Diagnostic {
    let closest = Suggestion.closest(to: name, in: tables)
    return Diagnostic(
      code: .modelTableUnknown,
      message: "no table named '\(name)'" + (closest.map { "; did you mean '\($0)'?" } ?? ""),
      range: range,
      fix: closest.map { Fix(range: range, replacement: $0) }
    )
  }

  /// A column that the model names and that does not exist.
  package static func modelColumnUnknown(
    _ name: String,
    table: String,
    columns: [String],
    range: SourceRange
  ) -> Diagnostic {
    let closest = Suggestion.closest(to: name, in: columns)
    return Diagnostic(
      code: .modelColumnUnknown,
      message: "'\(table)' has no column '\(name)'"
        + (closest.map { "; did you mean '\($0)'?" } ?? ""),
      range: range,
      notes: closest == nil ? ["columns: \(columns.joined(separator: ", "))"] : [],
      fix: closest.map { Fix(range: range, replacement: $0) }
    )
  }

  /// A link whose target is not unique.
  package static func linkIsNotUnique(
    _ target: String,
    duplicate: String,
    range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      code: .linkIsNotUnique,
      message:
        "a LINK leads from many rows to one, but \(target) has '\(duplicate)' more than once",
      range: range
    )
  }

  /// A model that is there already.
  package static func modelExists(range: SourceRange) -> Diagnostic {
    Diagnostic(
      code: .modelExists,
      message: "there is a model already; write CREATE OR REPLACE MODEL, or ALTER MODEL",
      range: range
    )
  }

  /// A metric, funnel, target or score that is there already.
  package static func metricExists(_ kind: String, _ name: Identifier) -> Diagnostic {
    Diagnostic(
      code: .metricExists,
      message:
        "there is a \(kind.lowercased()) named '\(name.text)' already; write CREATE OR REPLACE \(kind)",
      range: name.range
    )
  }

  /// An attribute that the role does not know.
  package static func unknownAttribute(
    _ name: Identifier,
    role: ModelRole,
    known: [String]
  ) -> Diagnostic {
    let closest = Suggestion.closest(to: name.text, in: known)
    return Diagnostic(
      code: .unknownAttribute,
      message: "\(role.rawValue) has no attribute \(name.text.uppercased())"
        + (closest.map { "; did you mean \($0.uppercased())?" }
          ?? "; it has \(known.joined(separator: ", "))"),
      range: name.range,
      fix: closest.map { Fix(range: name.range, replacement: $0.uppercased()) }
    )
  }

  /// A clause that cannot be used here.
  package static func clauseNeeds(_ sentence: String, range: SourceRange) -> Diagnostic {
    Diagnostic(code: .clauseNeeds, message: sentence, range: range)
  }

  /// `list ... at` where no funnel is measured.
  package static func listAtStepOutsideFunnel(range: SourceRange) -> Diagnostic {
    clauseNeeds("'list ... at' lists the entities at a step of a funnel", range: range)
  }
}

extension DiagnosticCode {
  static let unknownFunnel = DiagnosticCode("M023")
  static let intervalUnknown = DiagnosticCode("M024")
}

extension Diagnostic {
  /// A name that is no funnel's.
  package static func unknownFunnel(_ name: Identifier, known: [String]) -> Diagnostic {
    let closest = Suggestion.closest(to: name.text, in: known)
    return Diagnostic(
      code: .unknownFunnel,
      message: "no funnel named '\(name.text)'"
        + (closest.map { "; did you mean '\($0)'?" } ?? "; SHOW FUNNELS lists them"),
      range: name.range,
      fix: closest.map { Fix(range: name.range, replacement: $0) }
    )
  }
}
