internal import TundishColumns
internal import TundishSyntax

// How names and labels are compared, and the words that names of tables and labels consist of.
extension ColumnHints {
  /// A column's name as it is compared.
  static func plain(_ name: String) -> String { plainNames[name] }

  private static let plainNames = NameCache<String> { readPlain($0) }

  private static func readPlain(_ name: String) -> String {
    var text = folded(withoutRemarks(name))
    // `Lead #` is the lead's number.
    if text.hasSuffix("#") { text = String(text.dropLast()) + "number" }
    // `Deal - Won time`: the entity before the dash says nothing that the table does not.
    if text.utf8.contains(0x2D), let dash = text.firstRange(of: " - ") {
      text = String(text[dash.upperBound...])
    }
    // Dataverse: `_ownerid_value`, and beside a code the label that it stands for.
    if text.utf8.contains(0x40), let mark = text.firstRange(of: "@odata.") {
      text = String(text[..<mark.lowerBound])
    }
    if text.hasPrefix("_"), text.hasSuffix("_value") { text.removeLast(6) }
    for suffix in ["__c", "__s", "_c"] where text.hasSuffix(suffix) {
      text.removeLast(suffix.count)
      break
    }
    for prefix in ["properties.", "properties_", "property_", "custom."]
    where text.hasPrefix(prefix) {
      text.removeFirst(prefix.count)
    }
    if text.hasPrefix("hs_") { text.removeFirst(3) }
    return letters(text)
  }

  /// A table's name as it is compared.
  static func plainTable(_ name: String) -> String { letters(folded(name)) }

  /// A label as it is compared: lower case, no marks, no spaces around.
  static func label(_ text: String) -> String {
    let parts = folded(text).split(separator: " ", omittingEmptySubsequences: true)
    return parts.joined(separator: " ")
  }

  /// Letters and digits only.
  private static func letters(_ text: String) -> String {
    String(
      decoding: text.utf8.filter {
        ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 >= 0x80
      },
      as: UTF8.self
    )
  }

