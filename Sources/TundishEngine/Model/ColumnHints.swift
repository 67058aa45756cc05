internal import TundishSyntax

/// The column names that tell what a column means, by role and attribute, best first.
///
/// Names are compared as `plain` makes them: without case, marks and punctuation, without the
/// prefixes and suffixes of loaders (`property_`, `hs_`, `__c`) and without the entity of a report's
/// header (`Deal - Won time`).
enum ColumnHints {
  /// An attribute and the names that tell it, in the order in which a model lists attributes.
  typealias Attributes = [(attribute: String, names: [String])]

  /// Columns that say what happened.
  static let eventNames = ["eventtype", "eventname", "event", "action"]

  private static let creation = [
    "createddate", "createdat", "createdate", "addtime", "createdtime", "datecreated",
    "creationdate", "createdon", "creationtime", "created", "dealcreated", "leadcreated",
    "aangemaaktop", "aanmaakdatum", "aangemaakt", "datacreare", "datacrearii", "creatla",
    "erstelltam", "erstelldatum", "erstellt", "dateentered", "addedon", "dateadded",
    "datecreatedutc", "creationlog", "signedup", "signedupat", "signedupon", "joinedat", "joinedon",
    "registeredat", "registeredon",
  ]
  private static let sources = [
    "leadsource", "source", "bron", "leadbron", "sursa", "quelle", "herkunft", "leadquelle",
    "originalsource", "channel", "kanaal", "canal", "kanal", "utmsource", "analyticssource",
    "origin", "leadorigin", "acquisitionchannel", "marketingchannel", "leadsourcecode",
    "leadsourcename",
  ]
  private static let campaigns = [
    "campaignid", "campaign", "campaignname", "primarycampaignsource", "campaignsource",
    "utmcampaign", "campagne", "campanie", "kampagne", "acquisitionprogram", "program",
    "programname",
  ]
  private static let owners = [
    "salesagent", "owner", "ownerid", "salesrep", "rep", "repname", "salesperson", "assignedto",
    "ownername", "owneremail", "dealowner", "leadowner", "contactowner", "opportunityowner",
    "hubspotownerid", "ownedby", "assignee", "accountexecutive", "ae", "seller", "username",
    "userid", "agent", "eigenaar", "verkoper", "accountmanager", "proprietar", "vanzator",
    "verkaufer", "verkaeufer", "inhaber", "besitzer", "srid", "responsible", "responsibleuser",
    "responsibleperson", "assigneduser", "assignedtouser", "assignedusername", "assigneduserid",
    "ownerdisplayname", "members", "assignees", "user",
  ]
  private static let accounts = [
    "account", "accountid", "accountname", "company", "companyid", "companyname",
    "associatedcompany", "organization", "organisation", "orgid", "potentialcustomer", "customer",
    "customerid", "customername", "klant", "bedrijf", "client", "firma", "kunde", "party",
    "ragionesociale", "razonsocial", "raisonsociale", "razaosocial", "relatie",
  ]

  static let opportunities: Attributes = [
    (
      "KEY",
      [
        "opportunityid", "dealid", "oppid", "id", "opportunitykey", "recordid", "opportunity",
        "kansnummer", "kansid", "dealnumber", "dealno", "opportunitynumber", "dealnummer",
        "idoportunitate", "nr", "chancenid",
      ]
    ),
    ("CREATED", ["engagedate"] + creation + ["opendate", "openedat", "openedon", "opened"]),
    (
      "CLOSED",
      [
        "actualclosedate", "completeddate", "dealclosedon", "closedate", "closedat", "closeddate",
        "closedon", "closingdate", "closetime", "dateclosed", "sluitdatum", "gesloten",
        "geslotenop", "datainchidere", "datainchiderii", "inchisla", "abschlussdatum",
        "abgeschlossenam",
      ]
    ),
    (
      "EXPECTED",
      [
        "expectedclosedate", "expectedclose", "datedeadline", "expectedclosingdate", "estclosedate",
        "estimatedclosedate", "forecastclosedate", "verwachtesluitdatum", "dataestimata",
        "closedate",
      ]
    ),
    (
      "AMOUNT",
      [
        "closevalue", "amount", "dealvalue", "dealamount", "value", "totalvalue", "actualrevenue",
        "estrevenue", "estimatedrevenue", "estimatedvalue", "revenue", "bedrag", "waarde",
        "valoare", "suma", "betrag", "wert", "pipelinevalue", "contractvalue", "acv", "tcv", "arr",
        "pipeline", "bidamount", "likely", "total", "sale", "valorunico",
      ]
    ),
    (
      "STAGE",
      [
        "dealstage", "stagename", "stage", "opportunitystage", "pipelinestage", "stageid",
        "dealpipelinestageid", "dealstageid", "salesstage", "entitystatus", "statuslabel", "fase",
        "stadium", "etapa", "stadiu",
        "phase", "status", "statusname", "stare", "outcome", "result",
        "milestone", "listname", "lifecyclestage",
      ]
    ),
    ("OWNER", owners),
    ("ACCOUNT", accounts),
    ("PRODUCT", ["product", "productid", "productname", "produs", "produkt"]),
    (
      "LEAD",
      ["leadid", "leadnumber", "leadno", "lead", "originatinglead", "originatingleadid", "mqlid"]
    ),
    ("SOURCE", sources),
    ("CAMPAIGN", campaigns),
    (
      "LOSS_REASON",
      [
        "lossreason", "lostreason", "lostreasonid", "closedlostreason", "reasonlost",
        "reasonforloss",
        "verliesreden", "redenverlies", "motivpierdere", "verlustgrund",
      ]
    ),
    (
      "PROBABILITY",
      [
        "probability", "winprobability", "dealprobability", "dealstageprobability",
        "forecastprobability", "probabilitypct", "probabilitypercent", "winchance", "prob",
      ]
    ),
  ]

