/// A compiled regular expression of RE2's syntax, matched in time linear in the text.
///
/// Compile once per pattern, make one matcher per thread: a matcher holds scratch space and a cache
/// of automaton states.
package struct RegularExpression: Sendable {
  let program: RegexProgram
  /// Nil where the program is too large for such a table.
  let firstBytes: RegexFirstBytes?
  /// The names of the capturing groups, group 1 first; nil where a group has none.
  package let groupNames: [String?]
  /// Tests that nobody uses just now.
  private let tests = RegexTestPool()

  /// Compiles a pattern; the error says why it does not compile.
  ///
  /// With `isFullMatch`, the pattern must match a text as a whole.
  package init(
    _ pattern: String,
    options: RegexOptions = RegexOptions(),
    isFullMatch: Bool = false
  ) throws(ExecutionError) {
    guard pattern.utf8.count <= 65_536 else {
      throw ExecutionError(.invalidPattern, "a pattern has at most 65536 bytes")
    }
    var parser = RegexParser(pattern, options: options)
    var tree = options.isLiteral ? parser.parseLiteral() : try parser.parse()
    if isFullMatch { tree = .sequence([.assertion(.textStart), tree, .assertion(.textEnd)]) }
    groupNames = parser.groupNames
    program = try RegexProgram(tree, groupCount: parser.groupNames.count)
    firstBytes = RegexFirstBytes(program)
  }

  /// The number of capturing groups.
  package var groupCount: Int { program.groupCount }

  /// Returns a test of this expression, if possible one that has seen texts before.
  func takeTest() -> RegexTest { tests.take() ?? RegexTest(self) }

  /// Takes back a test for whoever needs the next one.
  func giveBack(_ test: RegexTest) { tests.add(test) }
}
