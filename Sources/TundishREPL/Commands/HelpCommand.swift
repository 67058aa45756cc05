import Tundish

extension DotCommand {
  /// The command `.help [NAME]`.
  static let help = DotCommand(
    name: "help",
    aliases: ["?", "h"],
    usage: "[NAME]",
    summary: "list the commands, or explain a function or metric"
  ) { words, shell throws(TundishError) in
    guard let name = words.first else {
      for command in DotCommands.all {
        let call = "." + command.name + (command.usage.isEmpty ? "" : " " + command.usage)
        let aliases = command.aliases.map { "\\" + $0 }.joined(separator: " ")
        shell.output.write(pad(call, 24) + pad(aliases, 12) + command.summary + "\n")
      }
      shell.output.write(
        """

        Statements end with ';'. Metric lines run on Enter: win_rate by owner last quarter
        SHOW METRICS lists the metrics, DESCRIBE METRIC win_rate explains one,
        SHOW FUNCTIONS lists the functions, .help round explains one.

        """
      )
      shell.output.flush()
      return
    }
    guard let lines = shell.database.help(on: name) else {
      throw .usage(.noHelp(name))
    }
    for line in lines { shell.output.write(line + "\n") }
    shell.output.flush()
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
