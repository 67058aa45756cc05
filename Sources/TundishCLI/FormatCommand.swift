import ArgumentParser
import Tundish
import TundishREPL

/// `tundish format [FILE ...]`: prints scripts in canonical form.
struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "format",
    abstract: "Print scripts in canonical form, or rewrite them with --in-place."
  )

  @Argument(help: "Scripts; - is standard input.", completion: .file(extensions: ["tnd", "sql"]))
  var files: [String] = ["-"]

  @Flag(name: [.short, .long], help: "Rewrite the files.")
  var inPlace = false

  func run() throws {
    var exitCode: Int32 = 0
    for file in files {
      do throws(TundishError) {
        let text = try Database.text(ofFile: file)
        let formatted = try Database.format(text)
        if inPlace, file != "-" {
          if formatted != text { try Database.write(formatted, toFile: file) }
        } else {
          print(formatted, terminator: "")
        }
      } catch {
        StandardErrorStream.print(error.rendered())
        exitCode = max(exitCode, error.exitCode)
      }
    }
    if exitCode != 0 { throw ExitCode(exitCode) }
  }
}
