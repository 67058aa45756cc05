import Glibc

/// What is known of the terminal.
package enum Terminal {
  /// The number of columns; 80 where it cannot be told.
  static var width: Int {
    var size = winsize()
    if unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    return environment("COLUMNS").flatMap { Int($0) } ?? 80
  }

  /// Whether a person types.
  package static var isInteractive: Bool {
    isatty(0) == 1
  }

  /// The value of an environment variable.
  static func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  /// The home folder.
  static var home: String? { environment("HOME") }
}
