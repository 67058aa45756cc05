/// The codes of binding: names, types and places of things.
extension DiagnosticCode {
  /// A column that is nowhere in sight.
  package static let unknownColumn = DiagnosticCode("B001")
  /// A column name that fits several relations.
  package static let ambiguousColumn = DiagnosticCode("B002")
  /// A table that does not exist.
  package static let unknownTable = DiagnosticCode("B003")
  /// A function that does not exist.
  package static let unknownFunction = DiagnosticCode("B004")
  /// A call with a wrong number of arguments.
  package static let wrongArgumentCount = DiagnosticCode("B005")
  /// A call with arguments of wrong types.
  package static let wrongArgumentTypes = DiagnosticCode("B006")
  /// A comparison of types that do not compare.
  package static let incomparableTypes = DiagnosticCode("B007")
  /// An aggregate where none may stand.
  package static let misplacedAggregate = DiagnosticCode("B008")
  /// A window function where none may stand.
  package static let misplacedWindow = DiagnosticCode("B009")
  /// A column that is neither grouped nor aggregated.
  package static let ungroupedColumn = DiagnosticCode("B010")
  /// An aggregate inside an aggregate.
  package static let nestedAggregate = DiagnosticCode("B011")
  /// Set operands with different numbers of columns.
  package static let setOperandWidths = DiagnosticCode("B013")
  /// A name that is used twice.
  package static let duplicateName = DiagnosticCode("B014")
  /// A subquery with a wrong number of columns.
  package static let subqueryWidth = DiagnosticCode("B015")
  /// Values that have no common type.
  package static let noCommonType = DiagnosticCode("B016")
  /// A value of another type than its place needs.
  package static let wrongType = DiagnosticCode("B017")
  /// A column position that does not exist.
  package static let positionOutOfRange = DiagnosticCode("B018")
  /// A type that does not exist.
  package static let unknownType = DiagnosticCode("B019")
  /// Something that the engine does not do.
  package static let unsupported = DiagnosticCode("B020")
  /// A name that is taken.
  package static let nameTaken = DiagnosticCode("B021")
  /// A parameter without a value, or a value without a parameter.
  package static let missingParameter = DiagnosticCode("B022")
  /// Units that do not go together.
  package static let unitMismatch = DiagnosticCode("B023")
  /// A view or macro that contains itself.
  package static let circularDefinition = DiagnosticCode("B024")
  /// A statement that is nested too deeply or grows too large.
  package static let tooComplex = DiagnosticCode("B025")
  /// A star where there is nothing to expand.
  package static let emptyStar = DiagnosticCode("B026")
  /// A list of names or values of a wrong length.
  package static let wrongColumnCount = DiagnosticCode("B027")
  /// A wrong use of OVER or WINDOW.
  package static let windowUse = DiagnosticCode("B028")
  /// A setting that does not exist.
  package static let unknownSetting = DiagnosticCode("B029")
  /// A value that a setting does not take.
  package static let wrongSettingValue = DiagnosticCode("B030")
  /// A literal that its type cannot read.
  package static let unreadableLiteral = DiagnosticCode("B031")
  /// A recursive query of a wrong form.
  package static let recursiveForm = DiagnosticCode("B032")
  /// A wrong use of a join.
  package static let joinUse = DiagnosticCode("B033")
  /// A value that must be constant.
  package static let notConstant = DiagnosticCode("B034")
  /// An ORDER BY that DISTINCT does not allow.
  package static let orderWithDistinct = DiagnosticCode("B035")
  /// A statement that the state of the session does not allow.
  package static let wrongState = DiagnosticCode("B036")
  /// A thing that does not exist: a view, macro, type, prepared statement.
  package static let unknownThing = DiagnosticCode("B037")
  /// A condition of ASSERT that does not hold.
  package static let assertionFailed = DiagnosticCode("B038")
}
