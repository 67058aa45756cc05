internal import TundishSyntax

/// The column names that tell what a column means, by role and attribute, best first.
///
/// Names are compared without case, underscores, spaces and the suffix `__c`.
enum ColumnHints {
  /// An attribute and the names that tell it, in the order in which a model lists attributes.
  typealias Attributes = [(attribute: String, names: [String])]

  static let opportunities: Attributes = [
    ("KEY", ["opportunityid", "dealid", "oppid", "id", "opportunitykey", "recordid"]),
    (
      "CREATED",
      [
        "engagedate", "createddate", "createdat", "createdate", "addtime", "createdtime",
        "datecreated", "creationdate", "createdon", "opendate", "created", "propertycreatedate",
      ]
    ),
    (
      "CLOSED",
      [
        "closedate", "closedat", "closeddate", "closingdate", "closetime", "dateclosed",
        "propertyclosedate", "actualclosedate",
      ]
    ),
    ("EXPECTED", ["expectedclosedate", "expectedclose", "expectedclosingdate"]),
    (
      "AMOUNT",
      [
        "closevalue", "amount", "dealvalue", "dealamount", "value", "propertyamount",
        "opportunityamount", "price",
      ]
    ),
    (
      "STAGE",
      [
        "dealstage", "stagename", "stage", "opportunitystage", "pipelinestage", "stageid",
        "propertydealstage", "dealpipelinestageid", "status",
      ]
    ),
    (
      "OWNER",
      [
        "salesagent", "owner", "ownerid", "salesrep", "rep", "salesperson", "assignedto",
        "ownername", "dealowner", "opportunityowner", "hubspotownerid", "userid", "agent",
      ]
    ),
    (
      "ACCOUNT",
      [
        "account", "accountid", "accountname", "company", "companyid", "customer", "customerid",
        "orgid",
      ]
    ),
    ("PRODUCT", ["product", "productid", "productname"]),
    ("LEAD", ["leadid", "lead"]),
    ("SOURCE", ["leadsource", "source", "originalsource", "utmsource"]),
    ("CAMPAIGN", ["campaignid", "campaign", "campaignname"]),
    ("LOSS_REASON", ["lossreason", "lostreason", "closedlostreason", "reasonlost"]),
  ]

  static let leads: Attributes = [
    ("KEY", ["leadid", "id", "contactid", "recordid"]),
    ("VISITOR", ["visitorid", "visitor", "anonymousid"]),
    (
      "CREATED",
      [
        "createddate", "createdat", "createdate", "addtime", "createdtime", "datecreated",
        "creationdate", "createdon", "leaddate", "created", "signupdate", "date",
      ]
    ),
    (
      "CONVERTED",
      ["converteddate", "convertedat", "conversiondate", "convertdate", "isconverted", "converted"]
    ),
    ("OPPORTUNITY", ["convertedopportunityid", "opportunityid", "dealid"]),
    (
      "OWNER",
      [
        "owner", "ownerid", "salesrep", "salesagent", "rep", "assignedto", "ownername", "leadowner",
        "hubspotownerid",
      ]
    ),
    ("SOURCE", ["leadsource", "source", "channel", "utmsource", "originalsource"]),
    ("CAMPAIGN", ["campaignid", "campaign", "campaignname", "utmcampaign"]),
    (
      "RESPONDED",
      ["firstresponseat", "firstresponsedate", "respondedat", "firstcontactat", "firstcontactdate"]
    ),
    ("ACCEPTED", ["acceptedat", "accepteddate", "salesacceptedat", "saldate"]),
  ]

  static let history: Attributes = [
    ("KEY", ["opportunityid", "dealid", "oppid", "leadid", "entityid"]),
    ("STAGE", ["stagename", "stage", "newvalue", "dealstage", "tostage", "newstage"]),
    (
      "AT",
      [
        "changedat", "createddate", "createdat", "changedate", "date", "timestamp", "enteredat",
        "at",
      ]
    ),
    ("OWNER", ["owner", "ownerid"]),
    ("AMOUNT", ["amount"]),
  ]

  static let visits: Attributes = [
    ("KEY", ["sessionid", "visitid", "id"]),
    ("VISITOR", ["visitorid", "visitor", "userid", "anonymousid"]),
    (
      "AT",
      [
        "startedat", "visitedat", "sessionstart", "date", "timestamp", "at", "starttime",
        "visitdate", "sessiondate",
      ]
    ),
    ("SOURCE", ["utmsource", "source", "channel"]),
  ]

  static let touches: Attributes = [
    ("LEAD", ["leadid", "contactid", "lead"]),
    ("OPPORTUNITY", ["opportunityid", "dealid"]),
    ("AT", ["touchedat", "touchdate", "timestamp", "date", "createddate", "at"]),
    ("CHANNEL", ["channel", "source", "medium"]),
    ("CAMPAIGN", ["campaignid", "campaign", "campaignname"]),
  ]

