internal import TundishColumns

/// Names of columns that can stand side by side.
enum ColumnNames {
  /// Returns the name of a column without one, such as `column03`: as DuckDB names it, with as many
  /// digits as the last column needs, so that the names sort as the columns stand.
  static func positional(_ column: Int, of count: Int) -> String {
    let digits = String(column)
    let width = String(max(0, count - 1)).utf8.count
    return "column" + String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  /// Returns a name in lower case with `_` for everything but letters and digits.
  static func normalized(_ name: String) -> String {
    var result = ""
    for character in name.lowercased() {
      let isWord = character.isLetter || character.isNumber
      if isWord {
        result.append(character)
      } else if !result.isEmpty, result.last != "_" {
        result.append("_")
      }
    }
    while result.last == "_" { result.removeLast() }
    if result.isEmpty { return "_" }
    return result.first?.isNumber == true ? "_" + result : result
  }

  /// Returns the names with `_1`, `_2` and so on behind those that occurred before.
  ///
  /// Names are compared as identifiers are.
  static func distinct(_ names: [String]) -> [String] {
    var taken: Set<String> = []
    var next: [String: Int] = [:]
    let written = Set(names.map { foldedKey($0) })
    return names.map { name in
      let key = foldedKey(name)
      if taken.insert(key).inserted { return name }
      var suffix = next[key] ?? 1
      // A suffixed name may itself be in the file.
      while written.contains("\(key)_\(suffix)") || taken.contains("\(key)_\(suffix)") {
        suffix += 1
      }
      next[key] = suffix + 1
      taken.insert("\(key)_\(suffix)")
      return "\(name)_\(suffix)"
    }
  }
}
