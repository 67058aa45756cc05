/// The operations with a symbol between two numbers.
enum ArithmeticOperation: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case power = "^"
  case shiftLeft = "<<"

  /// What messages call it.
  var noun: String {
    switch self {
    case .add: "addition"
    case .subtract: "subtraction"
    case .multiply: "multiplication"
    case .divide: "division"
    case .power: "exponentiation"
    case .shiftLeft: "left shift"
    }
  }
}
