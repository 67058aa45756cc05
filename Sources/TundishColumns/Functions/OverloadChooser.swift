/// Chooses among the overloads of one function for one list of argument types.
struct OverloadChooser {
  /// What an overload accepts: parameters, variadic parameter, result type.
  typealias Candidate = (
    parameters: [ParameterType],
    variadic: ParameterType?,
    result: @Sendable ([DataType]) -> DataType?
  )

  /// The overload taken, and what it makes of the arguments.
  struct Choice {
    let index: Int
    let argumentTypes: [DataType]
    let resultType: DataType
  }

  let argumentTypes: [DataType]
  let isTextLiteral: [Bool]

  /// Returns the cheapest overload; the first of several equally cheap ones.
  func choose(
    among candidates: [Candidate],
    functionName: String
  ) -> Result<Choice, ResolutionFailure> {
    var best: (choice: Choice, cost: Int)?
    var hasRightCount = false
    var furthest: Int?
    for (index, candidate) in candidates.enumerated() {
      guard let parameters = parameters(of: candidate) else { continue }
      hasRightCount = true
      switch match(parameters) {
      case .refused(let position):
        furthest = max(furthest ?? 0, position)
      case .accepted(let types, let cost):
        guard let result = candidate.result(types) else { continue }
        if best == nil || cost < best?.cost ?? 0 {
          best = (Choice(index: index, argumentTypes: types, resultType: result), cost)
        }
      }
    }
    if let best { return .success(best.choice) }
    let signatures = candidates.map { signature(of: $0, functionName: functionName) }
    guard hasRightCount else { return .failure(.wrongArgumentCount(signatures: signatures)) }
    return .failure(.wrongArgumentTypes(position: furthest, signatures: signatures))
  }

  private enum Match {
    case accepted([DataType], cost: Int)
    case refused(position: Int)
  }

  /// The parameters stretched to the arguments; nil where the count does not fit.
  private func parameters(of candidate: Candidate) -> [ParameterType]? {
    let missing = argumentTypes.count - candidate.parameters.count
    if missing == 0 { return candidate.parameters }
    guard missing > 0, let variadic = candidate.variadic else { return nil }
    return candidate.parameters + Array(repeating: variadic, count: missing)
  }

  private func match(_ parameters: [ParameterType]) -> Match {
    var types: [DataType] = []
    var total = 0
    let shared = commonType(of: parameters)
    for (i, parameter) in parameters.enumerated() {
      guard let (type, cost) = accept(i, as: parameter, shared: shared) else {
        return .refused(position: i)
      }
      types.append(type)
      total += cost
    }
    return .accepted(types, cost: total)
  }

  /// The type that an argument takes and what that costs; nil if the parameter refuses it.
  private func accept(
    _ position: Int,
    as parameter: ParameterType,
    shared: DataType?
  ) -> (DataType, Int)? {
    let type = argumentTypes[position]
    switch parameter {
    case .any:
      return (type, 3)
    case .exact(let wanted):
      return cost(of: position, to: wanted).map { (wanted, $0) }
    case .integer:
      if type == .null { return (.bigint, 2) }
      if isLiteral(position) { return (.bigint, 40) }
      return type.isInteger && type != .hugeint ? (type, 1) : nil
    case .decimal:
      if type.isDecimal { return (type, 1) }
      if type == .null { return (.decimal(precision: 18, scale: 3), 6) }
      guard type.isInteger else { return nil }
      return (TypeCoercion.decimalType(holding: type), 7)
    case .numeric:
      if type == .null { return (.double, 2) }
      if isLiteral(position) { return (.double, 40) }
      return type.isNumeric ? (type, 1) : nil
    case .common, .commonNumeric:
      guard let shared else { return nil }
      if parameter == .commonNumeric {
        guard shared.isNumeric, type.isNumeric || type == .null || isLiteral(position) else {
          return nil
        }
      }
      let ownCost = TypeCoercion.implicitCastCost(from: type, to: shared) ?? 12
      return (shared, 2 + (isLiteral(position) ? 2 : ownCost))
    case .list:
      if type == .null { return (.list(.null), 2) }
      if case .list = type, !type.isMap { return (type, 1) }
      return nil
    case .map:
      if type == .null { return (.map(.null, to: .null), 2) }
      return type.isMap ? (type, 1) : nil
    case .structure:
      if case .structure = type { return (type, 1) }
      return nil
    }
  }

  private func isLiteral(_ position: Int) -> Bool {
    position < isTextLiteral.count && isTextLiteral[position]
      && argumentTypes[position] == .varchar
  }

  /// The cost of giving an argument exactly a type.
  private func cost(of position: Int, to wanted: DataType) -> Int? {
    let type = argumentTypes[position]
    if let cost = TypeCoercion.implicitCastCost(from: type, to: wanted) { return cost }
    guard isLiteral(position) else { return nil }
    // A literal reads as what stands beside it before it reads as anything else.
    if argumentTypes.indices.contains(where: { !isLiteral($0) && argumentTypes[$0] == wanted }) {
      return 5
    }
    switch wanted {
    case .timestamp: return 20
    case .date: return 21
    case .time: return 22
    case .timestampTZ: return 23
    case .interval: return 24
    case .double: return 25
    case .bigint: return 26
    case .hugeint: return 27
    case .null, .boolean, .tinyint, .smallint, .integer, .decimal, .varchar, .blob, .enumeration,
      .list, .structure:
      return 30
    }
  }

  /// The common type of the arguments whose parameters ask for it.
  private func commonType(of parameters: [ParameterType]) -> DataType? {
    let positions = parameters.indices.filter {
      parameters[$0] == .common || parameters[$0] == .commonNumeric
    }
    guard !positions.isEmpty else { return nil }
    let common = TypeCoercion.commonType(
      of: positions.map { argumentTypes[$0] },
      isTextLiteral: positions.map(isLiteral)
    )
    guard parameters.contains(.commonNumeric) else { return common }
    return common == .null ? .double : common
  }

  /// A signature as messages show it: `round(DOUBLE, BIGINT)`.
  private func signature(of candidate: Candidate, functionName: String) -> String {
    var parameters = candidate.parameters.map(\.description)
    if let variadic = candidate.variadic { parameters.append(variadic.description + "...") }
    return "\(functionName)(\(parameters.joined(separator: ", ")))"
  }
}

extension ParameterType: CustomStringConvertible {
  /// What is accepted, as signatures show it.
  package var description: String {
    switch self {
    case .exact(let type): type.description
    case .any, .common: "ANY"
    case .integer: "INTEGER"
    case .decimal: "DECIMAL"
    case .numeric, .commonNumeric: "NUMBER"
    case .list: "LIST"
    case .map: "MAP"
    case .structure: "STRUCT"
    }
  }
}
