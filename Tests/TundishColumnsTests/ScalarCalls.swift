import Testing

@testable import TundishColumns

/// Calls scalar functions by name, in every representation that their arguments may have.
struct ScalarCall {
  let name: String
  let arguments: [Value]

  init(_ name: String, _ arguments: Literal...) {
    self.init(name: name, arguments: arguments)
  }

  init(name: String, arguments: [Literal]) {
    self.name = name
    self.arguments = arguments.map(\.value)
  }

  /// Expects a result, which must be the same for all representations of the arguments.
  static func check(
    _ name: String,
    _ arguments: [Literal],
    gives expected: Literal,
    _ location: SourceLocation
  ) throws {
    let result = try ScalarCall(name: name, arguments: arguments).result(location)
    #expect(result == expected.value, "\(name)(\(arguments))", sourceLocation: location)
  }

  /// The type that a literal value would have.
  static func type(of value: Value) -> DataType {
    switch value {
    case .null: .null
    case .boolean: .boolean
    case .integer(let value): Int32(exactly: value) == nil ? .bigint : .integer
    case .hugeint: .hugeint
    case .decimal(_, let scale): .decimal(precision: 18, scale: scale)
    case .double: .double
    case .text: .varchar
    case .blob: .blob
    case .date: .date
    case .time: .time
    case .timestamp: .timestamp
    case .timestampTZ: .timestampTZ
    case .interval: .interval
    case .list(let elements):
      .list(
        elements.lazy.map { type(of: $0) }.first { $0 != .null } ?? .null
      )
    case .map(let entries):
      .map(
        entries.first.map { type(of: $0.key) } ?? .null,
        to: entries.first.map { type(of: $0.value) } ?? .null
      )
    case .structure(let members):
      .structure(members.map { StructField(name: $0.name, type: type(of: $0.value)) })
    }
  }

  /// Returns the result, which must be the same for constant, flat and dictionary-coded arguments.
  func result(_ location: SourceLocation = #_sourceLocation) throws -> Value {
    let types = arguments.map { Self.type(of: $0) }
    let resolved = try FunctionRegistry.standard.resolveScalar(name: name, argumentTypes: types)
      .get()
    let context = FunctionContext(nowMicroseconds: 0)
    func run(_ makeColumns: (Value, DataType) -> Column, rowCount: Int) throws -> Column {
      var columns: [Column] = []
      for (argument, (type, target)) in zip(arguments, zip(types, resolved.argumentTypes)) {
        columns.append(try Cast.convert(makeColumns(argument, type), to: target, context: context))
      }
      let column = try resolved.overload.kernel(
        KernelInput(
          arguments: columns,
          rowCount: rowCount,
          resultType: resolved.resultType,
          context: context
        )
      )
      #expect(column.count == rowCount, "\(name)", sourceLocation: location)
      #expect(column.type == resolved.resultType, "\(name)", sourceLocation: location)
      return column
    }
    let constant = try run({ .constant($0, type: $1, count: 2) }, rowCount: 2).value(at: 1)
    let flat = try run(
      { value, type in .values([value, .null, value], type: type) },
      rowCount: 3
    )
    let coded = try run(
      { value, type in
        guard case .text(let text) = value else {
          return .constant(value, type: type, count: 3)
        }
        let dictionary = TextDictionary(distinct: TextVector(["unused", text]))
        return .codes([1, 0, 1], dictionary, validity: [true, false, true])
      },
      rowCount: 3
    )
    guard resolved.overload.isDeterministic else { return constant }
    #expect(flat.value(at: 0) == constant, "flat \(name)", sourceLocation: location)
    #expect(flat.value(at: 2) == constant, "flat \(name)", sourceLocation: location)
    #expect(coded.value(at: 2) == constant, "coded \(name)", sourceLocation: location)
    if resolved.overload.propagatesNull, !arguments.isEmpty {
      #expect(flat.value(at: 1) == .null, "NULL in \(name)", sourceLocation: location)
    }
    return constant
  }
}

/// A value written as a Swift literal.
struct Literal: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
  let value: Value

  init(_ value: Value) { self.value = value }
  init(stringLiteral value: String) { self.value = .text(value) }
  init(integerLiteral value: Int64) { self.value = .integer(value) }
  init(floatLiteral value: Double) { self.value = .double(value) }
  init(booleanLiteral value: Bool) { self.value = .boolean(value) }
  init(arrayLiteral elements: Literal...) { self.value = .list(elements.map(\.value)) }

  static let null = Literal(.null)
  static func text(_ value: String) -> Literal { Literal(.text(value)) }
  static func integer(_ value: Int64) -> Literal { Literal(.integer(value)) }
  static func boolean(_ value: Bool) -> Literal { Literal(.boolean(value)) }
  static func hugeint(_ value: Int128) -> Literal { Literal(.hugeint(value)) }
  static func blob(_ value: [UInt8]) -> Literal { Literal(.blob(value)) }
  static func date(_ value: Int32) -> Literal { Literal(.date(value)) }
  static func timestamp(_ value: Int64) -> Literal { Literal(.timestamp(value)) }
  static func interval(_ value: Interval) -> Literal { Literal(.interval(value)) }
  static func decimal(_ unscaled: Int128, _ scale: Int) -> Literal {
    Literal(.decimal(unscaled: unscaled, scale: scale))
  }
}