  /// Lower case without the marks of Dutch, Romanian, German and their neighbours.
  static func folded(_ text: String) -> String {
    guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return foldedText(text) }
    return String(text.lowercased().map { marks[$0] ?? $0 })
  }

  private static let marks: [Character: Character] = [
    "ă": "a", "â": "a", "á": "a", "à": "a", "ä": "a", "ã": "a", "î": "i", "í": "i", "ï": "i",
    "ș": "s", "ş": "s", "ț": "t", "ţ": "t", "é": "e", "è": "e", "ë": "e", "ê": "e", "ö": "o",
    "ó": "o", "ô": "o", "õ": "o", "ő": "o", "ø": "o", "ü": "u", "ú": "u", "ù": "u", "û": "u",
    "ű": "u", "ý": "y", "å": "a", "ę": "e", "ě": "e", "ą": "a", "ç": "c", "ć": "c", "č": "c",
    "ñ": "n", "ń": "n", "ś": "s", "š": "s", "ź": "z", "ż": "z", "ž": "z", "ł": "l", "ř": "r",
    "ı": "i", "i̇": "i", "ğ": "g", "æ": "a", "ů": "u", "ť": "t", "ď": "d", "ň": "n", "đ": "d",
  ]

  /// What a table is called without the marks of loaders: `sf_account_data` is `account`.
  static func tableStem(_ name: String) -> String {
    var words = foldedText(name).split(separator: "_").map(String.init)
    let marks: Set<String> = [
      "sf", "salesforce", "hubspot", "hs", "stg", "src", "raw", "pipedrive", "zoho", "crm", "dim",
      "fct",
    ]
    while words.count > 1, let first = words.first, marks.contains(first) { words.removeFirst() }
    if words.count > 1, words.last == "data" { words.removeLast() }
    return plainTable(words.joined(separator: "_"))
  }

  /// Words of a table's name that let it play a role.
  static func tableWords(of role: ModelRole) -> [String] {
    switch role {
    case .leads:
      [
        "lead", "newlead", "prospect", "contact", "interessent", "kontakt", "clientipotential",
        "anfragen", "aanvragen",
      ]
    case .opportunities:
      [
        "opportunit", "deal", "pipeline", "opps", "kans", "oportunit", "oportunid",
        "verkaufschance",
        "chancen", "afaceri", "negocios", "affaires", "trattative", "oppty", "oppties", "szanse",
        "obchody", "firsat",
      ]
    case .history:
      [
        "history", "stagechange", "stagelog", "stageevent", "stagetransition", "dealstage",
        "dealflow", "historie", "istoric", "verlauf", "historique", "historial",
      ]
    case .visits: ["visit", "session", "bezoek", "vizit", "besuch"]
    case .touches: ["touch", "campaignmember"]
    case .spend:
      [
        "spend", "cost", "marketingbudget", "kosten", "uitgaven", "cheltuieli", "ausgaben",
        "depenses", "gastos", "investimento", "koszty", "naklady", "koltseg", "omkostning",
        "kostnad", "udgift", "utgift", "harcama", "adperformance", "campaignperformance",
        "campaignstats",
      ]
    case .quotas:
      ["quota", "target", "salestarget", "doelstelling", "tinte", "objectif", "objetivo", "ziele"]
    case .activities: ["call", "activit", "task", "meeting", "event"]
    case .customers: ["customer", "klant", "clienti", "kunden"]
    case .subscriptions: ["subscription", "subs", "abonnement", "abonament"]
    case .mqls, .sqls, .bookings: []
    }
  }

  /// Whether a table's name has a word.
  ///
  /// At the start of one of its own words, or, for longer words, anywhere, as in `Werbekosten`;
  /// `google_ads` has no `lead`.
  static func names(_ table: String, word: String) -> Bool {
    let name = tableNames[table]
    if name.ends.contains(where: { $0.hasPrefix(word) }) { return true }
    let letters = Array(word.utf8)
    return letters.count >= 5 && bytesFirstIndex(of: letters.span, in: name.letters.span) != nil
  }

  /// A table's name, as words are looked for in it.
  private struct TableName: Sendable {
    /// What begins with each of its words.
    let ends: [String]
    /// Its letters and digits.
    let letters: [UInt8]
  }

  private static let tableNames = NameCache<TableName> { table in
    let parts = folded(table).split { !($0.isLetter || $0.isNumber) }.map(String.init)
    return TableName(
      ends: parts.indices.map { parts[$0...].joined() },
      letters: Array(plainTable(table).utf8)
    )
  }

  /// A table's name without the words of exports: `orders_export_1` is `orders`.
  static func bareTable(_ name: String) -> String {
    let noise: Set<String> = [
      "export", "exports", "exported", "report", "bericht", "rapport", "raport", "all", "list",
      "data", "csv", "table", "sheet", "overview", "crm", "my", "our", "new", "marketing",
    ]
    let parts = folded(name).split { !($0.isLetter || $0.isNumber) }.map(String.init)
    let kept = parts.filter { part in
      !noise.contains(part) && !part.allSatisfy(\.isNumber)
    }
    return letters(kept.isEmpty ? folded(name) : kept.joined())
  }

  /// Names of tables that hold one stage.
  static func stageTables(of role: ModelRole) -> Set<String> {
    switch role {
    case .mqls: ["mqls", "mql", "marketingqualifiedleads"]
    case .sqls: ["sqls", "sql", "salesqualifiedleads"]
    case .bookings:
      [
        "bookings", "booking", "wins", "wondeals", "dealswon", "closedwon", "sales", "orders",
        "boekingen", "verkopen", "bestellingen", "opdrachten", "auftrage", "auftraege",
        "buchungen", "bestellungen", "verkaufe", "verkaeufe", "ventes", "commandes", "vanzari",
        "comenzi", "ventas", "pedidos", "vendite", "ordini", "vendas",
      ]
    case .opportunities:
      [
        "opportunities", "opportunity", "opps", "deals", "kansen", "verkaufschancen", "chancen",
        "opportunites", "affaires", "oportunitati", "oportunidades", "negocios", "opportunita",
        "trattative",
      ]
    case .leads, .history, .visits, .touches, .spend, .quotas, .activities, .customers,
      .subscriptions:
      []
    }
  }

  // MARK: Labels of stages and states

  static let wonLabels: Set<String> = [
    "won", "closed won", "closedwon", "closed-won", "closed - won", "closed/won", "deal won",
    "gewonnen", "castigat", "castigata", "ganado", "gagne", "vinto", "won deal", "sale won",
  ]
  static let lostLabels: Set<String> = [
    "lost", "closed lost", "closedlost", "closed-lost", "closed - lost", "closed/lost",
    "deal lost", "closed lost to competition", "closed-lost to competition", "verloren", "pierdut",
    "pierduta", "perdido", "perdu", "perso",
  ]
  static let holdLabels: Set<String> = ["on hold", "hold", "parked", "paused", "in de wacht"]
  static let disqualifiedLabels: Set<String> = [
    "unqualified", "disqualified", "not qualified", "niet gekwalificeerd", "junk lead", "junk",
    "abandoned", "deleted", "necalificat", "descalificat", "nicht qualifiziert",
  ]
  /// Stages with which the known CRMs are delivered, and words that say that a deal goes on.
  static let openLabels: Set<String> = [
    "open", "active", "in progress", "new", "lopend", "deschis", "offen",
    "prospecting", "qualification", "needs analysis", "value proposition", "id. decision makers",
    "identify decision makers", "perception analysis", "proposal/price quote",
    "proposal/quote", "negotiation/review",
    "appointmentscheduled", "appointment scheduled", "qualifiedtobuy", "qualified to buy",
    "presentationscheduled", "presentation scheduled", "decisionmakerboughtin",
    "decision maker bought-in", "contractsent", "contract sent",
    "qualified", "contact made", "demo scheduled", "proposal made", "negotiations started",
    "discovery", "negotiation", "proposal", "incoming", "quote", "closure",
  ]

  /// What an exact known label says of a deal.
  static func kind(ofLabel text: String) -> StageKind? {
    let word = label(text)
    if wonLabels.contains(word) { return .won }
    if lostLabels.contains(word) { return .lost }
    if holdLabels.contains(word) { return .hold }
    if disqualifiedLabels.contains(word) { return .disqualified }
    if openLabels.contains(word) || isUnderWay(word) { return .open }
    // `Closed-Lost`, `6. Gewonnen (100 %)`; of `Lost - no budget` what stands before the dash.
    if let ended = ending(of: text) { return ended }
    for place in text.indices where "-–—:(/,".contains(text[place]) {
      if let ended = ending(of: String(text[..<place])) { return ended }
    }
    return nil
  }

  /// Whether every word of a label is one of those by which firms call the stages of open deals.
  private static func isUnderWay(_ label: String) -> Bool {
    let words = label.split { !$0.isLetter }.map(String.init)
    return words.contains { openWords.contains($0) }
      && words.allSatisfy { openWords.contains($0) || openSideWords.contains($0) }
  }

  private static let openWords: Set<String> = Set(
    ("demo discovery qualification qualifying negotiation negotiations negotiating proposal quote "
      + "quotation presentation prospecting prospect evaluation pitch trial intro introduction "
      + "scoping nurture nurturing incoming contacted verbal commit "
      + "onderhandeling offerte kennismaking verkenning presentatie "
      + "verhandlung angebot erstgesprach bedarfsanalyse qualifizierung prasentation "
      + "negociation proposition devis decouverte "
      + "kwalificatie qualifikation negociere oferta calificare prezentare negociacion propuesta")
      .split(separator: " ").map(String.init)
  )

  /// Words beside them that change nothing.
  private static let openSideWords: Set<String> = Set(
    ("call meeting scheduled booked held given done sent out made in progress review price stage "
      + "phase product initial first needs analysis and of the verzonden gepland in uit gesendet "
      + "geplant en cours envoye envoyee trimisa trimis programat enviada")
      .split(separator: " ").map(String.init)
  )

  /// Won or lost, where the words of a label say that and nothing else.
  private static func ending(of text: String) -> StageKind? {
    let words = Set(ColumnWords(text.replacing("(", with: " ")).words)
      .filter { !$0.allSatisfy(\.isNumber) }
    let rest = words.subtracting(["close", "deal", "sales"])
    if rest == ["won"] { return .won }
    return rest == ["lost"] ? .lost : nil
  }

  // MARK: Flags and moments of the outcome

  static let wonFlags = ["iswon", "won", "isclosedwon", "closedwon", "wonflag", "gewonnen"]
  static let lostFlags = [
    "islost", "lost", "isclosedlost", "closedlost", "lostflag", "verloren",
  ]
  static let closedFlags = [
    "isclosed", "closed", "isdealclosed", "closedflag", "geschlossen", "gesloten", "inchis",
  ]
  static let wonMoments = ["wontime", "wondate", "datewon", "wonat", "wonon"]
  static let lostMoments = ["losttime", "lostdate", "datelost", "lostat", "loston"]
  /// Dates of the last change of stage.
  static let lastMoves = [
    "laststagechange", "laststagechangeat", "laststagechangeon", "laststagechangedate",
    "laststagechangeddate", "stagechangedate", "stagechangedat", "laststageupdate",
    "datemovedtostage", "stageupdatedat",
  ]
  static let states = ["status", "statustype", "state", "dealstatus", "opportunitystatus"]

  /// Columns that say in which currency a row is.
  static let currencies = [
    "currency", "currencycode", "currencyisocode", "dealcurrency", "dealcurrencycode",
    "currencyofvalue", "valuta", "moneda", "wahrung",
  ]

  /// The currency that a name says in brackets or after its last space: `Amount (EUR)`, `Cost RON`.
  static func currency(inName name: String) -> String? {
    let codes: Set<String> = [
      "EUR", "USD", "GBP", "RON", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "CAD", "AUD",
      "JPY", "INR", "BRL", "MXN",
    ]
    let words = name.split { !($0.isLetter || $0.isNumber) }.map { String($0).uppercasedASCII }
    return words.count > 1 ? words.last.flatMap { codes.contains($0) ? $0 : nil } : nil
  }

  /// What kinds of spend are called.
  static let spendKinds: [String: String] = [
    "ads": "media", "advertising": "media", "media": "media", "paid media": "media",
    "ad spend": "media", "wages": "labour", "salaries": "labour", "labour": "labour",
    "labor": "labour", "people": "labour", "sales": "sales", "sales cost": "sales",
    "materials": "materials", "material": "materials",
  ]

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
    return said.count == 1 ? said.first.flatMap { milestonesByMeaning[$0] } : nil
  }

  private static let milestonesByMeaning = [
    "mql": "mql", "sql": "sql", "sal": "sal", "deal": "opportunity", "won": "customer",
    "qualified": "qualified", "booking": "customer",
  ]
}
