import Glibc
import Synchronization
import TundishColumns
import TundishEngine

/// Makes the temporary files of queries.
struct TemporaryFiles: SpillStore {
  /// The directory that the environment names, else `/tmp`.
  static var defaultDirectory: String {
    guard let value = unsafe getenv("TMPDIR") else { return "/tmp" }
    let directory = unsafe String(cString: value)
    return directory.isEmpty ? "/tmp" : directory
  }

  func makeFile(inDirectory directory: String) throws(ExecutionError) -> any SpillFile {
    var template = Array("\(directory)/tundish-XXXXXX".utf8CString)
    let descriptor = unsafe template.withUnsafeMutableBufferPointer { buffer -> Int32 in
      guard let path = buffer.baseAddress else { return -1 }
      // The template is a writable string that ends with six X and a zero.
      let descriptor = unsafe mkstemp(path)
      if descriptor >= 0 {
        // Without a name, the file goes with its descriptor, however the process ends.
        _ = unsafe unlink(path)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      }
      return descriptor
    }
    guard descriptor >= 0 else {
      throw ExecutionError(
        .file,
        "cannot make a temporary file in '\(directory)' (\(systemMessage(errno))); "
          + "SET temp_directory names another place, and SET memory_limit raises the limit"
      )
    }
    return TemporaryFile(descriptor: descriptor, directory: directory)
  }
}

/// A file without a name, which is gone when it is closed.
private final class TemporaryFile: SpillFile {
  private let descriptor: Int32
  private let directory: String
  private let end = Mutex(0)

  init(descriptor: Int32, directory: String) {
    self.descriptor = descriptor
    self.directory = directory
  }

  deinit { close(descriptor) }

  func append(_ bytes: [UInt8]) throws(ExecutionError) {
    try end.withLock { end throws(ExecutionError) in
      var done = 0
      while done < bytes.count {
        let place = end + done
        let count: Int = unsafe bytes.withUnsafeBytes { buffer in
          guard let base = buffer.baseAddress else { return 0 }
          // `done` of the buffer's bytes are written.
          return unsafe pwrite(descriptor, base + done, buffer.count - done, place)
        }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else {
          throw ExecutionError(
            .file,
            "cannot write a temporary file in '\(directory)' (\(systemMessage(errno))); "
              + "SET temp_directory names another place, and SET memory_limit raises the limit"
          )
        }
        done += count
      }
      end += bytes.count
    }
  }

  func read(offset: Int, count: Int) throws(ExecutionError) -> [UInt8] {
    var failure: Int32?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
      while done < count {
        guard let base = buffer.baseAddress else { return }
        // `done` bytes of the buffer's `count` are filled.
        let read = unsafe pread(descriptor, base + done, count - done, offset + done)
        if read < 0 && errno == EINTR { continue }
        guard read > 0 else {
          failure = read < 0 ? errno : EIO
          return
        }
        done += read
      }
    }
    if let failure {
      throw ExecutionError(
        .file,
        "cannot read a temporary file in '\(directory)' (\(systemMessage(failure)))"
      )
    }
    return bytes
  }
}

/// What the system says of an error number.
private func systemMessage(_ number: Int32) -> String {
  unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
}
