/// The command line.
struct Arguments {
  enum Mode {
    case time, list, check, once, budgets
  }

  var mode = Mode.time
  var valueCount: Int?
  var threadCount = 1
  var runCount: Int?
  var names: [String] = []

  /// Reads arguments; nil where they make no sense.
  init?(_ arguments: [String]) {
    var rest = arguments[...]
    func number() -> Int? {
      guard let number = rest.popFirst().flatMap({ Int($0) }), number > 0 else { return nil }
      return number
    }
    while let argument = rest.popFirst() {
      switch argument {
      case "--list": mode = .list
      case "--check": mode = .check
      case "--once": mode = .once
      case "--budgets": mode = .budgets
      case "--values":
        guard let number = number() else { return nil }
        valueCount = number
      case "--threads":
        guard let number = number() else { return nil }
        threadCount = number
      case "--runs":
        guard let number = number() else { return nil }
        runCount = number
      default:
        guard !argument.hasPrefix("-") else { return nil }
        names.append(argument)
      }
    }
  }
}
