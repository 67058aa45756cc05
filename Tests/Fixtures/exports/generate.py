#!/usr/bin/env python3
"""Makes small exports in the shapes in which CRMs and spreadsheets hand them over.

    python3 Tests/Fixtures/exports/generate.py

All firms, people and numbers are invented; the same files come out every time.
"""
import csv
import datetime
import json
import pathlib
import random

HERE = pathlib.Path(__file__).parent
REPS = ["Ida Bergman", "Jon Okafor", "Kim Larsen"]
CHANNELS = ["Web", "Referral", "Event"]
FIRMS = ["Aster Foods", "Birch Works", "Cedar Labs", "Dune Media", "Elm Freight", "Fjord Energy"]
START = datetime.date(2026, 1, 5)


def write(path, header, rows, delimiter=",", footer=(), encoding="utf-8"):
    file = HERE / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "w", newline="", encoding=encoding) as out:
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
        for line in footer:
            out.write(line + "\n")


def deals(seed, count=24):
    """Deals of an invented firm: one dictionary each."""
    generator = random.Random(seed)
    result = []
    for number in range(1, count + 1):
        created = START + datetime.timedelta(days=generator.randrange(0, 120))
        cycle = generator.randrange(5, 60)
        outcome = generator.choices(["won", "lost", "open"], [4, 3, 3])[0]
        result.append({
            "id": number, "created": created, "outcome": outcome,
            "ended": created + datetime.timedelta(days=cycle),
            "firm": generator.choice(FIRMS), "rep": generator.choice(REPS),
            "channel": generator.choice(CHANNELS), "value": generator.randrange(8, 90) * 100,
        })
    return result


def pick(deal, won, lost, opened):
    if deal["outcome"] == "won":
        return won
    return lost if deal["outcome"] == "lost" else opened[deal["id"] % len(opened)]


def closed(deal):
    return deal["ended"] if deal["outcome"] != "open" else ""


def hubspot():
    stages = ["Appointment Scheduled", "Qualified To Buy", "Contract Sent"]
    rows = [[9000 + d["id"], f"{d['firm']} deal", pick(d, "Closed Won", "Closed Lost", stages),
             f"{d['ended']} 09:30", d["value"], d["rep"], f"{d['created']} 08:15", "Sales Pipeline",
             d["firm"]] for d in deals(1)]
    write("hubspot/hubspot-crm-exports-all-deals-2026-05-01.csv",
          ["Record ID", "Deal Name", "Deal Stage", "Close Date", "Amount", "Deal owner", "Create Date",
           "Pipeline", "Associated Company"], rows)
    contacts = []
    for d in deals(2, 30):
        mql = d["created"] + datetime.timedelta(days=3) if d["id"] % 2 else ""
        sql = d["created"] + datetime.timedelta(days=8) if d["id"] % 4 == 1 else ""
        customer = d["ended"] if d["id"] % 8 == 1 else ""
        stage = "Customer" if customer else "Sales Qualified Lead" if sql else (
            "Marketing Qualified Lead" if mql else "Lead")
        contacts.append([500 + d["id"], f"person{d['id']}@example.com", stage, d["channel"], d["rep"],
                         d["created"], d["created"], mql, sql, customer])
    write("hubspot/hubspot-crm-exports-all-contacts-2026-05-01.csv",
          ["Record ID", "Email", "Lifecycle Stage", "Original Source", "Contact owner", "Create Date",
           "Became a Lead Date", "Became a Marketing Qualified Lead Date",
           "Became a Sales Qualified Lead Date", "Became a Customer Date"], contacts)


