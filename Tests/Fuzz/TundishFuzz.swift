import Glibc

/// No text and no file crashes, hangs or overflows the stack: a seeded mutator over the goldens.
///
/// The driver starts this program a second time as the worker that feeds inputs, since a crash ends
/// the process that it happens in.
@main
enum TundishFuzz {
  static func main() {
    guard let options = FuzzOptions(Array(CommandLine.arguments.dropFirst())) else {
      print(FuzzOptions.usage)
      exit(2)
    }
    if let ledger = options.ledger { FuzzWorker(options, ledger: ledger).run() }
    exit(FuzzDriver(options).run() ? 0 : 1)
  }
}
