internal import TundishSyntax

// The milestones that columns of dates name.
extension ColumnHints {
  /// Milestones of leads and the words by which columns name them.
  static let milestones: [(name: String, words: [String])] = [
    ("mql", ["mql", "marketingqualified", "marketingqualifiedlead"]),
    ("sal", ["sal", "salesaccepted", "salesacceptedlead"]),
    ("sql", ["sql", "salesqualified", "salesqualifiedlead"]),
    ("demo", ["demo"]),
    ("meeting", ["meeting"]),
    ("trial", ["trial"]),
    ("proposal", ["proposal", "offerte", "oferta", "angebot"]),
    ("qualified", ["qualified"]),
    ("opportunity", ["opportunity", "opp", "deal"]),
    ("customer", ["customer", "won", "client", "klant"]),
  ]

  /// What stands before and after a milestone's word in a column's name.
  private static let milestoneShapes: [(String, String)] = [
    ("", ""), ("", "at"), ("", "date"), ("", "on"), ("", "time"), ("", "datum"), ("", "created"),
    ("", "createdat"), ("", "createddate"), ("date", ""), ("data", ""), ("became", ""),
    ("became", "date"), ("became", "at"), ("becamea", "date"), ("becamean", "date"),
    ("entered", ""), ("dateentered", ""), ("lifecyclestage", "date"),
  ]

  /// The milestone that a column of dates names: `mql_at`, `became_mql`, `Became a Customer Date`.
  static func milestone(_ column: String) -> String? {
    let name = plain(column)
    for (milestone, words) in milestones {
      for word in words {
        for (before, after) in milestoneShapes where name == "\(before)\(word)\(after)" {
          return milestone
        }
      }
    }
    var said = Set(ColumnWords(column).words).subtracting([
      "date", "create", "became", "enter", "lead", "first", "close",
    ])
    // `Deal won on`
    if said.count > 1 { said.remove("deal") }
    // `Calificat marketing la`, `Sales-qualified on`
    if said == ["qualified", "original"] { return "mql" }
    if said == ["qualified", "sales"] { return "sql" }
    return said.count == 1 ? said.first.flatMap { milestonesByMeaning[$0] } : nil
  }

  /// The milestone of a firm's own that a column of dates is named after: `demo held` of `Demo held on`;
  /// nil where the name says that nothing was reached then, or no word says that it is a date.
  static func ownMilestone(_ column: String) -> String? {
    var words = folded(withoutRemarks(column)).split { !($0.isLetter || $0.isNumber) }
      .map(String.init)
    let count = words.count
    while let last = words.last, words.count > 1, dateWords.contains(last) { words.removeLast() }
    while let first = words.first, words.count > 1, dateWords.contains(first) {
      words.removeFirst()
    }
    guard words.count < count, words.count <= 3, words[0].count >= 3,
      words.allSatisfy({ $0.allSatisfy(\.isLetter) }),
      !words.contains(where: { word in passingWords.contains { word.hasPrefix($0) } }),
      let meanings = Optional(Set(ColumnWords(column).words)),
      meanings.isDisjoint(with: [
        "expect", "last", "change", "cancel", "end", "close", "lost", "create", "became", "lead",
        "convert", "respond", "accept",
      ])
    else { return nil }
    return words.joined(separator: "_")
  }

  /// What leads do to become leads, where the date of their creation is named after it: `applied`.
  static func beginning(_ column: String) -> String? {
    var words = folded(withoutRemarks(column)).split { !($0.isLetter || $0.isNumber) }
      .map(String.init)
    while let last = words.last, words.count > 1, dateWords.contains(last) { words.removeLast() }
    while let first = words.first, words.count > 1, dateWords.contains(first) {
      words.removeFirst()
    }
    let name = words.joined(separator: "_")
    return [
      "applied", "signed_up", "signup", "registered", "inquired", "enquired", "subscribed",
      "submitted",
    ].contains(name) ? name : nil
  }

  private static let dateWords: Set<String> = [
    "date", "at", "on", "datum", "data", "fecha", "am", "op", "dato", "le", "la", "um", "timestamp",
  ]

  /// What dates are of that say nothing of how far a lead came.
  private static let passingWords = [
    "updat", "modif", "sync", "import", "export", "birth", "geboren", "geburt", "due", "delet",
    "archiv", "bounc", "activ", "remind", "follow", "respon", "expir", "system", "refresh",
    "process", "batch", "load", "extract", "snapshot", "report", "next", "previous", "start",
    "begin", "login", "logged", "seen", "visited", "touch", "email", "mail", "open", "click",
    "unsub",
    "subscrib", "consent", "optin", "optout", "gdpr", "reject", "recycl", "disqual", "unqual",
    "assign", "enrich", "verif", "valid", "trial", "churn", "renew", "recent", "first", "score",
  ]

  private static let milestonesByMeaning = [
    "mql": "mql", "sql": "sql", "sal": "sal", "deal": "opportunity", "won": "customer",
    "qualified": "qualified", "booking": "customer",
  ]
}
