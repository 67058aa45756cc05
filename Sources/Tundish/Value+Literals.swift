public import TundishColumns

extension Value: ExpressibleByStringLiteral {
  /// Makes a `VARCHAR`.
  public init(stringLiteral value: String) {
    self = .text(value)
  }
}

extension Value: ExpressibleByIntegerLiteral {
  /// Makes an integer.
  public init(integerLiteral value: Int64) {
    self = .integer(value)
  }
}

extension Value: ExpressibleByFloatLiteral {
  /// Makes a `DOUBLE`.
  public init(floatLiteral value: Double) {
    self = .double(value)
  }
}

extension Value: ExpressibleByBooleanLiteral {
  /// Makes a `BOOLEAN`.
  public init(booleanLiteral value: Bool) {
    self = .boolean(value)
  }
}

extension Value: ExpressibleByNilLiteral {
  /// Makes a `NULL`.
  public init(nilLiteral: ()) {
    self = .null
  }
}
