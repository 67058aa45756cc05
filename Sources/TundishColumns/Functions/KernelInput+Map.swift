/// The combinators that kernels are written with.
///
/// They deal with constant arguments and NULL; `ScalarOverload` has dealt with dictionaries and with
/// calls whose arguments are all constant before a kernel is reached. `map` computes every stored
/// value, also those under NULL, so its closure must be total and cheap; `tryMap` and `build` skip
/// rows where an argument is NULL, and their closures may give nil for NULL, or throw.
extension KernelInput {
  /// Reads an argument by row.
  func argument<Element: KernelValue>(
    _ position: Int,
    of type: Element.Type = Element.self
  ) -> Argument<Element> {
    Argument(arguments[position])
  }

  /// Reads a text argument by row.
  func text(_ position: Int) -> TextArgument {
    TextArgument(arguments[position])
  }

  /// Computes one value from each value of the first argument.
  @inline(__always)
  func map<A: KernelValue, R: KernelValue>(_ body: (A) -> R) -> Column {
    mapArgument(0, body)
  }

  /// Computes one value from each value of one argument, where the others are constant.
  @inline(__always)
  func mapArgument<A: KernelValue, R: KernelValue>(_ position: Int, _ body: (A) -> R) -> Column {
    let argument = arguments[position]
    let stored = A.values(of: argument.data)
    let values = stored.span
    // Into a buffer of known size: 3x over appending (measured for addition).
    let results = [R](capacity: values.count) { results in
      for row in values.indices { results.append(body(values[row])) }
    }
    return column(R.columnData(results), isConstant: argument.isConstant)
  }

  /// Computes one value from the values of two arguments.
  @inline(__always)
  func mapPairs<A: KernelValue, B: KernelValue, R: KernelValue>(_ body: (A, B) -> R) -> Column {
    let left = A.values(of: arguments[0].data)
    let right = B.values(of: arguments[1].data)
    var results: [R] = []
    switch (arguments[0].isConstant, arguments[1].isConstant) {
    case (true, true):
      return column(R.columnData([body(left[0], right[0])]), isConstant: true)
    case (true, false):
      let constant = left[0]
      let right = right.span
      results = [R](capacity: right.count) { results in
        for row in right.indices { results.append(body(constant, right[row])) }
      }
    case (false, true):
      let constant = right[0]
      let left = left.span
      results = [R](capacity: left.count) { results in
        for row in left.indices { results.append(body(left[row], constant)) }
      }
    case (false, false):
      precondition(left.count == right.count, "arguments of a kernel have equally many rows")
      let left = left.span
      let right = right.span
      results = [R](capacity: left.count) { results in
        for row in left.indices { results.append(body(left[row], right[row])) }
      }
    }
    return column(R.columnData(results), isConstant: false)
  }

  /// Computes one value from the values of three arguments.
  func mapTriples<A: KernelValue, B: KernelValue, C: KernelValue, R: KernelValue>(
    _ body: (A, B, C) -> R
  ) -> Column {
    let first = argument(0, of: A.self)
    let second = argument(1, of: B.self)
    let third = argument(2, of: C.self)
    var results: [R] = []
    results.reserveCapacity(rowCount)
    for row in 0..<rowCount { results.append(body(first[row], second[row], third[row])) }
    return column(R.columnData(results), isConstant: false)
  }

  /// Computes one value from each value of the first argument that is not NULL.
  func tryMap<A: KernelValue, R: KernelValue>(
    _ body: (A) throws(ExecutionError) -> R?
  ) throws(ExecutionError) -> Column {
    let first = argument(0, of: A.self)
    return try build { (row) throws(ExecutionError) -> R? in try body(first[row]) }
  }

  /// Computes one value from two arguments, where neither is NULL.
  func tryMapPairs<A: KernelValue, B: KernelValue, R: KernelValue>(
    _ body: (A, B) throws(ExecutionError) -> R?
  ) throws(ExecutionError) -> Column {
    let first = argument(0, of: A.self)
    let second = argument(1, of: B.self)
    return try build { (row) throws(ExecutionError) -> R? in try body(first[row], second[row]) }
  }

  /// Computes one value from three arguments, where none is NULL.
  func tryMapTriples<A: KernelValue, B: KernelValue, C: KernelValue, R: KernelValue>(
    _ body: (A, B, C) throws(ExecutionError) -> R?
  ) throws(ExecutionError) -> Column {
    let first = argument(0, of: A.self)
    let second = argument(1, of: B.self)
    let third = argument(2, of: C.self)
    return try build { (row) throws(ExecutionError) -> R? in
      try body(first[row], second[row], third[row])
    }
  }

