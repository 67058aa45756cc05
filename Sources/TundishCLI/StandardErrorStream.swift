import Tundish
import TundishREPL

/// Errors of the program itself.
enum StandardErrorStream {
  /// Prints a line on standard error.
  static func print(_ line: String) {
    Shell.printError(line)
  }
}
