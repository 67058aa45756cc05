import Glibc

/// Where the tests' files are, found from the place of this source file.
package enum TestPaths {
  /// The root of the repository.
  package static let root: String = {
    let file = #filePath
    let parts = file.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()

  /// The folder `Tests`.
  package static let tests = root + "/Tests"

  /// All files below a folder whose names end in one of the suffixes, sorted; hidden ones left out.
  package static func files(below folder: String, suffixes: [String]) -> [String] {
    var found: [String] = []
    collect(below: folder, suffixes: suffixes, depth: 0, into: &found)
    return found.sorted()
  }

  private static func collect(
    below folder: String,
    suffixes: [String],
    depth: Int,
    into found: inout [String]
  ) {
    guard depth < 32, let directory = unsafe opendir(folder) else { return }
    defer { unsafe closedir(directory) }
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      guard !name.hasPrefix(".") else { continue }
      let path = folder + "/" + name
      if isFolder(path) {
        collect(below: path, suffixes: suffixes, depth: depth + 1, into: &found)
      } else if suffixes.contains(where: { name.hasSuffix($0) }) {
        found.append(path)
      }
    }
  }

  /// Whether a path names a folder.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Reads a whole file; nil if it cannot be read.
  package static func text(of path: String) -> String? {
    guard let file = unsafe fopen(path, "rb") else { return nil }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe fread(buffer.baseAddress, 1, buffer.count, file)
      }
      guard count > 0 else { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Writes a whole file by way of a temporary one.
  package static func write(_ text: String, to path: String) -> Bool {
    let temporary = path + ".tmp"
    guard let file = unsafe fopen(temporary, "wb") else { return false }
    let bytes = Array(text.utf8)
    let written = unsafe bytes.withUnsafeBytes { buffer in
      unsafe fwrite(buffer.baseAddress, 1, buffer.count, file)
    }
    unsafe fclose(file)
    guard written == bytes.count else { return false }
    return unsafe rename(temporary, path) == 0
  }
}