  /// Computes one value from each text of the first argument that is not NULL.
  func mapText<R: KernelValue>(
    _ body: (Span<UInt8>) throws(ExecutionError) -> R?
  ) throws(ExecutionError) -> Column {
    let texts = text(0)
    let bytes = texts.bytes.span
    return try build { (row) throws(ExecutionError) -> R? in
      try body(bytes.extracting(texts.range(row)))
    }
  }

  /// Computes a truth from each text of the first argument that is not NULL, given as all bytes and
  /// the text's place among them; the other arguments are constants.
  @inline(__always)
  func testTexts(
    _ holds: (Span<UInt8>, Range<Int>) -> Bool
  ) throws(ExecutionError) -> Column {
    guard case .text(let vector) = arguments[0].data, !arguments[0].isConstant else {
      let texts = text(0)
      let bytes = texts.bytes.span
      return try build { (row) throws(ExecutionError) -> Bool? in holds(bytes, texts.range(row)) }
    }
    let bytes = vector.bytes.span
    let views = vector.views.span
    let isValid = validity ?? []
    var results = [Bool](repeating: false, count: views.count)
    // Filled in place: the optimizer of Swift 6.3 crashes on spans within the closure of
    // `init(capacity:)`.
    for row in views.indices where isValid.isEmpty || isValid[row] {
      results[row] = holds(bytes, views[row].range)
    }
    return column(.boolean(results), isConstant: false)
  }

  /// Tells which texts of the first argument hold a constant text.
  func testTexts(holding needle: [UInt8]) throws(ExecutionError) -> Column {
    if case .text(let vector) = arguments[0].data, !arguments[0].isConstant, !needle.isEmpty {
      var results = [Bool](repeating: false, count: vector.views.count)
      let isSwept = TextSweep.mark(
        holding: needle.span,
        vector.views.span,
        vector.bytes.span,
        into: &results
      )
      if isSwept { return column(.boolean(results), isConstant: false) }
    }
    let needle = needle.span
    return try testTexts { bytes, range in
      bytesFirstIndex(of: needle, in: bytes.extracting(range)) != nil
    }
  }

  /// Writes one text from each text of the first argument that is not NULL; false gives NULL.
  func mapTextToText(
    _ body: (Span<UInt8>, inout TextOutput) throws(ExecutionError) -> Bool
  ) throws(ExecutionError) -> Column {
    let texts = text(0)
    let bytes = texts.bytes.span
    return try buildText { (row, output) throws(ExecutionError) -> Bool in
      try body(bytes.extracting(texts.range(row)), &output)
    }
  }

  /// Computes one value for each row where no argument is NULL (for each row at all in functions
  /// that do not propagate NULL); nil gives NULL.
  func build<R: KernelValue>(
    _ body: (Int) throws(ExecutionError) -> R?
  ) throws(ExecutionError) -> Column {
    var results = [R](repeating: R.filler, count: rowCount)
    var resultValidity: [Bool]?
    for start in stride(from: 0, to: rowCount, by: Self.lookInterval) {
      try Cancellation.check()
      for row in start..<min(start + Self.lookInterval, rowCount) {
        if let validity, !validity[row] { continue }
        if let value = try body(row) {
          results[row] = value
        } else {
          if resultValidity == nil { resultValidity = [Bool](repeating: true, count: rowCount) }
          resultValidity?[row] = false
        }
      }
    }
    return column(R.columnData(results), validity: resultValidity, isConstant: false)
  }

  /// Writes one text for each row where no argument is NULL (for each row at all in functions that
  /// do not propagate NULL); false gives NULL.
  func buildText(
    _ body: (Int, inout TextOutput) throws(ExecutionError) -> Bool
  ) throws(ExecutionError) -> Column {
    var output = TextOutput(rowCapacity: rowCount)
    var resultValidity: [Bool]?
    for start in stride(from: 0, to: rowCount, by: Self.lookInterval) {
      try Cancellation.check()
      for row in start..<min(start + Self.lookInterval, rowCount) {
        if let validity, !validity[row] {
          output.endNullRow()
        } else if try body(row, &output) {
          try output.endRow()
        } else {
          output.endNullRow()
          if resultValidity == nil { resultValidity = [Bool](repeating: true, count: rowCount) }
          resultValidity?[row] = false
        }
      }
    }
    return column(.text(output.finish()), validity: resultValidity, isConstant: false)
  }

  /// The rows between two looks at the flag of cancellation.
  ///
  /// A row may take a tenth of a millisecond; what may take longer looks by itself. Looks stay out
  /// of the inner loop, so that it calls nothing that the optimizer does not see.
  private static var lookInterval: Int { 256 }

  /// Wraps buffers as this call's result; NULLs of arguments are merged afterwards.
  func column(
    _ data: ColumnData,
    validity: [Bool]? = nil,
    isConstant: Bool = false
  ) -> Column {
    Column(
      type: resultType,
      data: data,
      validity: validity,
      count: rowCount,
      isConstant: isConstant
    )
  }
}
