import Glibc

/// What a campaign is asked to do.
struct FuzzOptions {
  /// What inputs are fed to.
  var mode = FuzzMode.syntax
  /// The seed.
  var seed: UInt64 = 1
  /// The number of the first input.
  var first = 0
  /// How many inputs; 0 for no limit.
  var count = 0
  /// How long, in seconds; 0 for no limit.
  var seconds = 0
  /// How long one input may take, in seconds.
  var hangSeconds = 15
  /// The time after which an input counts as slow, in milliseconds.
  var slowMilliseconds = 3_000
  /// How much stack the worker has, in KiB.
  var stackKilobytes = 8_192
  /// Where a worker writes its inputs down; set in workers only.
  var ledger: String?
  /// Whether each input is printed before it is fed.
  var isVerbose = false

  /// How the options are written.
  static let usage = """
    TundishFuzz <syntax|bind|run|csv|json> [--seed N] [--first N] [--count N] [--seconds N]
                [--hang SECONDS] [--slow MILLISECONDS] [--stack KIB] [--verbose]
    Feeds mutated goldens and fixtures to the engine in a process of its own. A finding is printed
    with the number of its input: --seed S --first N --count 1 feeds that input again.
    """

  /// Reads a command line; nil if it cannot be read.
  init?(_ arguments: [String]) {
    guard let mode = arguments.first.flatMap(FuzzMode.init(rawValue:)) else { return nil }
    self.mode = mode
    var rest = arguments.dropFirst()
    while let name = rest.popFirst() {
      if name == "--verbose" {
        isVerbose = true
        continue
      }
      guard let value = rest.popFirst() else { return nil }
      if name == "--ledger" {
        ledger = value
        continue
      }
      guard let number = Int(value), number >= 0 else { return nil }
      switch name {
      case "--seed": seed = UInt64(number)
      case "--first": first = number
      case "--count": count = number
      case "--seconds": seconds = number
      case "--hang": hangSeconds = max(1, number)
      case "--slow": slowMilliseconds = max(1, number)
      case "--stack": stackKilobytes = max(64, number)
      default: return nil
      }
    }
    if count == 0 && seconds == 0 { count = 10_000 }
  }

  /// The command line of a worker that starts at an input.
  func workerArguments(first: Int, count: Int, seconds: Int, ledger: String) -> [String] {
    [
      mode.rawValue, "--seed", "\(seed)", "--first", "\(first)", "--count", "\(count)",
      "--seconds", "\(seconds)", "--slow", "\(slowMilliseconds)",
      "--stack", "\(stackKilobytes)", "--ledger", ledger,
    ] + (isVerbose ? ["--verbose"] : [])
  }
}