  static let spend: Attributes = [
    ("AT", ["month", "date", "day", "week", "at", "spenddate", "period"]),
    ("AMOUNT", ["cost", "spend", "amount", "budget", "spent"]),
    ("CAMPAIGN", ["campaignid", "campaign", "campaignname"]),
    ("SOURCE", ["channel", "source", "utmsource", "leadsource"]),
    ("KIND", ["kind", "costtype", "category", "type"]),
  ]

  static let quotas: Attributes = [
    (
      "OWNER",
      ["owner", "ownerid", "agent", "salesagent", "rep", "salesrep", "salesperson", "owneremail"]
    ),
    ("PERIOD", ["period", "quarter", "month", "quotadate", "startdate", "date"]),
    ("AMOUNT", ["quota", "amount", "target", "quotaamount"]),
  ]

  static let activities: Attributes = [
    ("LEAD", ["leadid", "whoid", "contactid"]),
    ("OPPORTUNITY", ["opportunityid", "oppid", "dealid", "whatid"]),
    ("AT", ["calledat", "activitydate", "date", "timestamp", "createddate", "at", "duedate"]),
    ("KIND", ["kind", "type", "activitytype", "tasksubtype"]),
    ("OWNER", ["owner", "ownerid", "rep", "salesagent"]),
  ]

  static let customers: Attributes = [
    ("KEY", ["customerid", "id"]),
    (
      "SINCE",
      [
        "firstorder", "firstorderdate", "since", "customersince", "becamecustomer", "createdat",
        "createddate",
      ]
    ),
    ("ACCOUNT", ["accountid", "account"]),
  ]

  static let subscriptions: Attributes = [
    ("KEY", ["subscriptionid", "id"]),
    ("CUSTOMER", ["customerid", "customer", "accountid", "account"]),
    ("START", ["started", "startdate", "startedat", "start", "createdat"]),
    ("END", ["ended", "enddate", "endedat", "end", "canceledat", "cancelledat", "churnedat"]),
    ("AMOUNT", ["mrr", "monthlyamount", "amount", "price", "monthlyprice"]),
  ]

  /// The attributes of a role.
  static func attributes(of role: ModelRole) -> Attributes {
    switch role {
    case .leads: leads
    case .opportunities: opportunities
    case .history: history
    case .visits: visits
    case .touches: touches
    case .spend: spend
    case .quotas: quotas
    case .activities: activities
    case .customers: customers
    case .subscriptions: subscriptions
    }
  }

  /// A name as it is compared.
  static func plain(_ name: String) -> String {
    var text = foldedText(name)
    if text.hasSuffix("__c") { text.removeLast(3) }
    return String(
      decoding: text.utf8.filter { $0 != 0x5F && $0 != 0x20 && $0 != 0x2D },
      as: UTF8.self
    )
  }

  /// What a table is called without the marks of loaders: `sf_account_data` is `account`.
  static func tableStem(_ name: String) -> String {
    var words = foldedText(name).split(separator: "_").map(String.init)
    let marks: Set<String> = [
      "sf", "salesforce", "hubspot", "hs", "stg", "src", "raw", "pipedrive", "zoho",
    ]
    while words.count > 1, let first = words.first, marks.contains(first) { words.removeFirst() }
    if words.count > 1, words.last == "data" { words.removeLast() }
    return plain(words.joined(separator: "_"))
  }

  /// Words of a table's name that let it play a role.
  static func tableWords(of role: ModelRole) -> [String] {
    switch role {
    case .leads: ["lead", "prospect", "contact"]
    case .opportunities: ["opportunit", "deal", "pipeline", "opps"]
    case .history: ["history", "stagechange", "stagelog"]
    case .visits: ["visit", "session"]
    case .touches: ["touch", "campaignmember"]
    case .spend: ["spend", "cost", "adspend"]
    case .quotas: ["quota"]
    case .activities: ["call", "activit", "task"]
    case .customers: ["customer"]
    case .subscriptions: ["subscription", "subs"]
    }
  }

  static let wonLabels: Set<String> = [
    "won", "closed won", "closedwon", "closed-won", "closed - won", "gewonnen", "castigat",
    "câștigat", "deal won", "ganado", "gagné",
  ]
  static let lostLabels: Set<String> = [
    "lost", "closed lost", "closedlost", "closed-lost", "closed - lost", "verloren", "pierdut",
    "deal lost", "perdido", "perdu",
  ]
  static let holdLabels: Set<String> = ["on hold", "hold", "parked", "paused"]
  static let disqualifiedLabels: Set<String> = [
    "unqualified", "disqualified", "not qualified", "niet gekwalificeerd",
  ]
}
