import Glibc

/// The machine's processors.
enum Processors {
  /// The number that this process may use; at least 1.
  static let count = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
}