def hubspot_etl():
    stages = [("appointmentscheduled", "Appointment Scheduled", 0.2, False, False),
              ("contractsent", "Contract Sent", 0.9, False, False),
              ("closedwon", "Closed Won", 1.0, True, True), ("closedlost", "Closed Lost", 0.0, True, False)]
    write("hubspot_etl/deal_pipeline_stages.csv",
          ["stage_id", "label", "probability", "is_closed", "closed_won", "_fivetran_synced"],
          [[*s, "2026-05-01 00:00:00"] for s in stages])
    write("hubspot_etl/deals.csv",
          ["deal_id", "deal_pipeline_stage_id", "owner_id", "property_dealname", "property_amount",
           "property_closedate", "property_createdate", "_fivetran_synced"],
          [[d["id"], pick(d, "closedwon", "closedlost", ["appointmentscheduled", "contractsent"]),
            REPS.index(d["rep"]) + 71, f"{d['firm']} deal", d["value"], f"{d['ended']} 10:00:00",
            f"{d['created']} 08:00:00", "2026-05-01 00:00:00"] for d in deals(3)])
    write("hubspot_etl/owners.csv", ["owner_id", "email", "first_name", "last_name"],
          [[71 + i, f"{r.split()[0].lower()}@example.com", *r.split()] for i, r in enumerate(REPS)])


def pipedrive():
    stages = ["Contact Made", "Proposal Made"]
    rows = [[d["id"], f"{d['firm']} deal", d["outcome"].capitalize(), d["value"], "EUR",
             stages[d["id"] % 2], d["rep"], d["firm"], f"{d['created']} 08:00:00",
             f"{d['ended']} 16:00:00" if d["outcome"] == "won" else "",
             f"{d['ended']} 16:00:00" if d["outcome"] == "lost" else "", d["ended"],
             "Price" if d["outcome"] == "lost" else ""] for d in deals(4)]
    write("pipedrive/deals-1234567-1.csv",
          ["Deal - ID", "Deal - Title", "Deal - Status", "Deal - Value", "Deal - Currency of Value",
           "Deal - Stage", "Deal - Owner", "Deal - Organization", "Deal - Deal created",
           "Deal - Won time", "Deal - Lost time", "Deal - Expected close date", "Deal - Lost reason"], rows)


def pipedrive_api():
    file = HERE / "pipedrive_api"
    file.mkdir(parents=True, exist_ok=True)
    rows = [{"id": d["id"], "title": f"{d['firm']} deal", "status": d["outcome"], "value": d["value"],
             "currency": "EUR", "stage_id": d["id"] % 2 + 1, "user_id": REPS.index(d["rep"]) + 1,
             "add_time": f"{d['created']} 08:00:00",
             "won_time": f"{d['ended']} 16:00:00" if d["outcome"] == "won" else None,
             "lost_time": f"{d['ended']} 16:00:00" if d["outcome"] == "lost" else None,
             "close_time": f"{d['ended']} 16:00:00" if d["outcome"] != "open" else None,
             "expected_close_date": str(d["ended"])} for d in deals(5)]
    (file / "deals.json").write_text(json.dumps({"success": True, "data": rows}, indent=1) + "\n")
    write("pipedrive_api/stages.csv", ["id", "name", "pipeline_id", "deal_probability"],
          [[1, "Contact Made", 1, 30], [2, "Proposal Made", 1, 60]])
    write("pipedrive_api/users.csv", ["id", "name", "email"],
          [[i + 1, r, f"{r.split()[0].lower()}@example.com"] for i, r in enumerate(REPS)])


def zoho():
    rows = [[f"zcrm_{d['id']}", d["rep"], d["value"], f"{d['firm']} deal", d["ended"], d["firm"],
             pick(d, "Closed Won", "Closed Lost", ["Qualification", "Needs Analysis", "Negotiation/Review"]),
             d["channel"], f"{d['created']} 08:00:00"] for d in deals(6)]
    write("zoho/Deals_2026_05_01.csv",
          ["Record Id", "Deal Owner", "Amount", "Deal Name", "Closing Date", "Account Name", "Stage",
           "Lead Source", "Created Time"], rows)
    leads = [[f"zl_{d['id']}", d["rep"], d["firm"], d["channel"],
              "Junk Lead" if d["id"] % 7 == 0 else "Contacted", f"{d['created']} 08:00:00",
              "true" if d["id"] % 3 == 0 else "false"] for d in deals(7)]
    write("zoho/Leads_2026_05_01.csv",
          ["Record Id", "Lead Owner", "Company", "Lead Source", "Lead Status", "Created Time",
           "Is Converted"], leads)


