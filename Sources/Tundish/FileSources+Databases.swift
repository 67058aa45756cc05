import Glibc
import TundishColumns
import TundishEngine
import TundishFormats

// EXPORT DATABASE and IMPORT DATABASE.
extension FileSources {
  /// Writes into `<folder>.partial`, then swaps the folders: a crash leaves the old or the new.
  func exportDatabase(
    folder: String,
    script: String,
    tables: [ExportedTable]
  ) throws(SourceError) {
    let folder = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let partial = folder + ".partial"
    removeFolder(partial)
    guard unsafe mkdir(partial, 0o755) == 0 else { throw failure(partial) }
    do {
      try write(script: script, tables: tables, into: partial)
    } catch {
      removeFolder(partial)
      throw error
    }
    let old = folder + ".old"
    removeFolder(old)
    if Folder.exists(folder), unsafe rename(folder, old) != 0 { throw failure(folder) }
    guard unsafe rename(partial, folder) == 0 else { throw failure(folder) }
    removeFolder(old)
  }

  private func write(
    script: String,
    tables: [ExportedTable],
    into partial: String
  ) throws(SourceError) {
    let file = try PartialFile(path: partial + "/schema.tnd")
    do {
      try file.write(Array(script.utf8))
    } catch {
      throw Self.sourceError(error, file: partial + "/schema.tnd")
    }
    try file.finish()
    for table in tables {
      _ = try export(
        schema: table.schema,
        batches: table.batches,
        path: "\(partial)/\(ExportedTable.fileName(of: table.name))",
        options: ExportedTable.writingOptions(columnCount: table.schema.fields.count)
      )
    }
  }

  func readScript(folder: String) throws(SourceError) -> String {
    let path = folder + "/schema.tnd"
    guard let bytes = FileBytes.read(path, limit: 1 << 28) else { throw DataFiles.missing(path) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Removes a folder of plain files.
  private func removeFolder(_ path: String) {
    for entry in Folder.entries(path) where !entry.isFolder {
      unsafe unlink(path + "/" + entry.name)
    }
    unsafe rmdir(path)
  }

  private func failure(_ path: String) -> SourceError {
    SourceError(
      code: "F002",
      message: "cannot write '\(path)': \(unsafe String(cString: strerror(errno)))"
    )
  }
}
