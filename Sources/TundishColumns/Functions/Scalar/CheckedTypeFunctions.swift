/// What a cast to a type without storage of its own checks: `(-1)::UTINYINT`, `'1'::UUID`.
///
/// The values are those of the type that stores them: an unsigned integer is the next wider signed
/// one, a UUID and JSON are text, a TIMESTAMP_S is a TIMESTAMP of whole seconds.
enum CheckedTypeFunctions {
  static let all: [ScalarFunction] = [
    make(
      "checked",
      isTry: false,
      summary: "Returns a value that a type without storage of its own holds, and fails for others:"
        + " UTINYINT, USMALLINT, UINTEGER, UBIGINT, UHUGEINT, UUID, JSON; rounds to TIMESTAMP_S and"
        + " TIMESTAMP_MS.",
      examples: [
        FunctionExample("checked(255, 'UTINYINT')", "255"),
        FunctionExample(
          "checked('{A0EEBC999C0B4EF8BB6D6BB9BD380A11}', 'UUID')",
          "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
        ),
      ]
    ),
    make(
      "try_checked",
      isTry: true,
      summary: "Returns a value that a type without storage of its own holds, and NULL for others.",
      examples: [
        FunctionExample("try_checked(256, 'UTINYINT')", "NULL"),
        FunctionExample("try_checked('1', 'UUID')", "NULL"),
      ]
    ),
  ]

  private static func make(
    _ name: String,
    isTry: Bool,
    summary: String,
    examples: [FunctionExample]
  ) -> ScalarFunction {
    ScalarFunction(
      name,
      summary: summary,
      examples: examples,
      overloads: [
        ScalarOverload(
          [.integer, .exact(.varchar)],
          result: { $0[0] },
          kernel: { (input) throws(ExecutionError) -> Column in
            let names = input.text(1)
            return try input.checking(isTry) { (row, value: Int64) throws(ExecutionError) in
              try check(Int128(value), names.string(row))
            }
          }
        ),
        .fixed([.hugeint, .varchar], .hugeint) { (input) throws(ExecutionError) -> Column in
          let names = input.text(1)
          return try input.checking(isTry) { (row, value: Int128) throws(ExecutionError) in
            try check(value, names.string(row))
          }
        },
        .fixed([.timestamp, .varchar], .timestamp) { (input) throws(ExecutionError) -> Column in
          try instants(input)
        },
        .exact([.varchar, .varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
          try texts(input, isTry: isTry)
        },
      ]
    )
  }

  /// How many bits the values of an unsigned type have.
  private static let widths: [String: Int128] = [
    "UTINYINT": 8, "USMALLINT": 16, "UINTEGER": 32, "UBIGINT": 64, "UHUGEINT": 127,
  ]

  private static func check(_ value: Int128, _ name: String) throws(ExecutionError) {
    guard let bits = widths[name] else {
      throw ExecutionError(.invalidArgument, "'\(name)' is no unsigned type")
    }
    if value < 0 || bits < 127 && value >> bits != 0 {
      throw ExecutionError(.overflow, "the value \(value) does not fit \(name)")
    }
  }

  /// Timestamps rounded to whole seconds or milliseconds, half away from 1970.
  private static func instants(_ input: KernelInput) throws(ExecutionError) -> Column {
    let values = input.argument(0, of: Int64.self)
    let names = input.text(1)
    return try input.build { (row) throws(ExecutionError) -> Int64? in
      let value = values[row]
      guard Calendar.isValid(microseconds: value) else { return value }  // infinite
      let unit: Int64
      switch names.string(row) {
      case "TIMESTAMP_S": unit = 1_000_000
      case "TIMESTAMP_MS": unit = 1_000
      default:
        throw ExecutionError(.invalidArgument, "'\(names.string(row))' is no type of timestamps")
      }
      let rest = value % unit
      let whole = value - rest
      if rest.magnitude * 2 < unit.magnitude { return whole }
      return rest < 0 ? whole - unit : whole + unit
    }
  }

  private static func texts(_ input: KernelInput, isTry: Bool) throws(ExecutionError) -> Column {
    let values = input.text(0)
    let names = input.text(1)
    let json = JSONText(bytes: values.bytes)
    return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
      let range = values.range(row)
      switch names.string(row) {
      case "UUID":
        guard let bits = try? IdentifierFunctions.bits(of: values.bytes.span.extracting(range))
        else {
          if isTry { return false }
          throw ExecutionError(
            .invalidCast,
            "could not convert '\(values.string(row).prefix(60))' to UUID"
          )
        }
        IdentifierFunctions.append(bits, to: &output)
      case "JSON":
        if isTry, json.value(in: range) == nil { return false }
        _ = try json.checkedValue(in: range)
        output.append(contentsOf: values.bytes[range])
      default:
        throw ExecutionError(.invalidArgument, "'\(names.string(row))' is neither UUID nor JSON")
      }
      return true
    }
  }
}

extension KernelInput {
  /// The first argument where it passes a check; where it does not, a failure or NULL.
  func checking<Value: KernelValue>(
    _ isTry: Bool,
    _ check: (Int, Value) throws(ExecutionError) -> Void
  ) throws(ExecutionError) -> Column {
    let values = argument(0, of: Value.self)
    return try build { (row) throws(ExecutionError) -> Value? in
      do throws(ExecutionError) {
        try check(row, values[row])
        return values[row]
      } catch {
        if isTry, error.kind == .overflow { return nil }
        throw error
      }
    }
  }
}
