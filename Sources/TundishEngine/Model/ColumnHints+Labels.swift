internal import TundishSyntax

// Labels of stages and states, and what they say of a deal.
extension ColumnHints {
  /// Words that say yes.
  static let yesWords = [
    "1", "true", "t", "yes", "y", "x", "ja", "da", "oui", "si", "wahr", "waar",
  ]
  /// Words that say no.
  static let noWords = [
    "0", "false", "f", "no", "n", "nee", "nu", "nein", "non", "falsch", "onwaar", "",
  ]
  static let wonLabels: Set<String> = [
    "won", "closed won", "closedwon", "closed-won", "closed - won", "closed/won", "deal won",
    "gewonnen", "castigat", "castigata", "ganado", "gagne", "vinto", "won deal", "sale won",
    "order", "ordered", "order received", "auftrag", "auftrag erhalten", "bestellt", "opdracht",
    "besteld", "commande", "pedido", "comanda", "ordine", "tilaus",
  ]
  static let lostLabels: Set<String> = [
    "lost", "closed lost", "closedlost", "closed-lost", "closed - lost", "closed/lost",
    "deal lost", "closed lost to competition", "closed-lost to competition", "verloren", "pierdut",
    "pierduta", "perdido", "perdu", "perso", "not taken up", "not sold",
  ]
  /// What else labels say of quotes.
  static let quoteKinds: [String: StageKind] = [
    "approved": .won, "aprovada": .won, "aprovado": .won, "aprobada": .won, "aprobado": .won,
    "approuve": .won, "approuvee": .won, "approvato": .won, "approvata": .won, "goedgekeurd": .won,
    "genehmigt": .won, "accepted": .won, "angenommen": .won, "geaccepteerd": .won, "acceptee": .won,
    "accepte": .won, "aceptada": .won, "aceptado": .won, "acceptata": .won, "accettata": .won,
    "accettato": .won, "aceita": .won, "przyjeta": .won, "accepterad": .won, "accepteret": .won,
    "expired": .lost, "verlopen": .lost, "abgelaufen": .lost, "expiree": .lost,
    "sent": .open, "sendt": .open, "skickad": .open, "verzonden": .open, "verstuurd": .open,
    "versendet": .open, "gesendet": .open, "versandt": .open, "envoye": .open, "envoyee": .open,
    "enviado": .open, "enviada": .open, "enviat": .open, "inviato": .open, "inviata": .open,
    "trimis": .open, "trimisa": .open, "wyslana": .open, "lahetetty": .open, "gonderildi": .open,
    "draft": .open, "concept": .open, "entwurf": .open, "brouillon": .open,
    "vencida": .lost, "scaduta": .lost, "expirata": .lost, "wygasla": .lost,
  ]
  static let holdLabels: Set<String> = ["on hold", "hold", "parked", "paused", "in de wacht"]
  static let disqualifiedLabels: Set<String> = [
    "unqualified", "disqualified", "not qualified", "niet gekwalificeerd", "junk lead", "junk",
    "abandoned", "deleted", "necalificat", "descalificat", "nicht qualifiziert",
  ]
  /// Stages with which the known CRMs are delivered, and words that say that a deal goes on.
  static let openLabels: Set<String> = [
    "open", "active", "in progress", "new", "lopend", "deschis", "offen", "pending", "ongoing",
    "in process", "quoted", "working", "uitstaand", "openstaand", "in behandeling", "actief",
    "in bearbeitung", "laufend", "aktiv", "en cours", "ouvert", "ouverte", "en proceso",
    "en curso", "abierto", "abierta", "em andamento", "aberto", "aberta", "in corso", "aperto",
    "aperta", "in curs", "in lucru", "w toku", "otwarta", "otwarte", "pagaende", "oppen",
    "igangvaerende", "aben", "under offer", "beklemede", "folyamatban", "avoin", "kesken", "acik",
    "devam ediyor", "in attesa",
    "in sospeso", "en attente", "in afwachting", "oczekuje", "oczekujace", "w trakcie", "vantar",
    "venter", "pendiente", "pendente", "in asteptare", "wartend", "ausstehend", "afventer",
    "prospecting", "qualification", "needs analysis", "value proposition", "id. decision makers",
    "identify decision makers", "perception analysis", "proposal/price quote",
    "proposal/quote", "negotiation/review",
    "appointmentscheduled", "appointment scheduled", "qualifiedtobuy", "qualified to buy",
    "presentationscheduled", "presentation scheduled", "decisionmakerboughtin",
    "decision maker bought-in", "contractsent", "contract sent",
    "qualified", "contact made", "demo scheduled", "proposal made", "negotiations started",
    "discovery", "negotiation", "proposal", "incoming", "quote", "closure",
  ]

