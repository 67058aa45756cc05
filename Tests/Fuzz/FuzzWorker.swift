import Glibc
import TundishTestSupport

/// Makes inputs and feeds them, until they are used up, time is over, or the process dies.
struct FuzzWorker {
  /// How many inputs in a row start from one golden file.
  static let blockLength = 256
  /// The exit code of a worker that noted something.
  static let notedCode: Int32 = 3

  private let options: FuzzOptions
  private let ledger: InputLedger
  private let start = ContinuousClock.now

  init(_ options: FuzzOptions, ledger: String) {
    self.options = options
    self.ledger = InputLedger(path: ledger)
  }

  /// Feeds all inputs and ends the process.
  func run() -> Never {
    let options = options
    FuzzThread.start(stackBytes: options.stackKilobytes * 1024) { [self] in
      let noted = options.mode.readsStatements ? feedStatements() : feedFiles()
      exit(noted ? Self.notedCode : 0)
    }
    while true { _ = pause() }
  }

  private func isOver(_ number: Int) -> Bool {
    if options.count > 0 && number >= options.first + options.count { return true }
    return options.seconds > 0 && ContinuousClock.now - start > .seconds(options.seconds)
  }

  private func feedFiles() -> Bool {
    let target = FileTarget(mode: options.mode)
    guard !target.isEmpty else {
      print("no fixtures below \(TestPaths.tests)")
      return true
    }
    var hasNotes = false
    var number = options.first
    while !isOver(number) {
      var random = FuzzRandom(seed: options.seed, input: number)
      let bytes = target.input(&random)
      ledger.note(number, bytes)
      target.feed(bytes, &random)
      if report(number, bytes) { hasNotes = true }
      number += 1
    }
    ledger.note(number, [])
    return hasNotes
  }

  private func feedStatements() -> Bool {
    let corpus = FuzzCorpus()
    let mutator = TextMutator(donors: corpus.allTexts)
    let watch = TimeWatch()
    var hasNotes = false
    var number = options.first
    guard !corpus.files.isEmpty else {
      print("no goldens below \(TestPaths.tests)")
      return true
    }
    while !isOver(number) {
      let block = number / Self.blockLength
      var chooser = FuzzRandom(seed: options.seed &+ 7, input: block)
      let file = corpus.files[chooser.below(corpus.files.count)]
      guard let target = try? StatementTarget(mode: options.mode, file: file) else {
        print("no state for \(file.path)")
        return true
      }
      while number / Self.blockLength == block, !isOver(number) {
        var random = FuzzRandom(seed: options.seed, input: number)
        let bytes = mutator.mutated(random.element(of: file.texts) ?? [], &random)
        ledger.note(number, bytes)
        let began = ProcessTime.milliseconds
        if options.isVerbose {
          print("\(number) \(file.path)\n" + String(decoding: bytes, as: UTF8.self))
        }
        target.feed(String(decoding: bytes, as: UTF8.self), watch: watch)
        let time = ProcessTime.milliseconds - began
        if time > options.slowMilliseconds { FuzzReport.add("slow: \(time) ms") }
        if report(number, bytes) { hasNotes = true }
        number += 1
      }
    }
    ledger.note(number, [])
    return hasNotes
  }

  private func report(_ number: Int, _ bytes: [UInt8]) -> Bool {
    let notes = FuzzReport.take()
    for note in Set(notes) {
      print(
        "NOTE input \(number): \(note)\n" + String(decoding: bytes.prefix(2_000), as: UTF8.self)
      )
    }
    if !notes.isEmpty || options.isVerbose { fflush(nil) }
    return !notes.isEmpty
  }
}
