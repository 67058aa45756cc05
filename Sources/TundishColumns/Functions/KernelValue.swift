/// A Swift type that a physical type's buffers hold; lets one combinator serve all of them.
package protocol KernelValue: ColumnElement {
  /// The buffer of a column of this physical type.
  static func values(of data: ColumnData) -> [Self]
}

extension Int64: KernelValue {
  package static func values(of data: ColumnData) -> [Int64] {
    guard case .int64(let values) = data else {
      preconditionFailure("the binder casts arguments to the parameter's type: 64-bit integer")
    }
    return values
  }
}

extension Int128: KernelValue {
  package static func values(of data: ColumnData) -> [Int128] {
    guard case .int128(let values) = data else {
      preconditionFailure("the binder casts arguments to the parameter's type: 128-bit integer")
    }
    return values
  }
}

extension Double: KernelValue {
  package static func values(of data: ColumnData) -> [Double] {
    guard case .float64(let values) = data else {
      preconditionFailure("the binder casts arguments to the parameter's type: DOUBLE")
    }
    return values
  }
}

extension Bool: KernelValue {
  package static func values(of data: ColumnData) -> [Bool] {
    guard case .boolean(let values) = data else {
      preconditionFailure("the binder casts arguments to the parameter's type: BOOLEAN")
    }
    return values
  }
}

extension Interval: KernelValue {
  package static func values(of data: ColumnData) -> [Interval] {
    guard case .interval(let values) = data else {
      preconditionFailure("the binder casts arguments to the parameter's type: INTERVAL")
    }
    return values
  }
}
