/// Cleaning of names and addresses.
enum TextCleaningFunctions {
  static let all: [ScalarFunction] = [
    stripAccents, normalizeEmail, normalizeCompany,
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
}