  static let leads: Attributes = [
    (
      "KEY",
      [
        "leadid", "mqlid", "leadnumber", "leadno", "id", "contactid", "recordid", "leadnummer",
        "vid",
      ]
    ),
    ("VISITOR", ["visitorid", "visitor", "anonymousid", "clientid", "cookieid", "userpseudoid"]),
    (
      "CREATED",
      creation + [
        "becamealeaddate", "lifecyclestageleaddate", "leaddate", "leadat", "leadcreatedat",
        "signupdate", "firstcontactdate", "submittedat", "date", "datum", "data", "day", "month",
      ]
    ),
    (
      "CONVERTED",
      [
        "converteddate", "convertedat", "conversiondate", "convertdate", "converteddatetime",
        "convertedtime", "becameacustomerdate", "lifecyclestagecustomerdate", "isconverted",
        "converted", "geconverteerd", "convertit",
      ]
    ),
    (
      "OPPORTUNITY",
      [
        "convertedopportunityid", "opportunityid", "dealid", "converteddealid", "converteddeal",
        "crmopportunityid", "crmdealid", "associateddealids", "qualifyingopportunity",
        "qualifyingopportunityid",
      ]
    ),
    ("OWNER", owners),
    ("ACCOUNT", ["convertedaccountid", "accountid", "associatedcompanyid"]),
    ("SOURCE", sources),
    ("CAMPAIGN", campaigns),
    (
      "RESPONDED",
      [
        "firstresponseat", "firstresponsedate", "firstresponsetime", "respondedat",
        "firstcontactedat", "firstcontactat", "firsttouchedat", "salesfirstengagementdate",
        "firstcalledat",
      ]
    ),
    ("ACCEPTED", ["acceptedat", "accepteddate", "salesacceptedat", "salesaccepted", "saldate"]),
  ]

  static let history: Attributes = [
    (
      "KEY",
      [
        "opportunityid", "dealid", "oppid", "leadid", "entityid", "parentid", "objectid",
        "recordid", "kansnummer", "id",
      ]
    ),
    (
      "STAGE",
      [
        "stagename", "tostage", "newstage", "stage", "newvalue", "dealstage", "stageid", "value",
        "fase", "etapa", "phase", "newstagename", "newstatus", "tostatus", "aftervaluestring",
        "aftervalue", "tovalue", "to", "after", "status",
      ] + eventNames
    ),
    (
      "AT",
      [
        "changedat", "dateentered", "enteredat", "entrydate", "createddate", "createdat",
        "changedate", "changedon", "editdate", "timestamp", "eventtime", "eventat", "eventdate",
        "eventtimestamp", "occurredat", "happenedat", "movedat", "movedon", "transitiondate",
        "transitionedat", "logtime",
        "fivetranstart", "activitydate", "date",
        "at", "datum", "data",
      ]
    ),
    ("OWNER", ["owner", "ownerid"]),
    ("AMOUNT", ["amount"]),
    ("EXPECTED", ["expectedclosedate"]),
  ]

  static let visits: Attributes = [
    ("KEY", ["sessionid", "visitid", "gasessionid", "id"]),
    (
      "VISITOR",
      ["visitorid", "visitor", "clientid", "userpseudoid", "cookieid", "userid", "anonymousid"]
    ),
    (
      "AT",
      [
        "startedat", "visitedat", "sessionstart", "sessionstartedat", "starttime", "visitdate",
        "sessiondate", "timestamp", "eventtimestamp", "eventdate", "date", "at", "datum", "data",
      ]
    ),
    (
      "SOURCE",
      ["utmsource", "source", "channel", "sessionsource", "defaultchannelgroup", "trafficsource"]
    ),
  ]

