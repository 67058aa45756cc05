import Glibc

extension Database {
  /// The most bytes of memory that the process has held; nil where the system does not tell.
  package static var peakMemoryByteCount: Int? {
    var usage = rusage()
    // `usage` is a whole structure that the call fills.
    guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return nil }
    return usage.ru_maxrss * 1_024
  }
}
