import Tundish

extension DotCommand {
  /// How deep `.read` files may read others.
  private static let maximumReadDepth = 16

  /// The command `.read FILE`.
  static let read = DotCommand(
    name: "read",
    aliases: ["i"],
    usage: "FILE",
    summary: "run the statements of a file"
  ) { words, shell throws(TundishError) in
    guard let path = words.first else { throw .usage(.missingArgument(".read FILE")) }
    guard shell.readDepth < maximumReadDepth else { throw .usage(.readTooDeep(path)) }
    let text = try Database.text(ofFile: path)
    shell.readDepth += 1
    defer { shell.readDepth -= 1 }
    shell.runScript(text)
  }

  /// The command `.output [FILE]`.
  static let output = DotCommand(
    name: "output",
    aliases: ["o"],
    usage: "[FILE]",
    summary: "write results to a file, in the format of its ending; without a name, to the screen"
  ) { words, shell throws(TundishError) in
    let previous = shell.output
    shell.output = .standard
    shell.fileMode = nil
    try previous.close()
    if let path = words.first {
      shell.output = try Output.file(path)
      shell.fileMode = Database.formatName(ofPath: path)
    }
  }

  /// The command `.save FILE`.
  static let save = DotCommand(
    name: "save",
    aliases: [],
    usage: "FILE.tnd",
    summary: "write the model and the definitions as a script"
  ) { words, shell throws(TundishError) in
    guard let path = words.first else { throw .usage(.missingArgument(".save FILE.tnd")) }
    let output = try Output.file(path)
    output.write(shell.database.definitions())
    try output.close()
    shell.narrate("saved the model and definitions to \(path)")
  }

  /// The command `.print TEXT`.
  static let print = DotCommand(
    name: "print",
    aliases: ["echo"],
    usage: "TEXT",
    summary: "print a line"
  ) { words, shell throws(TundishError) in
    shell.output.write(words.joined(separator: " ") + "\n")
    shell.output.flush()
  }

  /// The command `.quit`.
  static let quit = DotCommand(
    name: "quit",
    aliases: ["q"],
    usage: "",
    summary: "leave"
  ) { _, shell throws(TundishError) in
    shell.finish()
  }
}
