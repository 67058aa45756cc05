internal import TundishSyntax

/// What the words of a column's name must say for it to be an attribute, best first; asked where no
/// name of `ColumnHints` is there.
enum ColumnMeanings {
  /// The meanings of an attribute of a role.
  static func meanings(of attribute: String, in role: ModelRole) -> [String] {
    switch (role, attribute) {
    case (.quotas, "AMOUNT"): ["quota", "quota amount", "budget"]
    case (.spend, "AMOUNT"): ["cost", "cost amount", "budget"]
    case (.spend, "AT"), (.quotas, "PERIOD"):
      ["month", "quarter", "week", "period", "start date", "date", "start"]
    case (.spend, "SOURCE"): ["source"]
    case (.history, "STAGE"): ["to stage", "new stage", "stage"]
    case (.history, "AT"), (.touches, "AT"), (.activities, "AT"):
      ["change date", "enter date", "enter", "create date", "start date", "date"]
    case (.history, "KEY"): ["deal id", "lead id"]
    case (.visits, "AT"): ["session start date", "session start", "start date", "session date"]
    case (.visits, "KEY"): ["session id"]
    case (.visits, "VISITOR"): ["visitor id", "visitor", "user id"]
    case (.subscriptions, "CUSTOMER"): ["account id", "account"]
    case (.leads, "CREATED"):
      [
        "create date", "create", "lead date", "first contact date", "first contact", "contact date",
        "date",
      ]
    case (.leads, "KEY"): ["id", "create id"]
    case (.opportunities, "KEY"): ["id", "quote id"]
    case (.bookings, "KEY"): ["id"]
    case (.leads, "CONVERTED"): ["convert date", "convert", "is convert", "convert to paid"]
    case (.mqls, "AT"): ["mql date", "qualified date", "create date", "create", "date"]
    case (.sqls, "AT"): ["sql date", "qualified date", "create date", "create", "date"]
    case (.bookings, "AT"): ["close date", "close", "create date", "create", "date"]
    case (.bookings, "AMOUNT"): ["amount", "price", "booking", "total"]
    case (.subscriptions, "INTERVAL"): ["interval", "period"]
    default: general[attribute] ?? []
    }
  }

  private static let general: [String: [String]] = [
    "CREATED": [
      "create date", "create", "open date", "open", "first contact date", "first contact",
      "list date", "contact date",
    ],
    "CLOSED": ["actual close", "close date", "close", "result date", "won lost date"],
    "EXPECTED": ["expect close", "expect"],
    "AMOUNT": [
      "actual amount", "amount", "amount net tax", "total net tax", "net total", "won price",
      "sales price", "price",
      "expect amount", "expect total",
    ],
    "STAGE": ["stage", "status", "result"],
    "OWNER": ["owner", "sales owner", "sales", "account owner", "sales contact"],
    "ACCOUNT": ["account"],
    "PRODUCT": ["product"],
    "SOURCE": ["source", "lead source"],
    "CAMPAIGN": ["campaign", "campaign source"],
    "CHANNEL": ["source"],
    "LEAD": ["lead id", "lead", "create id"],
    "OPPORTUNITY": ["convert deal id", "deal id"],
    "LOSS_REASON": ["lost reason", "close lost reason", "reason", "reason status"],
    "CONVERTED": ["convert date", "convert", "is convert"],
    "RESPONDED": ["first respond", "respond date", "first contact date"],
    "ACCEPTED": ["accept date", "accept"],
    "START": ["start date", "start"],
    "END": ["end date", "end", "cancel date", "cancel"],
    "KIND": ["type"],
    "SINCE": ["first date", "create date"],
  ]

  /// Words that may stand beside an attribute's meaning without changing it.
  static func optional(for attribute: String, in role: ModelRole) -> Set<String> {
    var own = entity(of: role)
    switch attribute {
    case "CREATED", "CLOSED", "EXPECTED", "AT", "RESPONDED", "ACCEPTED", "START", "END", "PERIOD",
      "SINCE", "CONVERTED":
      own.formUnion(role == .spend ? ["date", "cost", "period"] : ["date"])
    case "AMOUNT":
      own.formUnion(["total", "currency", "account", "annual", "net", "minor"])
      if role == .opportunities { own.formUnion(["quote", "booking"]) }
    case "OWNER", "STAGE", "ACCOUNT", "PRODUCT":
      own.formUnion(["name", "id", "sales", "current"])
      // `Listing agent`
      if attribute == "OWNER" { own.insert("list") }
    case "SOURCE", "CAMPAIGN", "CHANNEL":
      if role == .leads { own.insert("create") }
      own.formUnion(["name", "id", "original", "type"])
    default: break
    }
    return own
  }

  /// What a role's table calls its own rows.
  static func entity(of role: ModelRole) -> Set<String> {
    switch role {
    case .opportunities: ["deal"]
    case .bookings: ["deal", "booking", "won", "sales"]
    case .leads, .mqls, .sqls: ["lead", "contact"]
    case .visits: ["session"]
    case .quotas: ["quota"]
    case .history, .touches, .spend, .activities, .customers, .subscriptions: []
    }
  }
}