def salesforce_report():
    rows = [[d["rep"], d["firm"], f"{d['firm']} deal",
             pick(d, "Closed Won", "Closed Lost", ["Discovery", "Proposal"]), d["created"], d["ended"],
             d["value"], d["channel"], 1 if d["outcome"] == "won" else 0,
             0 if d["outcome"] == "open" else 1] for d in deals(8)]
    write("salesforce_report/report1714550000000.csv",
          ["Opportunity Owner", "Account Name", "Opportunity Name", "Stage", "Created Date", "Close Date",
           "Amount", "Lead Source", "Won", "Closed"], rows,
          footer=["", "", '"Opportunities of the year"', '"Confidential: do not distribute"',
                  '"Generated by Ida Bergman 2026-05-01 09:00"'])


def dynamics():
    rows = [[f"{d['firm']} deal", d["firm"], d["ended"], closed(d), d["value"],
             d["value"] if d["outcome"] == "won" else "", d["outcome"].capitalize(),
             pick(d, "Won", "Canceled", ["In Progress"]), d["rep"], d["created"]] for d in deals(9)]
    write("dynamics/My Opportunities.csv",
          ["Topic", "Potential Customer", "Est. Close Date", "Actual Close Date", "Est. Revenue",
           "Actual Revenue", "Status", "Status Reason", "Owner", "Created On"], rows)


def close():
    rows = [[f"oppo_{d['id']}", f"lead_{d['id']}", d["firm"], pick(d, "Won", "Lost", ["Demo", "Trial"]),
             "active" if d["outcome"] == "open" else d["outcome"], d["value"], d["rep"],
             f"{d['created']}T08:00:00", d["ended"] if d["outcome"] == "won" else "",
             d["ended"] if d["outcome"] == "lost" else ""] for d in deals(10)]
    write("close/opportunities.csv",
          ["id", "lead_id", "lead_name", "status_label", "status_type", "value", "user_name",
           "date_created", "date_won", "date_lost"], rows)
    write("close/leads.csv", ["id", "display_name", "status_label", "source", "date_created"],
          [[f"lead_{d['id']}", d["firm"], "Potential", d["channel"],
            f"{d['created'] - datetime.timedelta(days=4)}T08:00:00"] for d in deals(10)])


def copper():
    rows = [[d["id"], f"{d['firm']} deal", d["firm"], d["rep"], "Sales",
             ["Qualified", "Proposal"][d["id"] % 2],
             {"won": "Won", "lost": "Lost", "open": "Open"}[d["outcome"]], d["value"], d["ended"],
             d["created"], closed(d), d["channel"]] for d in deals(11)]
    write("copper/opportunities.csv",
          ["Opportunity ID", "Name", "Company", "Owned By", "Pipeline", "Stage", "Status", "Value",
           "Close Date", "Created At", "Completed Date", "Source"], rows)


