/// The instructions per value that the benchmarks may take on one thread, as `instructions.sh` counts
/// them: what was measured, and about an eighth more.
enum InstructionBudgets {
  static let byName: [String: Double] = [:]
}
