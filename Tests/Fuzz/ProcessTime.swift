import Glibc
import TundishTestSupport

/// The processor time of processes: on a busy machine the clock on the wall tells nothing.
enum ProcessTime {
  /// The seconds that a process has used, user and system.
  static func seconds(of process: pid_t) -> Int {
    // Fields 14 and 15, counted behind the name, which ends in the last ')'.
    let text = TestPaths.text(of: "/proc/\(process)/stat") ?? ""
    let fields = (text.split(separator: ")").last ?? "").split(separator: " ")
    guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
      return 0
    }
    return (user + system) / 100
  }

  /// The milliseconds that this process has used.
  static var milliseconds: Int { Int(clock()) / 1_000 }
}
