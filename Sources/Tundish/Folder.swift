import Glibc

/// The contents of folders.
enum Folder {
  /// An entry of a folder.
  struct Entry {
    let name: String
    let isFolder: Bool
  }

  /// The entries of a folder, `.` and `..` left out; empty if it cannot be read.
  static func entries(_ path: String) -> [Entry] {
    guard let directory = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(directory) }
    var entries: [Entry] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      guard name != ".", name != ".." else { continue }
      entries.append(Entry(name: name, isFolder: isFolder(path + "/" + name)))
    }
    return entries
  }

  /// Whether a path names a folder.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether something has this path.
  static func exists(_ path: String) -> Bool {
    unsafe access(path, F_OK) == 0
  }

  /// The deepest folder that `**` looks into.
  private static let maximumDepth = 64

  /// The paths that a pattern with `*`, `?`, `[...]` and `{a,b}` stands for, sorted; the segment `**` is
  /// any number of folders.
  static func paths(matching pattern: String) -> [String] {
    let segments = pattern.split(separator: "/", omittingEmptySubsequences: false)
    guard let place = segments.firstIndex(of: "**") else {
      return Array(Set(simplePaths(matching: pattern))).sorted()
    }
    let base = segments[..<place].joined(separator: "/")
    let rest = segments[(place + 1)...].joined(separator: "/")
    var tops = [base]
    if base.contains(where: { "*?[{".contains($0) }) { tops = simplePaths(matching: base) }
    if base.isEmpty { tops = [pattern.hasPrefix("/") ? "/" : "."] }
    var found: Set<String> = []
    for top in tops {
      for folder in foldersBelow(top, depth: 0) {
        let prefix = folder == "." ? "" : escaped(folder) + (folder.hasSuffix("/") ? "" : "/")
        found.formUnion(paths(matching: prefix + (rest.isEmpty ? "*" : rest)))
      }
    }
    return found.sorted()
  }

  /// A folder and all below it; links are not followed, as they may lead back.
  private static func foldersBelow(_ path: String, depth: Int) -> [String] {
    guard isFolder(path), depth < maximumDepth else { return [] }
    let prefix = path == "." ? "" : path.hasSuffix("/") ? path : path + "/"
    return [path]
      + entries(path).filter { $0.isFolder && !isLink(prefix + $0.name) }.flatMap {
        foldersBelow(prefix + $0.name, depth: depth + 1)
      }
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// A path as a pattern that stands for it alone.
  private static func escaped(_ path: String) -> String {
    var text = ""
    for character in path {
      if "*?[]{}\\".contains(character) { text.append("\\") }
      text.append(character)
    }
    return text
  }

  private static func simplePaths(matching pattern: String) -> [String] {
    var result = unsafe glob_t()
    defer { unsafe globfree(&result) }
    guard unsafe glob(pattern, GLOB_BRACE, nil, &result) == 0 else { return [] }
    var paths: [String] = []
    for index in unsafe 0..<Int(result.gl_pathc) {
      if let path = unsafe result.gl_pathv[index] { paths.append(unsafe String(cString: path)) }
    }
    return paths
  }
}
