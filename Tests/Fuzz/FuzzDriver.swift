import Glibc

/// Starts workers, sees them die or stand still, prints the input, and goes on behind it.
struct FuzzDriver {
  private enum Ending {
    case finished(noted: Bool)
    case crashed(String)
    case hung
  }

  private let options: FuzzOptions
  private let path: String
  private let start = ContinuousClock.now

  init(_ options: FuzzOptions) {
    self.options = options
    path = "/tmp/tundish-fuzz-\(getpid())"
  }

  /// Runs the campaign and returns whether nothing was found.
  func run() -> Bool {
    defer { unsafe unlink(path) }
    let ledger = InputLedger(path: path)
    var first = options.first
    var findings = 0
    campaign: while !isOver(first) {
      ledger.note(first, [])
      let worker = startWorker(first: first)
      let ending = wait(for: worker, ledger)
      let number = ledger.number ?? first
      switch ending {
      case .finished(let noted):
        findings += noted ? 1 : 0
        first = number
        break campaign
      case .crashed(let how):
        report(how, number, ledger.input)
      case .hung:
        report("HANG", number, ledger.input)
      }
      findings += 1
      first = number + 1
    }
    let seconds = (ContinuousClock.now - start).components.seconds
    print(
      "\(options.mode.rawValue): seed \(options.seed), \(first - options.first) inputs, "
        + "\(seconds) s, \(findings) findings"
    )
    return findings == 0
  }

  private func isOver(_ number: Int) -> Bool {
    if options.count > 0 && number >= options.first + options.count { return true }
    return options.seconds > 0 && remainingSeconds <= 0
  }

  private var remainingSeconds: Int {
    options.seconds - Int((ContinuousClock.now - start).components.seconds)
  }

  private func report(_ how: String, _ number: Int, _ input: [UInt8]) {
    print("\(how) at --seed \(options.seed) --first \(number) --count 1, \(input.count) bytes:")
    print(String(decoding: input.prefix(2_000), as: UTF8.self))
    fflush(nil)
  }

  /// Whether an input has used too much processor time, or waits for nothing.
  private func isHanging(_ worker: pid_t, _ used: Int, _ changed: ContinuousClock.Instant) -> Bool {
    let waited = ContinuousClock.now - changed
    if waited < .seconds(options.hangSeconds) { return false }
    return ProcessTime.seconds(of: worker) - used > options.hangSeconds
      || waited > .seconds(options.hangSeconds * 20)
  }

  private func startWorker(first: Int) -> pid_t {
    let arguments =
      [CommandLine.arguments[0]]
      + options.workerArguments(
        first: first,
        count: options.count > 0 ? options.first + options.count - first : 0,
        seconds: options.seconds > 0 ? max(1, remainingSeconds) : 0,
        ledger: path
      )
    var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { for i in 0..<arguments.count { unsafe free(pointers[i]) } }
    var process = pid_t()
    Self.makeSanitizerFast()
    let code = unsafe posix_spawn(&process, "/proc/self/exe", nil, nil, &pointers, environ)
    if code != 0 {
      print("no worker: error \(code)")
      exit(2)
    }
    return process
  }

  /// Says how a worker built with the address sanitizer uses it, where the user has not said it.
  ///
  /// An input makes hundreds of allocations and is done in a fraction of a millisecond: their call
  /// stacks, thirty deep, cost more than the reading, and memory that is held back for 256 MB of
  /// later allocations leaves all caches. Sixteen hold back that of more than a thousand inputs.
  private static func makeSanitizerFast() {
    _ = unsafe setenv("ASAN_OPTIONS", "malloc_context_size=2:quarantine_size_mb=16", 0)
  }

  private func wait(for worker: pid_t, _ ledger: InputLedger) -> Ending {
    var last = -1
    var used = 0
    var changed = ContinuousClock.now
    while true {
      var status: Int32 = 0
      if unsafe waitpid(worker, &status, WNOHANG) == worker {
        let signal = status & 0x7f
        let code = (status >> 8) & 0xff
        if signal != 0 { return .crashed("CRASH (signal \(signal))") }
        if code != 0 && code != FuzzWorker.notedCode { return .crashed("CRASH (exit \(code))") }
        return .finished(noted: code == FuzzWorker.notedCode)
      }
      let number = ledger.number ?? -1
      if number != last {
        last = number
        used = ProcessTime.seconds(of: worker)
        changed = ContinuousClock.now
      } else if isHanging(worker, used, changed) {
        kill(worker, SIGKILL)
        unsafe waitpid(worker, &status, 0)
        return .hung
      }
      _ = usleep(20_000)
    }
  }
}