def marketing():
    """The folder of an owner: leads, deals and sheets of spend, quotas, touches, sessions, calls."""
    generator = random.Random(12)
    leads = deals(12, 40)
    write("marketing/leads.csv",
          ["lead_id", "client_id", "created_at", "source", "owner", "mql_at", "sql_at",
           "first_contacted_at"],
          [[f"L{d['id']:02}", f"c{d['id'] % 25}", d["created"], d["channel"], d["rep"],
            d["created"] + datetime.timedelta(days=2) if d["id"] % 3 else "",
            d["created"] + datetime.timedelta(days=6) if d["id"] % 3 == 1 else "",
            d["created"] + datetime.timedelta(days=d["id"] % 4)] for d in leads])
    write("marketing/opportunities.csv",
          ["opportunity_id", "lead_id", "name", "stage", "amount", "created_at", "close_date", "owner",
           "account"],
          [[f"O{d['id']:02}", f"L{d['id']:02}", f"{d['firm']} deal",
            pick(d, "Won", "Lost", ["Proposal", "Demo"]), d["value"],
            d["created"] + datetime.timedelta(days=9), closed(d), d["rep"], d["firm"]]
           for d in leads if d["id"] % 3 == 1])
    stage_rows = []
    for d in leads:
        if d["id"] % 3 != 1:
            continue
        day = d["created"] + datetime.timedelta(days=9)
        steps = ["Demo", "Proposal"] + (["Demo", "Proposal"] if d["id"] % 2 else [])
        for step in steps + ([pick(d, "Won", "Lost", [])] if d["outcome"] != "open" else []):
            stage_rows.append([f"O{d['id']:02}", step, day])
            day += datetime.timedelta(days=generator.randrange(1, 9))
    write("marketing/opportunity_stage_history.csv", ["opportunity_id", "stage", "changed_at"], stage_rows)
    write("marketing/marketing_spend.csv", ["month", "channel", "spend"],
          [[f"2026-{m:02}", c, generator.randrange(5, 30) * 100] for m in range(1, 6) for c in CHANNELS])
    write("marketing/quotas.csv", ["rep", "quarter", "quota"],
          [[r, f"2026-Q{q}", 20000 + 5000 * q] for r in REPS for q in (1, 2)])
    write("marketing/touchpoints.csv", ["lead_id", "touched_at", "channel", "campaign"],
          [[f"L{d['id']:02}", d["created"] - datetime.timedelta(days=n * 5), c, f"{c} spring"]
           for d in leads for n, c in enumerate(generator.sample(CHANNELS, 2))])
    write("marketing/web_sessions.csv", ["session_id", "client_id", "session_start", "source", "medium"],
          [[f"s{n}", f"c{n % 90}", START + datetime.timedelta(days=generator.randrange(120)),
            generator.choice(CHANNELS), "organic"] for n in range(120)])
    write("marketing/calls.csv", ["call_id", "lead_id", "called_at", "rep", "outcome"],
          [[n, f"L{n % 40 + 1:02}", START + datetime.timedelta(days=n), REPS[n % 3], "reached"]
           for n in range(50)])
    write("marketing/subscriptions.csv",
          ["subscription_id", "customer_id", "start_date", "end_date", "mrr"],
          [[n, f"k{n}", START + datetime.timedelta(days=4 * n),
            START + datetime.timedelta(days=4 * n + 60) if n % 4 == 0 else "", 100 + 10 * n]
           for n in range(12)])


def stage_tables():
    """Each stage in its own table; dates and channels are shared, keys are not."""
    everyone = deals(13, 60)
    write("stage_tables/leads.csv", ["date", "channel", "email"],
          [[d["created"], d["channel"], f"p{d['id']}@example.com"] for d in everyone])
    write("stage_tables/mqls.csv", ["date", "channel", "score"],
          [[d["created"] + datetime.timedelta(days=3), d["channel"], 50 + d["id"]]
           for d in everyone if d["id"] % 2])
    write("stage_tables/sqls.csv", ["date", "channel"],
          [[d["created"] + datetime.timedelta(days=8), d["channel"]] for d in everyone if d["id"] % 4 == 1])
    write("stage_tables/opportunities.csv", ["opened", "channel", "pipeline_value"],
          [[d["created"] + datetime.timedelta(days=10), d["channel"], d["value"]]
           for d in everyone if d["id"] % 4 == 1])
    write("stage_tables/bookings.csv", ["booked_on", "channel", "amount"],
          [[d["ended"], d["channel"], d["value"]] for d in everyone if d["id"] % 8 == 1])
    write("stage_tables/ad_spend.csv", ["month", "channel", "spend"],
          [[f"2026-{m:02}-01", c, 1000 + 100 * m] for m in range(1, 6) for c in CHANNELS])


def monthly():
    """What a founder keeps: one row per month and channel."""
    generator = random.Random(14)
    rows = []
    for month in range(1, 7):
        for channel in CHANNELS:
            leads = generator.randrange(40, 120)
            mqls, opportunities, won = leads // 2, leads // 8, leads // 20
            rows.append([f"2026-{month:02}", channel, leads, mqls, opportunities, won, won * 1500,
                         generator.randrange(10, 60) * 100])
    write("monthly/funnel_by_month.csv",
          ["Month", "Channel", "Leads", "MQLs", "Opportunities", "Won", "Bookings", "Spend"], rows)


