/// What every scalar kernel needs done around it, done once.
///
/// In this order: a batch without rows gives no rows; a constant NULL argument of a function that
/// propagates NULL gives NULL; a call whose arguments are all constant is computed for one row; a
/// call with one dictionary-coded argument among constants is computed once per distinct value
/// (kept with the dictionary, so that later batches only look up); validity is merged.
struct KernelFrame: Sendable {
  let propagatesNull: Bool
  let isDeterministic: Bool
  /// Identifies the overload in dictionaries' caches.
  let identity: KernelIdentity
  let kernel: ScalarKernel

  /// Computes the result of one batch.
  func run(_ input: KernelInput) throws(ExecutionError) -> Column {
    if input.rowCount == 0 {
      return AnyColumnBuilder(type: input.resultType).finish()
    }
    if propagatesNull, input.arguments.contains(where: \.isConstantNull) {
      return .nulls(type: input.resultType, count: input.rowCount)
    }
    if isDeterministic {
      if !input.arguments.isEmpty, input.arguments.allSatisfy(\.isConstant) {
        return try runOnce(input)
      }
      if let column = try runPerDistinctValue(input) { return column }
    }
    return try runFlat(input)
  }

  private func runFlat(_ input: KernelInput) throws(ExecutionError) -> Column {
    guard propagatesNull else { return try kernel(input) }
    let validity = Self.mergedValidity(of: input.arguments, rowCount: input.rowCount)
    let result = try kernel(input.replacing(validity: validity))
    return validity.map { result.masked(by: $0) } ?? result
  }

  /// Computes one row and lets it stand for all.
  private func runOnce(_ input: KernelInput) throws(ExecutionError) -> Column {
    let arguments = input.arguments.map { $0.repeated(1) }
    let result = try runFlat(input.replacing(arguments: arguments, rowCount: 1))
    return Column(
      type: result.type,
      data: result.data,
      validity: result.validity,
      count: input.rowCount,
      isConstant: true
    )
  }

  /// Computes once per distinct value of the one dictionary-coded argument; nil where that does
  /// not apply or does not pay, and where it fails for a value that may not even occur here.
  private func runPerDistinctValue(_ input: KernelInput) throws(ExecutionError) -> Column? {
    guard let position = input.arguments.firstIndex(where: { !$0.isConstant }) else { return nil }
    let argument = input.arguments[position]
    guard case .dictionary(let codes, let dictionary) = argument.data,
      input.arguments.indices.allSatisfy({ $0 == position || input.arguments[$0].isConstant })
    else { return nil }
    // Once per distinct value and batch pays only for few values; once for good, sooner.
    let key = input.cacheKey(identity)
    guard dictionary.count <= (key == nil ? input.rowCount : 16 * input.rowCount) else {
      return nil
    }
    let mapped: Column?
    if let key {
      mapped = try? dictionary.cached(key) { () throws(ExecutionError) -> Column in
        try mappedValues(of: dictionary, at: position, input: input)
      }
    } else {
      mapped = try? mappedValues(of: dictionary, at: position, input: input)
    }
    // The value after the distinct ones is the result for NULL.
    let slotOfNull = Int32(dictionary.count)
    guard let validity = argument.validity else { return mapped?.gathered(codes) }
    return mapped?.gathered(codes.indices.map { validity[$0] ? codes[$0] : slotOfNull })
  }

  private func mappedValues(
    of dictionary: TextDictionary,
    at position: Int,
    input: KernelInput
  ) throws(ExecutionError) -> Column {
    let count = dictionary.count + 1
    var values = dictionary.values
    values.views.append(TextView(start: 0, length: 0))
    var validity = [Bool](repeating: true, count: count)
    validity[dictionary.count] = false
    let lifted = Column.text(values, type: input.arguments[position].type, validity: validity)
    let arguments = input.arguments.enumerated().map { i, argument in
      i == position ? lifted : argument.repeated(count)
    }
    return try runFlat(input.replacing(arguments: arguments, rowCount: count)).dictionaryCoded()
  }

  /// True where no argument is NULL; nil where that is every row.
  static func mergedValidity(of arguments: [Column], rowCount: Int) -> [Bool]? {
    var merged: [Bool]?
    for argument in arguments {
      guard let validity = argument.validity else { continue }
      if argument.isConstant {
        if !validity[0] { return [Bool](repeating: false, count: rowCount) }
      } else if let sofar = merged {
        merged = zip(sofar, validity).map { $0 && $1 }
      } else {
        merged = validity
      }
    }
    return merged
  }
}

/// Gives each overload an identity of its own.
final class KernelIdentity: Sendable {
  /// A text that no other living identity has.
  var key: String { String(UInt(bitPattern: ObjectIdentifier(self).hashValue), radix: 36) }
}
