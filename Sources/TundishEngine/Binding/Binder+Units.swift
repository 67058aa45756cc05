internal import TundishColumns
internal import TundishSyntax

extension Binder {
  /// The unit that all values share; NULLs and plain constants agree with every unit.
  func commonUnit(_ bound: [BoundExpression]) -> Unit {
    let typed = bound.filter { $0.literal == nil }
    guard let first = typed.first else { return bound.first?.unit ?? .none }
    return typed.allSatisfy { $0.unit == first.unit } ? first.unit : .none
  }

  /// The unit of an operator's result; reports units that do not go together.
  func unit(
    of symbol: String,
    _ operands: [BoundExpression],
    _ range: SourceRange
  ) -> Unit {
    guard operands.count == 2 else { return operands.first?.unit ?? .none }
    let (left, right) = (operands[0], operands[1])
    switch symbol {
    case "+", "-":
      checkCurrencies(left, right, doing: symbol == "+" ? "adding" : "subtracting", range)
      if left.unit == right.unit { return [.rate, .ratio].contains(left.unit) ? .none : left.unit }
      if left.unit == .none { return right.unit.isAmount ? right.unit : .none }
      return right.unit == .none && left.unit.isAmount ? left.unit : .none
    case "*":
      if left.unit.isAmount, !right.unit.isAmount { return left.unit }
      return right.unit.isAmount && !left.unit.isAmount ? right.unit : .none
    case "/", "//":
      return left.unit.isAmount && right.unit == .none ? left.unit : .none
    case "%":
      return left.unit
    default:
      return .none
    }
  }

  /// Reports money of two currencies, or of a known and an unknown one, in one operation.
  func checkCurrencies(
    _ left: BoundExpression,
    _ right: BoundExpression,
    doing verb: String,
    _ range: SourceRange
  ) {
    guard left.unit.isMoney, right.unit.isMoney, left.unit != right.unit else { return }
    report(
      .unitMismatch(
        "\(verb) \(left.unit.phrase) and \(right.unit.phrase) has no meaning; "
          + "convert one of them, then set the unit with unit(expr, 'money(EUR)')",
        at: range
      )
    )
  }

  /// Reports a rate that is compared with a number that looks like per cent.
  func checkRateComparison(_ left: BoundExpression, _ right: BoundExpression) {
    let other = left.unit == .rate ? right : left
    guard let (number, place) = Self.number(other), number > 1 else { return }
    report(
      .unitMismatch(
        "a rate lies between 0 and 1; write \(Self.plain(number))% or \(Self.plain(number / 100))",
        at: place.range
      )
    )
  }

  private static func plain(_ number: Double) -> String {
    number == number.rounded(.towardZero) ? "\(Int(number))" : "\(number)"
  }

  private static func number(_ bound: BoundExpression) -> (Double, BoundExpression)? {
    switch bound.literal {
    case .integer(let value): (Double(value), bound)
    case .double(let value): (value, bound)
    case .decimal(let unscaled, let scale):
      (Double(unscaled) / (0..<scale).reduce(1.0) { result, _ in result * 10 }, bound)
    default: nil  // only numbers matter
    }
  }

  /// The unit of an aggregate's result; reports sums and averages of rates and mixed money.
  func unit(
    ofAggregate name: String,
    _ arguments: [BoundExpression],
    _ range: SourceRange
  ) -> Unit {
    guard let first = arguments.first else { return .none }
    if Self.addingAggregates.contains(name) {
      if first.unit == .rate {
        report(
          .unitMismatch(
            "'\(name)' of a rate has no meaning; compute the rate from its counts at this level, "
              + "for example sum(won) / sum(closed), or write \(name)(x::DOUBLE)",
            at: range
          )
        )
      }
      if first.unit == .mixedMoney {
        report(
          .unitMismatch(
            "'\(name)' of money in several currencies has no meaning; "
              + "group by the currency, or keep one with WHERE",
            at: range
          )
        )
      }
      return [.percent, .ratio].contains(first.unit) && name == "sum" ? .none : first.unit
    }
    return Self.unitKeepingAggregates.contains(name) ? first.unit : .none
  }

  /// The unit of a scalar function's result.
  func unit(ofFunction name: String, _ arguments: [BoundExpression]) -> Unit {
    guard Self.unitKeepingFunctions.contains(name) else { return .none }
    if name == "greatest" || name == "least" { return commonUnit(arguments) }
    return arguments.first?.unit ?? .none
  }

  private static let addingAggregates: Set<String> = ["sum", "avg", "mean", "fsum", "sumkahan"]
  private static let unitKeepingAggregates: Set<String> = [
    "min", "max", "median", "mode", "first", "last", "any_value", "quantile_cont",
    "quantile_disc", "arg_min", "arg_max", "stddev", "stddev_samp", "stddev_pop", "mad",
    "lag", "lead", "first_value", "last_value", "nth_value",
  ]
  private static let unitKeepingFunctions: Set<String> = [
    "abs", "round", "floor", "ceil", "ceiling", "trunc", "greatest", "least", "nullif",
  ]

  /// Reads the text of a unit: `rate`, `percent`, `ratio`, `days`, `money`, `money(EUR)`, `none`.
  static func unit(named text: String) -> Unit? {
    let folded = foldedKey(text.filter { $0 != " " })
    switch folded {
    case "none", "": return Unit.none
    case "rate": return .rate
    case "percent": return .percent
    case "ratio": return .ratio
    case "days": return .days
    case "money": return .money(nil)
    case "money(mixed)": return .mixedMoney
    default: break  // a currency
    }
    guard folded.hasPrefix("money("), folded.hasSuffix(")") else { return nil }
    let code = folded.dropFirst(6).dropLast()
    guard code.utf8.count == 3 else { return nil }
    return .money(code.uppercased())
  }
}

extension Unit {
  /// Whether numbers of this unit are amounts: they add up, and scale with plain numbers.
  var isAmount: Bool {
    switch self {
    case .money, .mixedMoney, .days: true
    case .none, .rate, .percent, .ratio: false
    }
  }

  /// Whether this is money.
  var isMoney: Bool {
    switch self {
    case .money, .mixedMoney: true
    case .none, .rate, .percent, .ratio, .days: false
    }
  }

  /// The unit in words.
  var phrase: String {
    switch self {
    case .none: "a plain number"
    case .rate: "a rate"
    case .percent: "per cent"
    case .ratio: "a ratio"
    case .money(let code): code ?? "money of an unknown currency"
    case .mixedMoney: "money in several currencies"
    case .days: "days"
    }
  }
}
