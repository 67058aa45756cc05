extension Unit: CustomStringConvertible {
  /// The unit as `unit(expr, '...')` takes it; empty for none.
  public var description: String {
    switch self {
    case .none: ""
    case .rate: "rate"
    case .percent: "percent"
    case .ratio: "ratio"
    case .money(.some(let currency)): "money(\(currency))"
    case .money(.none): "money"
    case .mixedMoney: "money(mixed)"
    case .days: "days"
    }
  }
}