  static let touches: Attributes = [
    ("LEAD", ["leadid", "contactid", "lead"]),
    ("OPPORTUNITY", ["opportunityid", "dealid"]),
    (
      "AT",
      [
        "touchedat", "touchdate", "touchpointdate", "touchtime", "timestamp", "occurredat", "date",
        "createddate", "at",
      ]
    ),
    ("CHANNEL", ["channel", "source", "medium", "touchchannel", "kanaal"]),
    ("CAMPAIGN", ["campaignid", "campaign", "campaignname", "utmcampaign"]),
  ]

  static let spend: Attributes = [
    (
      "AT",
      [
        "month", "date", "day", "week", "weekof", "weekstarting", "weekbeginning",
        "weekcommencing", "weekstart", "at", "spenddate", "period", "startdate", "maand", "datum",
        "luna", "data", "monat",
      ]
    ),
    (
      "AMOUNT",
      [
        "cost", "spend", "adspend", "actualcost", "amount", "spent", "amountspent", "costs",
        "kosten", "uitgaven", "cheltuieli", "cost_ron", "ausgaben", "budget", "suma", "bedrag",
        "montant", "betrag", "importe", "importo", "valor", "valoare", "total",
      ]
    ),
    (
      "CAMPAIGN",
      ["campaignname", "campaign", "campaignid", "campagne", "campanie", "kampagne", "program"]
    ),
    (
      "SOURCE",
      ["channel", "source", "utmsource", "leadsource", "kanaal", "canal", "kanal", "bron"]
    ),
    ("KIND", ["kind", "costtype", "spendtype", "category", "type", "soort", "tip"]),
  ]

  static let quotas: Attributes = [
    ("OWNER", owners),
    (
      "PERIOD",
      [
        "period", "quarter", "month", "half", "halfyear", "semester", "fiscalperiod",
        "fiscalquarter", "quotaperiod", "quotadate", "startdate", "periodstart", "date", "kwartaal",
        "maand", "trimestru", "luna", "quartal", "monat", "year", "fiscalyear", "jaar", "jahr",
        "annee", "ano", "anul",
      ]
    ),
    ("AMOUNT", ["quota", "amount", "target", "quotaamount", "doel", "tinta", "ziel"]),
  ]

  static let activities: Attributes = [
    ("LEAD", ["leadid", "whoid", "contactid", "personid"]),
    ("OPPORTUNITY", ["opportunityid", "oppid", "dealid", "whatid"]),
    (
      "AT",
      [
        "calledat", "activitydate", "activitydatetime", "occurredat", "startedat", "starttime",
        "timestamp", "date", "createddate", "createdat", "at", "duedate", "addtime",
      ]
    ),
    ("KIND", ["kind", "type", "activitytype", "tasksubtype"]),
    ("OWNER", owners),
  ]

  static let customers: Attributes = [
    ("KEY", ["customerid", "id", "clientid", "klantnummer"]),
    (
      "SINCE",
      [
        "firstorder", "firstorderdate", "since", "customersince", "becamecustomer", "klantsinds",
        "createdat", "createddate",
      ]
    ),
    ("ACCOUNT", ["accountid", "account"]),
  ]

  static let subscriptions: Attributes = [
    ("KEY", ["subscriptionid", "id"]),
    ("CUSTOMER", ["customerid", "customer", "accountid", "account", "company", "customername"]),
    (
      "START",
      [
        "started", "startdate", "startedat", "start", "begindate", "activatedat", "activationdate",
        "createdat", "created",
      ]
    ),
    (
      "END",
      [
        "ended", "enddate", "endedat", "end", "canceledat", "cancelledat", "churnedat",
        "churndate", "cancellationdate",
      ]
    ),
    (
      "AMOUNT",
      [
        "mrr", "monthlyrecurringrevenue", "monthlyamount", "monthlyprice", "amount", "price",
        "planamount",
      ]
    ),
    (
      "INTERVAL",
      [
        "interval", "billinginterval", "planinterval", "billingperiod", "billingcycle",
        "billingfrequency", "frequency", "billingterm", "periodunit", "billingperiodunit",
      ]
    ),
  ]

  /// A table that holds one stage.
  static let stage: Attributes = [
    ("KEY", ["id", "bookingid", "orderid", "ordernumber", "orderno", "invoicenumber"]),
    (
      "AT",
      [
        "date", "at", "mqldate", "mqlat", "sqldate", "sqlat", "bookedon", "bookedat",
        "bookingdate", "orderdate", "wondate", "closedate", "closeddate", "datum", "data",
      ] + creation + ["paidat", "day", "month", "timestamp"]
    ),
    (
      "AMOUNT",
      [
        "amount", "value", "revenue", "bookings", "bookingamount", "total", "price", "bedrag",
        "omzet", "valoare", "betrag", "umsatz",
      ]
    ),
    ("OWNER", owners),
    ("ACCOUNT", accounts),
    ("PRODUCT", ["product", "productid", "productname"]),
    ("SOURCE", sources),
    ("CAMPAIGN", campaigns),
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
    case .mqls, .sqls, .bookings: stage
    }
  }
}
