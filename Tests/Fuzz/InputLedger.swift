import Glibc

/// The file in which a worker writes down each input before it is fed, for the driver to read
/// when the worker has died or stands still.
///
/// Both have the file in memory, so that writing an input down is a copy and no system call: what a
/// process wrote into shared memory stays there when it dies.
struct InputLedger {
  /// Room for the number, for the length, and for the longest input that is kept whole.
  private static let headByteCount = 16
  private static let maximumInputByteCount = 4 << 20
  private static let byteCount = headByteCount + maximumInputByteCount

  /// Where the file is in memory, for the life of the process: threads may share it.
  private let address: UInt

  /// Opens the file.
  init(path: String) {
    let descriptor = unsafe open(path, O_RDWR | O_CREAT, 0o600)
    var status = stat()
    // Another size than that of a whole ledger has only a file that was just made.
    if unsafe fstat(descriptor, &status) == 0, status.st_size != Self.byteCount {
      ftruncate(descriptor, Self.byteCount)
    }
    let address = unsafe mmap(
      nil,
      Self.byteCount,
      PROT_READ | PROT_WRITE,
      MAP_SHARED,
      descriptor,
      0
    )
    close(descriptor)
    guard let address = unsafe address, unsafe address != MAP_FAILED else {
      print("no ledger at \(path)")
      exit(2)
    }
    self.address = UInt(bitPattern: address)
  }

  /// The file's `byteCount` bytes.
  private var memory: UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(
      start: UnsafeMutableRawPointer(bitPattern: address),
      count: Self.byteCount
    )
  }

  /// Writes an input down.
  ///
  /// The number is kept with one added, so that the zeros of a new file stand for none.
  func note(_ number: Int, _ bytes: [UInt8]) {
    let kept = bytes.prefix(Self.maximumInputByteCount)
    unsafe memory.storeBytes(of: kept.count, toByteOffset: 8, as: Int.self)
    unsafe UnsafeMutableRawBufferPointer(rebasing: memory.dropFirst(Self.headByteCount))
      .copyBytes(from: kept)
    unsafe memory.storeBytes(of: number + 1, as: Int.self)
  }

  /// The number of the current input; nil before the first.
  var number: Int? {
    let number = unsafe memory.load(as: Int.self)
    return number > 0 ? number - 1 : nil
  }

  /// The bytes of the current input, or as many of them as are kept.
  var input: [UInt8] {
    let count = unsafe min(
      max(0, memory.load(fromByteOffset: 8, as: Int.self)),
      Self.maximumInputByteCount
    )
    return unsafe Array(memory.dropFirst(Self.headByteCount).prefix(count))
  }
}
