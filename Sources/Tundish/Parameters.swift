public import TundishColumns
import TundishSyntax

/// The values of a statement's parameters: by name for `$region`, by position for `?` and `$1`.
public struct Parameters: Sendable, Hashable {
  /// Values by name, without `$`.
  public var named: [String: Value]
  /// Values by position, the first for `$1`.
  public var positional: [Value]

  /// No values.
  public static let none = Parameters(named: [:], positional: [])

  /// Creates parameters.
  public init(named: [String: Value] = [:], positional: [Value] = []) {
    self.named = named
    self.positional = positional
  }

  /// The values as the engine looks them up.
  var values: [Parameter: Value] {
    var values: [Parameter: Value] = [:]
    for (name, value) in named { values[.named(foldedKey(name))] = value }
    for (index, value) in positional.enumerated() { values[.positional(index + 1)] = value }
    return values
  }
}

extension Parameters: ExpressibleByDictionaryLiteral {
  /// `["region": "East"]`; of two values for one name the later counts.
  public init(dictionaryLiteral elements: (String, Value)...) {
    self.init(named: Dictionary(elements) { $1 })
  }
}

extension Parameters: ExpressibleByArrayLiteral {
  /// Makes positional parameters: `["East", 2026]`.
  public init(arrayLiteral elements: Value...) {
    self.init(positional: elements)
  }
}
