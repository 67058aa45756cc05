internal import TundishSyntax

extension RoleScope {
  /// Attributes that are dates, amounts or conditions, by which nothing is cut.
  static let figures: Set<String> = [
    "key", "created", "converted", "closed", "expected", "amount", "at", "period", "count", "since",
    "start", "end", "responded", "accepted", "won", "lost", "disqualified", "counted",
  ]

  /// The attributes that a role may have, in lower case.
  static func knownAttributes(of role: ModelRole) -> Set<String> {
    switch role {
    case .leads:
      [
        "key", "visitor", "created", "converted", "opportunity", "owner", "source", "campaign",
        "responded", "accepted", "account", "count",
      ]
    case .opportunities:
      [
        "key", "created", "closed", "expected", "amount", "stage", "owner", "account", "product",
        "lead", "source", "campaign", "loss_reason", "probability", "count",
      ]
    case .history: ["key", "stage", "at", "owner", "amount", "expected"]
    case .visits: ["key", "visitor", "at", "source", "count"]
    case .touches: ["lead", "opportunity", "at", "channel", "campaign"]
    case .spend: ["at", "amount", "campaign", "source", "kind"]
    case .quotas: ["owner", "period", "amount"]
    case .activities: ["lead", "opportunity", "at", "kind", "owner"]
    case .customers: ["key", "since", "account"]
    case .subscriptions: ["key", "customer", "start", "end", "amount", "interval"]
    case .mqls, .sqls, .bookings:
      ["key", "at", "amount", "owner", "source", "campaign", "account", "product", "count"]
    }
  }
}

extension String {
  /// Letters a to z in upper case.
  var uppercasedASCII: String {
    String(decoding: utf8.map { $0 >= 0x61 && $0 <= 0x7A ? $0 & 0xDF : $0 }, as: UTF8.self)
  }
}
