import ArgumentParser
import Tundish
import TundishREPL

/// The arguments of `tundish run`: a script, the parameters that its header declares, and output
/// options.
///
/// The parameters are known only when the script has been read, so these arguments are taken apart
/// here and not by the argument parser.
struct ScriptInvocation {
  let text: String
  let output: OutputOptions
  let wantsHelp: Bool
  private let path: String
  private let given: [(name: String, value: String)]
  private let declared: [ScriptParameterInfo]

  init(_ arguments: [String]) throws {
    let words = try ScriptWords(arguments)
    wantsHelp = words.wantsHelp
    given = words.given
    output = try OutputOptions.parse(words.outputArguments)
    guard let path = words.path else {
      guard wantsHelp else { throw ValidationError("name a script: tundish run weekly.tnd") }
      self.path = "SCRIPT"
      text = ""
      declared = []
      return
    }
    self.path = path
    do throws(TundishError) {
      text = try Database.text(ofFile: path)
    } catch {
      StandardErrorStream.print(error.rendered())
      throw ExitCode(error.exitCode)
    }
    declared = Database.parameters(ofScript: text)
  }

  /// What the script takes, from its header.
  var help: String {
    var lines = ["usage: tundish run \(path) [--NAME VALUE ...] [--format FORMAT]"]
    if !declared.isEmpty { lines += ["", "parameters:"] }
    for parameter in declared {
      var line = "  --\(parameter.name) \(parameter.type)"
      if !parameter.choices.isEmpty {
        line += ", one of \(parameter.choices.joined(separator: ", "))"
      }
      line += parameter.defaultValue.map { " (default \($0))" } ?? " (required)"
      lines.append(line)
    }
    return lines.joined(separator: "\n")
  }

  /// The values of the declared parameters.
  func parameters() throws(TundishError) -> Parameters {
    try Database.parameters(declared, given: given)
  }
}

/// The words after `tundish run`, told apart.
private struct ScriptWords {
  var path: String?
  var given: [(name: String, value: String)] = []
  var outputArguments: [String] = []
  var wantsHelp = false

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--help" || argument == "-h" {
        wantsHelp = true
      } else if argument == "--keep-going" {
        outputArguments.append(argument)
      } else if argument.hasPrefix("--") {
        let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1)
        let name = parts.first.map(String.init) ?? ""
        let attached = parts.count == 2 ? String(parts[1]) : nil
        guard let value = attached ?? rest.popFirst() else {
          throw ValidationError("--\(name) needs a value")
        }
        if ["format", "threads", "errors"].contains(name) {
          outputArguments += ["--" + name, value]
        } else {
          given.append((name, value))
        }
      } else if path == nil {
        path = argument
      } else {
        throw ValidationError("one script is run at a time; found '\(argument)' after it")
      }
    }
  }
}
