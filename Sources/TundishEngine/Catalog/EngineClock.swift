internal import Glibc

/// The clock of the machine.
package enum EngineClock {
  /// Microseconds since 1970-01-01 UTC.
  @Sendable
  package static func nowMicroseconds() -> Int64 {
    let now = EngineClock.sinceEpoch()
    return now.seconds &* 1_000_000 &+ now.attoseconds / 1_000_000_000_000
  }

  private static func sinceEpoch() -> (seconds: Int64, attoseconds: Int64) {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return (Int64(time.tv_sec), Int64(time.tv_nsec) * 1_000_000_000)
  }
}
