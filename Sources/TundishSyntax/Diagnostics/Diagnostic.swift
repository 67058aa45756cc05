/// Something wrong with what the user wrote or loaded: a value, collected and ordered, never thrown
/// inside the front end.
///
/// Wordings live in `Diagnostic+<Area>.swift` as static functions, nowhere else; codes beside them.
public struct Diagnostic: Sendable, Hashable {
  /// How bad it is.
  public enum Severity: String, Sendable, Hashable {
    /// The statement cannot run.
    case error
    /// The statement runs; the user should know.
    case warning
  }

  /// A replacement of text that mends the statement.
  public struct Fix: Sendable, Hashable {
    /// What to replace.
    public let range: SourceRange
    /// What to put there.
    public let replacement: String

    /// Creates a fix.
    public init(range: SourceRange, replacement: String) {
      self.range = range
      self.replacement = replacement
    }
  }

  /// How bad it is.
  public let severity: Severity
  /// The stable code, such as `B001`.
  public let code: DiagnosticCode
  /// What was found and what would work: lower case, no period.
  public let message: String
  /// The smallest wrong range; nil where no text is to blame (a file, the command line).
  public let range: SourceRange?
  /// Further lines: candidates, the model line to add.
  public let notes: [String]
  /// A replacement that would mend it.
  public let fix: Fix?

  /// Creates a diagnostic.
  public init(
    severity: Severity = .error,
    code: DiagnosticCode,
    message: String,
    range: SourceRange?,
    notes: [String] = [],
    fix: Fix? = nil
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.range = range
    self.notes = notes
    self.fix = fix
  }
}

/// A stable identifier of a kind of diagnostic: a letter for the area and three digits.
///
/// L lexical, P syntax, B binding, M model and metrics, R running, F files and formats, U usage.
public struct DiagnosticCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  /// The code as printed.
  public let rawValue: String

  /// Creates a code.
  public init(rawValue: String) {
    self.rawValue = rawValue
  }

  /// Creates a code.
  public init(_ rawValue: String) {
    self.rawValue = rawValue
  }

  /// The code as printed.
  public var description: String { rawValue }
}
