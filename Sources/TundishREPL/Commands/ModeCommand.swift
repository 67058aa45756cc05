import Tundish
import TundishSyntax

extension DotCommand {
  /// The command `.mode [FORMAT]`.
  static let mode = DotCommand(
    name: "mode",
    aliases: [],
    usage: "[FORMAT]",
    summary: "choose the output format"
  ) { words, shell throws(TundishError) in
    guard let name = words.first else {
      shell.narrate("mode: \(shell.fileMode ?? shell.mode)")
      return
    }
    let names = Database.formatNames + ["trash"]
    guard names.contains(name) else {
      throw .usage(
        .unknownFormat(name, closest: Suggestion.closest(to: name, in: names), known: names)
      )
    }
    shell.mode = name
  }

  /// The command `.expanded`.
  static let expanded = DotCommand(
    name: "expanded",
    aliases: ["x"],
    usage: "",
    summary: "switch between box and one line per value"
  ) { _, shell throws(TundishError) in
    shell.mode = shell.mode == "line" ? "box" : "line"
    shell.narrate("mode: \(shell.mode)")
  }

  /// The command `.timer [on | off]`.
  static let timer = DotCommand(
    name: "timer",
    aliases: ["timing"],
    usage: "[on|off]",
    summary: "print how long each statement takes"
  ) { words, shell throws(TundishError) in
    switch words.first {
    case "on": shell.printsTime = true
    case "off": shell.printsTime = false
    default:
      shell.printsTime.toggle()
      shell.narrate("timer is \(shell.printsTime ? "on" : "off")")
    }
  }
}
