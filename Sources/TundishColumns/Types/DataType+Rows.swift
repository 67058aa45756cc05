/// `row(1, 'x')`, a TUPLE: a struct whose members have numbers for names, `v1`, `v2`, and are marked.
///
/// The mark tells it from a struct whose members somebody named so.
extension [StructField] {
  /// Whether these are the members of `row(...)`.
  package var isRow: Bool {
    !isEmpty && enumerated().allSatisfy { $1.isMarked && $1.name == "v\($0 + 1)" }
  }

  /// The members named as those of `row(...)`.
  package var numbered: [StructField] {
    enumerated().map { StructField(name: "v\($0 + 1)", type: $1.type, isMarked: true) }
  }

  /// The members as those of a struct with names.
  package var named: [StructField] {
    map { StructField(name: $0.name, type: $0.type) }
  }
}

extension DataType {
  /// The type of a row of values of some types.
  package static func row(of types: [DataType]) -> DataType {
    .structure(types.map { StructField(name: "", type: $0) }.numbered)
  }
}
