import CEditLine
import Glibc

/// A line editor on libedit: prompt, history, emacs or vi keys, completion.
///
/// One exists at a time. libedit calls back into C functions that find their editor through the
/// client data pointer; the editor keeps itself alive while it is in use because the terminal loop
/// owns it.
@safe final class EditLine {
  /// What a read gave.
  enum Line {
    /// A line without its newline
    case text(String)
    /// Ctrl-C
    case interrupted
    /// Ctrl-D on an empty line, or the terminal is gone
    case end
  }

  /// Offers completions: the number of bytes before the cursor that they replace, and the texts.
  var completions: (String) -> (replaced: Int, candidates: [String]) = { _ in (0, []) }
  private let editor: OpaquePointer
  private let history: OpaquePointer
  private var prompt: [CChar] = [0]
  private var wasInterrupted = false
  private let historyPath: String?

  /// Opens the terminal; nil if libedit cannot.
  init?(program: String, historyPath: String?) {
    unsafe setlocale(LC_CTYPE, "")
    guard let editor = unsafe tundish_el_open(program), let history = unsafe history_init() else {
      return nil
    }
    unsafe self.editor = editor
    unsafe self.history = history
    self.historyPath = historyPath
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe tundish_el_configure(
      editor,
      history,
      context,
      { unsafe EditLine.current($0).promptPointer },
      { editor, _ in unsafe EditLine.current(editor).complete() },
      { editor, _ in unsafe EditLine.current(editor).interrupt() }
    )
    if let historyPath { _ = unsafe tundish_history_load(history, historyPath) }
    unsafe el_source(editor, nil)
  }

  deinit {
    unsafe el_end(editor)
    unsafe history_end(history)
  }

  /// Shows a prompt and reads a line.
  func read(prompt: String) -> Line {
    self.prompt = Array(prompt.utf8CString)
    wasInterrupted = false
    var count: Int32 = 0
    let pointer = unsafe el_gets(editor, &count)
    if wasInterrupted {
      write("^C\n")
      return .interrupted
    }
    guard let pointer = unsafe pointer, count > 0 else { return .end }
    var line = unsafe String(cString: pointer)
    if line.hasSuffix("\n") { line.removeLast() }
    return .text(line)
  }

  /// Adds an entry to the history and writes it to disk.
  func remember(_ entry: String) {
    let trimmed = entry.split(separator: "\n").joined(separator: " ")
    guard trimmed.contains(where: { $0 != " " }) else { return }
    unsafe tundish_history_enter(history, trimmed)
    if let historyPath { unsafe tundish_history_save(history, historyPath) }
  }

  private static func current(_ editor: OpaquePointer?) -> EditLine {
    // Invariant: the client data is the editor that `init` set, alive while libedit reads.
    unsafe Unmanaged<EditLine>.fromOpaque(tundish_el_context(editor)).takeUnretainedValue()
  }

  private var promptPointer: UnsafeMutablePointer<CChar>? {
    // Invariant: libedit copies the prompt before `prompt` is set again.
    unsafe prompt.withUnsafeMutableBufferPointer { $0.baseAddress }
  }

  private func interrupt() -> UInt8 {
    wasInterrupted = true
    return UInt8(CC_NEWLINE)
  }

  private func complete() -> UInt8 {
    guard let info = unsafe el_line(editor)?.pointee, let start = unsafe info.buffer,
      let cursor = unsafe info.cursor
    else { return UInt8(CC_ERROR) }
    let length = unsafe cursor - start
    let before = unsafe String(
      decoding: UnsafeRawBufferPointer(start: start, count: max(0, length)),
      as: UTF8.self
    )
    let (replaced, candidates) = completions(before)
    guard let first = candidates.first else { return UInt8(CC_REFRESH_BEEP) }
    let typed = String(decoding: Array(before.utf8).suffix(replaced), as: UTF8.self)
    let common = candidates.dropFirst().reduce(first) { EditLine.commonPrefix($0, $1) }
    if candidates.count == 1 || common.utf8.count > typed.utf8.count {
      let text = candidates.count == 1 && !first.hasSuffix("/") ? first + " " : common
      unsafe el_deletestr(editor, Int32(typed.count))
      unsafe el_insertstr(editor, text)
      return UInt8(CC_REFRESH)
    }
    write("\n" + columns(candidates) + "\n")
    return UInt8(CC_REDISPLAY)
  }

  private static func commonPrefix(_ lhs: String, _ rhs: String) -> String {
    String(zip(lhs, rhs).prefix { $0 == $1 || $0.lowercased() == $1.lowercased() }.map(\.0))
  }

  /// Lays words out in columns as a shell does, at most 20 lines.
  private func columns(_ words: [String]) -> String {
    let cell = (words.map(\.count).max() ?? 1) + 2
    let perLine = max(1, Terminal.width / cell)
    let shown = words.prefix(perLine * 20)
    var lines: [String] = []
    var line = ""
    for (index, word) in shown.enumerated() {
      line += word
      if (index + 1) % perLine == 0 {
        lines.append(line)
        line = ""
      } else {
        line += String(repeating: " ", count: cell - word.count)
      }
    }
    if !line.isEmpty { lines.append(line) }
    if shown.count < words.count { lines.append("... \(words.count - shown.count) more") }
    return lines.joined(separator: "\n")
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(1, $0.baseAddress, $0.count) }
  }
}
