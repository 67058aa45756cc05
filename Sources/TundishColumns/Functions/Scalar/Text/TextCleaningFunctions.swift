/// Cleaning of names, addresses and paths.
enum TextCleaningFunctions {
  static let all: [ScalarFunction] = [
    stripAccents, normalizeEmail, normalizeCompany, fileName, directoryName, directoryPath,
    pathParts,
  ]

  private static let stripAccents = ScalarFunction(
    "strip_accents",
    summary: "Returns the text with accents taken off Latin letters.",
    examples: [
      FunctionExample("strip_accents('mühleisen')", "muhleisen"),
      FunctionExample("strip_accents('Brașov')", "Brasov"),
    ],
    overloads: [
      .exact([.varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
        try input.mapTextToText { (bytes, output) in
          if ByteText.isASCII(bytes) {
            output.append(bytes)
          } else {
            for scalar in NameCleaning.withoutAccents(ByteText.scalars(bytes)) {
              output.append(scalar: scalar)
            }
          }
          return true
        }
      }
    ]
  )

  private static let normalizeEmail = ScalarFunction(
    "normalize_email",
    summary: "Returns an e-mail address in the form in which duplicates are equal: lower case, no"
      + " +tag, no dots for Gmail.",
    examples: [
      FunctionExample("normalize_email(' Ann.Lee+x@Gmail.com')", "annlee@gmail.com"),
      FunctionExample("normalize_email('Bob@ACME.nl')", "bob@acme.nl"),
    ],
    overloads: [mapped { NameCleaning.email($0) }]
  )

  private static let normalizeCompany = ScalarFunction(
    "normalize_company",
    summary: "Returns a company's name without case, accents, punctuation and legal form.",
    examples: [
      FunctionExample("normalize_company('ACME B.V.')", "acme"),
      FunctionExample("normalize_company('S.C. Brașov Trade S.R.L.')", "brasov trade"),
      FunctionExample("normalize_company('Smith & Co. Ltd')", "smith"),
    ],
    overloads: [mapped { NameCleaning.company($0) }]
  )

  private static func mapped(_ body: @escaping @Sendable (String) -> String) -> ScalarOverload {
    .exact([.varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
      let texts = input.text(0)
      return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
        output.append(body(texts.string(row)))
        return true
      }
    }
  }

  // MARK: - Paths

  private static let fileName = ScalarFunction(
    "parse_filename",
    summary: "Returns the last part of a path; with true without its extension.",
    examples: [
      FunctionExample("parse_filename('exports/opps.csv')", "opps.csv"),
      FunctionExample("parse_filename('exports/opps.csv', true)", "opps"),
    ],
    overloads: [
      .exact([.varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
        try fileName(input)
      },
      .exact([.varchar, .boolean], to: .varchar) { (input) throws(ExecutionError) -> Column in
        try fileName(input)
      },
    ]
  )

  private static func fileName(_ input: KernelInput) throws(ExecutionError) -> Column {
    let texts = input.text(0)
    var trims: Argument<Bool>?
    if input.arguments.count > 1 { trims = input.argument(1) }
    return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
      var name = lastPart(texts.bytes[texts.range(row)])
      if trims?[row] ?? false, let dot = name.lastIndex(of: UInt8(ascii: ".")),
        dot > name.startIndex
      {
        name = name[..<dot]
      }
      output.append(contentsOf: name)
      return true
    }
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
  }

  private static func lastPart(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let slash = path.lastIndex(where: { isSeparator($0) }) else { return path }
    return path[(slash + 1)...]
  }

  private static let directoryName = ScalarFunction(
    "parse_dirname",
    summary: "Returns the first part of a path.",
    examples: [
      FunctionExample("parse_dirname('exports/2026/opps.csv')", "exports"),
      FunctionExample("parse_dirname('opps.csv')", ""),
    ],
    overloads: [
      .exact([.varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          let path = texts.bytes[texts.range(row)]
          if let slash = path.firstIndex(where: { isSeparator($0) }) {
            output.append(contentsOf: path[..<slash])
          }
          return true
        }
      }
    ]
  )

  private static let directoryPath = ScalarFunction(
    "parse_dirpath",
    summary: "Returns a path without its last part.",
    examples: [
      FunctionExample("parse_dirpath('exports/2026/opps.csv')", "exports/2026"),
      FunctionExample("parse_dirpath('opps.csv')", ""),
    ],
    overloads: [
      .exact([.varchar], to: .varchar) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        return try input.buildText { (row, output) throws(ExecutionError) -> Bool in
          let path = texts.bytes[texts.range(row)]
          if let slash = path.lastIndex(where: { isSeparator($0) }) {
            output.append(contentsOf: path[..<slash])
          }
          return true
        }
      }
    ]
  )

  private static let pathParts = ScalarFunction(
    "parse_path",
    summary: "Returns the parts of a path as a list.",
    examples: [
      FunctionExample("parse_path('exports/opps.csv')", "[exports, opps.csv]"),
      FunctionExample("parse_path('a')", "[a]"),
    ],
    overloads: [
      .exact([.varchar], to: .list(.varchar)) { (input) throws(ExecutionError) -> Column in
        let texts = input.text(0)
        return try input.buildTextLists { (row) throws(ExecutionError) -> [Range<Int>] in
          texts.bytes[texts.range(row)].split(whereSeparator: { isSeparator($0) })
            .map { $0.startIndex..<$0.endIndex }
        }
      }
    ]
  )
}
