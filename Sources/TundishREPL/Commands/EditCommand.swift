import Glibc
import Tundish

extension DotCommand {
  /// The command `.edit`.
  static let edit = DotCommand(
    name: "edit",
    aliases: ["e"],
    usage: "",
    summary: "edit the last statement in $EDITOR and run it"
  ) { _, shell throws(TundishError) in
    let editor = Terminal.environment("VISUAL") ?? Terminal.environment("EDITOR") ?? "vi"
    var template = Array("/tmp/tundish-XXXXXX.tnd".utf8CString)
    let descriptor = unsafe template.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe mkstemps($0, 4) } ?? -1
    }
    let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard descriptor >= 0 else { throw .file(.cannotWrite(path, reason: "no temporary file")) }
    close(descriptor)
    defer { unsafe unlink(path) }
    let output = try Output.file(path)
    output.write(shell.lastStatement)
    try output.close()
    // The editor's name may hold arguments, as in `code --wait`; the path holds no special
    // characters.
    guard unsafe system("\(editor) \(path)") == 0 else { throw .usage(.editorFailed(editor)) }
    let text = try Database.text(ofFile: path)
    shell.narrate(text.trimmed)
    shell.runScript(text)
  }
}
