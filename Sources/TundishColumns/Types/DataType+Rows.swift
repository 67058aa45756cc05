extension [StructField] {
  /// Whether these are the members of `row(...)`.
  package var isRow: Bool {
    enumerated().allSatisfy { $1.name == "v\($0 + 1)" }
  }

  /// The members named as those of `row(...)`.
  package var numbered: [StructField] {
    enumerated().map { StructField(name: "v\($0 + 1)", type: $1.type) }
  }
}
