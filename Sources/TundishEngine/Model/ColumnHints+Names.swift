internal import TundishColumns
internal import TundishSyntax

// How names and labels are compared, and the words that names of tables and labels consist of.
extension ColumnHints {
  /// A column's name as it is compared.
  static func plain(_ name: String) -> String { plainNames[name] }

  private static let plainNames = NameCache<String> { readPlain($0) }

  private static func readPlain(_ name: String) -> String {
    var text = folded(withoutRemarks(numbered(name)))
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

  /// A name whose sign of numbers is a word: `N° affaire`, `Nº pedido`, `№`.
  static func numbered(_ name: String) -> String {
    guard !name.utf8.allSatisfy({ $0 < 0x80 }) else { return name }
    return name.replacing("№", with: "nr ").replacing("N°", with: "nr ")
      .replacing("n°", with: "nr ").replacing("Nº", with: "nr ").replacing("nº", with: "nr ")
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
        "dealflow", "audit", "historie", "istoric", "verlauf", "historique", "historial",
      ]
    case .visits: ["visit", "session", "bezoek", "vizit", "besuch"]
    case .touches: ["touch", "campaignmember"]
    case .spend:
      [
        "spend", "cost", "marketingbudget", "kosten", "uitgaven", "cheltuieli", "ausgaben",
        "depenses", "gastos", "investimento", "koszty", "naklady", "koltseg", "omkostning",
        "kostnad", "udgift", "utgift", "harcama", "wydatki", "investiment", "pubblicit",
        "publicidad", "publicitat", "publicite", "reklam", "adperformance", "campaignperformance",
        "campaignstats",
      ]
    case .quotas:
      [
        "quota", "target", "goal", "salestarget", "doelstelling", "tinte", "objectif", "objetivo",
        "ziele",
        "salesbudget", "saljbudget", "salgsbudget", "verkoopbudget", "vertriebsbudget",
        "umsatzziel", "saljmal", "salgsmal",
      ]
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
    "currencyofvalue", "valuta", "moneda", "wahrung", "devise", "moeda", "waluta", "mena",
  ]

  /// The columns that may say the currency of an amount, best first.
  ///
  /// `Amount Currency` and `Amount (Currency)` speak of that amount, `Currency` of the row, and so
  /// does `Deal currency`; `Account Currency` or that of another amount does not.
  static func currencies(of amount: Field, in fields: [Field]) -> [Field] {
    let own = currencyWords(amount.name)
    let known = fields.filter { $0.type.isText && currencyWords($0.name).contains("currency") }
    let ofAmount = known.filter { currencyWords($0.name).subtracting(["currency"]) == own }
    let ofRow = currencies.compactMap { name in
      fields.first { $0.type.isText && plain($0.name) == name }
    }
    let passing = own.union(["currency", "id", "iso", "deal", "booking", "sales", "amount"])
    return ofAmount + ofRow + known.filter { currencyWords($0.name).isSubset(of: passing) }
  }

  /// What the words of a name mean, those in brackets among them.
  private static func currencyWords(_ name: String) -> Set<String> {
    Set(ColumnWords(name.replacing("(", with: " ").replacing(")", with: " ")).words)
  }

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
}
