import Glibc

/// The file in which a worker writes down each input before it is fed, for the driver to read
/// when the worker has died or stands still.
struct InputLedger {
  private let descriptor: Int32

  /// Opens the file.
  init(path: String) {
    descriptor = unsafe open(path, O_RDWR | O_CREAT, 0o600)
  }

  /// Writes an input down.
  func note(_ number: Int, _ bytes: [UInt8]) {
    let digits = Array(String(number).utf8)
    let head = [UInt8](repeating: 48, count: max(0, 20 - digits.count)) + digits
    let content = head + bytes
    _ = unsafe content.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    ftruncate(descriptor, content.count)
  }

  /// The number of the current input; nil before the first.
  var number: Int? {
    Int(String(decoding: read(20), as: UTF8.self))
  }

  /// The bytes of the current input.
  var input: [UInt8] { Array(read(1 << 24).dropFirst(20)) }

  private func read(_ limit: Int) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: limit)
    let count = unsafe buffer.withUnsafeMutableBytes {
      unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
    }
    return Array(buffer.prefix(max(0, count)))
  }
}