  /// Whether a label of a lead says that it became a deal, which is offered or negotiated.
  static func isDealStage(_ text: String) -> Bool {
    !Set(label(text).split { !$0.isLetter }.map(String.init)).isDisjoint(with: dealStageWords)
  }

  private static let dealStageWords: Set<String> = [
    "proposal", "quote", "quoted", "quotation", "offer", "opportunity", "negotiation",
    "negotiating",
    "contract", "angebot", "verhandlung", "offerte", "onderhandeling", "devis", "proposition",
    "negociation", "propuesta", "negociacion", "proposta", "negociacao", "offerta", "trattativa",
    "oferta", "negociere", "offert", "tilbud", "tarjous",
  ]

  /// Whether a label says only that a deal goes on, and not how far it came.
  static func isState(_ text: String) -> Bool {
    [
      "open", "active", "in progress", "pending", "ongoing", "offen", "lopend", "en cours",
      "en curso", "in corso", "em andamento", "in curs", "deschis", "abierto", "aberto", "aperto",
      "ouvert", "w toku", "pagaende", "folyamatban", "avoin", "devam ediyor", "acik",
      "in behandeling", "laufend",
    ].contains(label(text))
  }

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
    // `CUSTOMER-Closed Won`: what stands before the dash says whose stage it is.
    for place in text.indices where "-–—:/".contains(text[place]) {
      if let ended = ending(of: String(text[text.index(after: place)...])) { return ended }
    }
    return isNegated(word) ? .lost : nil
  }

  /// `Geen opdracht`, `kein Auftrag`, `not won`: that what would have been won was not.
  private static func isNegated(_ label: String) -> Bool {
    let words = label.split(separator: " ").map(String.init)
    guard words.count >= 2, let first = words.first, negations.contains(first) else { return false }
    let rest = words.dropFirst().joined(separator: " ")
    return wonLabels.contains(rest) || ending(of: rest) == .won
  }

  private static let negations: Set<String> = [
    "not", "no", "geen", "niet", "kein", "keine", "nicht", "non", "pas", "fara", "nu", "nao",
    "inte",
    "ikke", "nie", "sin", "sem", "sans",
  ]

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
      + "screening interview intake "
      + "afspraak contract onderhandeling offerte kennismaking verkenning presentatie "
      + "verhandlung angebot erstgesprach bedarfsanalyse qualifizierung prasentation "
      + "negociation proposition devis decouverte "
      + "kwalificatie qualifikation negociere oferta calificare prezentare negociacion propuesta")
      .split(separator: " ").map(String.init)
  )

  /// Words beside them that change nothing.
  private static let openSideWords: Set<String> = Set(
    ("call meeting scheduled booked held given done sent out made in progress review price stage "
      + "phase product initial first needs analysis and of the verzonden gepland in uit gesendet "
      + "ingepland gestuurd verstuurd inviata inviato enviado skickad sendt wyslana "
      + "geplant en cours envoye envoyee trimisa trimis programat enviada")
      .split(separator: " ").map(String.init)
  )

  /// Won or lost, where the words of a label say that and nothing else.
  private static func ending(of text: String) -> StageKind? {
    let words = Set(ColumnWords(text.replacing("(", with: " ")).words)
      .filter { !$0.allSatisfy(\.isNumber) }
    let rest = words.subtracting(["close", "deal", "sales"])
    if rest == ["won"] || rest == ["won", "booking"] { return .won }
    return rest == ["lost"] ? .lost : nil
  }
}