def one_table():
    """Leads whose later stages are dates of the same row."""
    rows = []
    for d in deals(15, 40):
        day = d["created"]
        mql = day + datetime.timedelta(days=2) if d["id"] % 4 else ""
        opportunity = day + datetime.timedelta(days=9) if d["id"] % 4 in (1, 2) else ""
        won = d["ended"] if opportunity and d["outcome"] == "won" else ""
        lost = d["ended"] if opportunity and d["outcome"] == "lost" else ""
        rows.append([f"L{d['id']}", d["channel"], d["rep"], day, mql, opportunity, won, lost,
                     d["value"] if opportunity else ""])
    write("one_table/leads.csv",
          ["lead_id", "channel", "owner", "created_date", "mql_date", "opportunity_date", "won_date",
           "lost_date", "amount"], rows)


def qualified_leads():
    """Leads and those of them that closed, tied by mql_id."""
    everyone = deals(16, 30)
    write("qualified_leads/marketing_qualified_leads.csv",
          ["mql_id", "first_contact_date", "landing_page_id", "origin"],
          [[f"m{d['id']:03}", d["created"], f"page{d['id'] % 4}", d["channel"].lower()] for d in everyone])
    write("qualified_leads/closed_deals.csv",
          ["mql_id", "seller_id", "sdr_id", "sr_id", "won_date", "business_segment", "lead_type",
           "declared_monthly_revenue"],
          [[f"m{d['id']:03}", f"s{d['id']}", f"sdr{d['id'] % 3}", f"sr{d['id'] % 2}",
            f"{d['ended']} 12:00:00", ["pets", "toys"][d["id"] % 2], "online_medium", 0]
           for d in everyone if d["id"] % 5 == 0])


def history_only():
    rows = []
    for d in deals(17, 12):
        day = d["created"]
        for stage in ["Discovery", "Proposal"] + ([pick(d, "Closed Won", "Closed Lost", [])]
                                                  if d["outcome"] != "open" else []):
            rows.append([d["id"], stage, day, d["rep"]])
            day += datetime.timedelta(days=7)
    write("history_only/deal_stage_history.csv", ["deal_id", "stage", "entered_at", "owner"], rows)


def dutch():
    rows = [[d["id"], d["firm"], pick(d, "Gewonnen", "Verloren", ["Offerte", "Kennismaking"]),
             f"{d['value']},00", d["created"].strftime("%d-%m-%Y"),
             d["ended"].strftime("%d-%m-%Y") if d["outcome"] != "open" else "", d["rep"], d["channel"]]
            for d in deals(18)]
    write("dutch/kansen.csv", ["kansnummer", "klant", "fase", "bedrag", "aangemaakt op", "sluitdatum",
                               "eigenaar", "bron"], rows, delimiter=";")


def romanian():
    rows = [[d["id"], d["firm"], pick(d, "Câștigat", "Pierdut", ["Ofertă", "Negociere"]), d["value"],
             d["created"], closed(d), d["rep"], d["channel"]] for d in deals(19)]
    write("romanian/oportunitati.csv", ["id", "client", "etapa", "valoare", "data creare",
                                        "data închidere", "agent", "sursa"], rows)


def german():
    rows = [[d["id"], d["firm"], pick(d, "Gewonnen", "Verloren", ["Angebot", "Erstgespräch"]), d["value"],
             d["created"].strftime("%d.%m.%Y"), d["ended"].strftime("%d.%m.%Y")
             if d["outcome"] != "open" else "", d["rep"], d["channel"]] for d in deals(20)]
    write("german/verkaufschancen.csv", ["nr", "kunde", "phase", "betrag", "erstellt am",
                                         "abschlussdatum", "verkäufer", "quelle"], rows, delimiter=";")


def two_candidates():
    """Two tables that could both be the opportunities: none may be chosen."""
    for name, seed in (("deals_emea", 21), ("deals_amer", 22)):
        write(f"two_candidates/{name}.csv", ["deal_id", "stage", "amount", "created_at", "close_date"],
              [[d["id"], pick(d, "Won", "Lost", ["Open"]), d["value"], d["created"], closed(d)]
               for d in deals(seed, 8)])


if __name__ == "__main__":
    for make in (hubspot, hubspot_etl, pipedrive, pipedrive_api, zoho, salesforce_report, dynamics, close,
                 copper, marketing, stage_tables, monthly, one_table, qualified_leads, history_only,
                 dutch, romanian, german, two_candidates):
        make()
