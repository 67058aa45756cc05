#!/usr/bin/env python3
"""Makes small exports whose columns, stages and months are written in many ways and languages.

    python3 Tests/Fixtures/exports/generate_words.py

Beside `generate.py`, whose deals they are; the same files come out every time.
"""
import datetime
import json

from generate import HERE, REPS, closed, deals, pick, write

DAY = datetime.timedelta(days=1)


def money(value, decimal=",", thousands="."):
    text = f"{value:,.2f}"
    return text.replace(",", "_").replace(".", decimal).replace("_", thousands)


def qualified(deal):
    """The days on which a lead became mql and sql, as far as it came."""
    mql = deal["created"] + 2 * DAY if deal["id"] % 3 else ""
    sql = deal["created"] + 5 * DAY if deal["id"] % 3 == 1 else ""
    return mql, sql


def in_language(folder, seed, form, files):
    """Deals, leads, spend and quotas of one firm, with the headers of a language."""
    everyone = deals(seed, 16)

    def day(value):
        return value.strftime(form) if value else ""

    name, header, labels = files["deals"]
    write(f"{folder}/{name}", header,
          [[d["id"], d["firm"], d["rep"], pick(d, *labels), money(d["value"]) + " €",
            day(d["created"]), day(d["ended"]), day(closed(d)),
            files["reason"] if d["outcome"] == "lost" else "", d["channel"]] for d in everyone],
          delimiter=";")
    name, header = files["leads"]
    write(f"{folder}/{name}", header,
          [[d["id"], d["firm"], d["channel"], d["rep"], day(d["created"]), *map(day, qualified(d))]
           for d in everyone], delimiter=";")
    name, header, months = files["spend"]
    write(f"{folder}/{name}", header,
          [[month, channel, 100 * number + 50 * place] for number, month in enumerate(months, 1)
           for place, channel in enumerate(["Web", "Referral", "Event"])], delimiter=";")
    name, header, quarters = files["quotas"]
    write(f"{folder}/{name}", header,
          [[rep, quarter, 10000 + 1000 * place] for quarter in quarters
           for place, rep in enumerate(REPS)], delimiter=";")


def french():
    in_language("french", 31, "%d/%m/%Y", {
        "deals": ("opportunites.csv",
                  ["N°", "Société", "Commercial", "Étape", "Montant", "Date de création",
                   "Date de clôture prévue", "Date de clôture", "Motif de perte", "Origine"],
                  ("Gagné", "Perdu", ["Découverte", "Proposition envoyée"])),
        "reason": "Prix",
        "leads": ("prospects.csv", ["Identifiant", "Société", "Origine", "Propriétaire",
                                    "Date de création", "Date MQL", "Date SQL"]),
        "spend": ("depenses_marketing.csv", ["Mois", "Canal", "Coût"],
                  ["janv. 2026", "févr. 2026", "mars 2026", "avr. 2026", "mai 2026"]),
        "quotas": ("objectifs.csv", ["Commercial", "Trimestre", "Objectif"], ["T1 2026", "T2 2026"])})


def spanish():
    in_language("spanish", 32, "%d/%m/%Y", {
        "deals": ("oportunidades.csv",
                  ["ID oportunidad", "Empresa", "Comercial", "Etapa", "Importe", "Fecha de creación",
                   "Fecha de cierre prevista", "Fecha de cierre", "Motivo de pérdida", "Origen"],
                  ("Ganada", "Perdida", ["Contacto inicial", "Propuesta"])),
        "reason": "Precio",
        "leads": ("contactos.csv", ["ID", "Empresa", "Origen", "Responsable", "Fecha de alta",
                                    "Fecha MQL", "Fecha SQL"]),
        "spend": ("gastos.csv", ["Mes", "Canal", "Gasto"],
                  [f"01/{month:02}/2026" for month in range(1, 6)]),
        "quotas": ("objetivos.csv", ["Responsable", "Trimestre", "Objetivo"], ["2026-T1", "2026-T2"])})


def german_words():
    in_language("german_words", 33, "%d.%m.%Y", {
        "deals": ("Verkaufschancen.csv",
                  ["Chance-ID", "Firma", "Zuständig", "Verkaufsphase", "Auftragswert",
                   "Erstellungsdatum", "Geplanter Abschluss", "Abschlussdatum", "Verlustgrund",
                   "Leadquelle"], ("Gewonnen", "Verloren", ["Erstgespräch", "Angebot"])),
        "reason": "Preis",
        "leads": ("Interessenten.csv", ["Interessenten-Nr", "Firma", "Herkunft", "Zuständig",
                                        "Angelegt am", "MQL am", "SQL am"]),
        "spend": ("Werbekosten.csv", ["Monat", "Kanal", "Ausgaben"],
                  [f"{month:02}/2026" for month in range(1, 6)]),
        "quotas": ("Vertriebsziele.csv", ["Verkäufer", "Quartal", "Ziel"], ["Q1 2026", "Q2 2026"])})


def dutch_words():
    in_language("dutch_words", 34, "%d-%m-%Y", {
        "deals": ("kansen.csv",
                  ["Kans ID", "Klant", "Verkoper", "Fase", "Waarde", "Aanmaakdatum",
                   "Verwachte sluitdatum", "Gesloten op", "Verliesreden", "Leadbron"],
                  ("Gewonnen", "Verloren", ["Kennismaking", "Offerte verstuurd"])),
        "reason": "Prijs",
        "leads": ("leads.csv", ["Leadnummer", "Bedrijf", "Bron", "Eigenaar", "Toegevoegd op",
                                "MQL-datum", "SQL-datum"]),
        "spend": ("marketingkosten.csv", ["Maand", "Kanaal", "Kosten"],
                  ["jan 2026", "feb 2026", "mrt 2026", "apr 2026", "mei 2026"]),
        "quotas": ("doelstellingen.csv", ["Verkoper", "Kwartaal", "Doel"], ["2026-K1", "2026-K2"])})


def romanian_words():
    in_language("romanian_words", 35, "%d.%m.%Y", {
        "deals": ("oportunitati.csv",
                  ["Nr. crt.", "Client", "Agent vânzări", "Etapă", "Valoare (RON)", "Data creării",
                   "Data estimată", "Data închiderii", "Motiv pierdere", "Sursă"],
                  ("Câștigat", "Pierdut", ["Calificare", "Ofertă trimisă"])),
        "reason": "Preț",
        "leads": ("clienti_potentiali.csv", ["ID", "Firmă", "Sursă", "Agent", "Data creării",
                                             "Data MQL", "Data SQL"]),
        "spend": ("cheltuieli_marketing.csv", ["Luna", "Canal", "Cost (RON)"],
                  [f"{month:02}.2026" for month in range(1, 6)]),
        "quotas": ("tinte.csv", ["Agent", "Trimestru", "Țintă"], ["T1 2026", "T2 2026"])})


def planned_closes():
    """A report in which open deals, too, have a close date, and stages have names of their own."""
    write("planned_closes/report1717171717171.csv",
          ["Opportunity Owner", "Account Name", "Opportunity Name", "Stage", "Fiscal Period",
           "Amount", "Expected Revenue", "Probability (%)", "Age", "Close Date", "Created Date",
           "Lead Source"],
          [[d["rep"], d["firm"], f"{d['firm']} deal",
            pick(d, "Closed Won", "Closed Lost", ["Verbal", "Security Review"]),
            f"Q{(d['ended'].month + 2) // 3}-{d['ended'].year}", d["value"], d["value"] / 2,
            pick(d, 100, 0, [70, 40]), (d["ended"] - d["created"]).days,
            d["ended"].strftime("%-m/%-d/%Y"), d["created"].strftime("%-m/%-d/%Y"), d["channel"]]
           for d in deals(36, 16)])
    # Without chances; the open deals close after all that happened.
    write("planned_closes_later/pipeline.csv",
          ["Deal Name", "Deal Stage", "Amount", "Create Date", "Close Date"],
          [[f"{d['firm']} deal", pick(d, "6. Closed Won", "Closed-Lost: price", ["Trial", "Legal"]),
            d["value"], d["created"], d["ended"] if d["outcome"] != "open" else d["ended"] + 150 * DAY]
           for d in deals(36, 16)])


def sheets_of_words():
    """What people keep in Airtable and Notion: labels with signs, dates with names of months."""
    write("airtable/Opportunities-Grid view.csv",
          ["Opportunity name", "Status", "Owner", "Account", "Estimated value",
           "Expected close date", "Closed on", "Date added", "Loss reason"],
          [[f"{d['firm']} deal", pick(d, "Closed—won", "Closed—lost", ["Demo", "Contract"]), d["rep"],
            d["firm"], f"${d['value']:,.2f}", d["ended"].strftime("%-m/%-d/%Y"),
            closed(d).strftime("%-m/%-d/%Y") if closed(d) else "",
            d["created"].strftime("%-m/%-d/%Y"), "Price" if d["outcome"] == "lost" else ""]
           for d in deals(37, 16)])
    write("notion/Sales CRM 1a2b3c4d.csv",
          ["Company", "Status", "Account Owner", "Deal Size", "Close Date", "Added", "Lead Source"],
          [[d["firm"], pick(d, "🎉 Won", "❌ Lost", ["Meeting", "Offer"]), d["rep"], f"${d['value']:,}",
            closed(d).strftime("%B %-d, %Y") if closed(d) else "", d["created"].strftime("%B %-d, %Y"),
            d["channel"]] for d in deals(38, 16)])


def odoo():
    """One table of leads and opportunities, in which what is lost is archived."""
    write("odoo/crm_lead.csv",
          ["id", "name", "type", "active", "user_id", "partner_name", "stage_id", "expected_revenue",
           "probability", "create_date", "date_closed", "date_deadline", "lost_reason_id",
           "source_id"],
          [[d["id"], f"{d['firm']} deal", "lead" if d["id"] % 5 == 0 else "opportunity",
            "false" if d["outcome"] == "lost" else "true", d["rep"], d["firm"],
            pick(d, "Won", "Proposition", ["New", "Qualified"]), d["value"], pick(d, 100, 0, [20, 40]),
            f"{d['created']} 08:00:00", f"{closed(d)} 17:00:00" if closed(d) else "", d["ended"],
            "Too expensive" if d["outcome"] == "lost" else "", d["channel"]] for d in deals(39, 20)])


def stage_changes():
    """Deals, and their changes from one stage to another."""
    everyone = deals(40, 12)
    write("stage_changes/deals.csv",
          ["deal_id", "account", "rep", "current_stage", "value", "created_at", "closed_at", "source"],
          [[d["id"], d["firm"], d["rep"], pick(d, "Won", "Lost", ["Demo", "Demo"]), d["value"],
            d["created"], closed(d), d["channel"]] for d in everyone])
    rows = []
    for d in everyone:
        before, day = "", d["created"]
        steps = ["Discovery", "Demo"] + (["Discovery", "Demo"] if d["id"] % 3 == 0 else [])
        for step in steps + ([d["outcome"].capitalize()] if d["outcome"] != "open" else []):
            rows.append([d["id"], before, step, day, d["rep"]])
            before, day = step, day + (d["id"] % 4 + 1) * DAY
    write("stage_changes/stage_changes.csv",
          ["deal_id", "from_stage", "to_stage", "changed_at", "changed_by"], rows)


def nested():
    """What an API answers: what a key points to is a record of its own."""
    folder = HERE / "nested"
    folder.mkdir(parents=True, exist_ok=True)
    records = [{"attributes": {"type": "Opportunity", "url": f"/sobjects/Opportunity/{d['id']}"},
                "Id": f"006{d['id']:05}", "StageName": pick(d, "Closed Won", "Closed Lost", ["Verbal"]),
                "Amount": d["value"], "CloseDate": str(d["ended"]),
                "CreatedDate": f"{d['created']}T15:00:00.000+0000", "IsClosed": d["outcome"] != "open",
                "IsWon": d["outcome"] == "won",
                "Owner": {"attributes": {"type": "User", "url": "/sobjects/User/5"}, "Name": d["rep"]}}
               for d in deals(41, 12)]
    (folder / "Opportunity.json").write_text(
        json.dumps({"totalSize": len(records), "done": True, "records": records}, indent=1) + "\n")


def lead_lists():
    """Lists without dates, and keys that tie nothing."""
    write("lead_scoring/Lead Scoring.csv",
          ["Prospect ID", "Lead Number", "Lead Origin", "Lead Source", "Do Not Email", "Converted",
           "TotalVisits"],
          [[f"p-{d['id']}", 660000 + d["id"], "API", d["channel"], "No", int(d["outcome"] == "won"), 3]
           for d in deals(42, 20)])
    write("untied/leads.csv", ["Lead ID", "Name", "Created Date", "Lead Source"],
          [[d["id"], f"Person {d['id']}", d["created"], d["channel"]] for d in deals(43, 10)])
    write("untied/opportunities.csv",
          ["Opportunity ID", "Originating Lead", "Status", "Amount", "Created Date", "Close Date"],
          [[d["id"], f"Person {d['id']}", d["outcome"].capitalize(), d["value"], d["created"],
            closed(d)] for d in deals(43, 10)])


def advertising():
    """Leads by campaign, and a report of advertisements with a name of its own."""
    write("advertising/leads.csv",
          ["Lead ID", "Created", "Channel", "Campaign", "MQL at", "SQL at"],
          [[d["id"], f"{d['created']} 14:30:00", d["channel"], f"{d['channel']} spring", *qualified(d)]
           for d in deals(44, 20)])
    write("advertising/google_ads_report.csv",
          ["Day", "Channel", "Campaign", "Currency code", "Impr.", "Clicks", "Cost"],
          [[f"2026-{month:02}-15", channel, f"{channel} spring", "EUR", "1,200", 40, 100 * month]
           for month in range(1, 6) for channel in ["Web", "Event"]])


def report_by_month():
    """A sheet of counts whose months and headers are words."""
    rows = []
    for number, month in enumerate(["Jan", "Feb", "Mar", "Apr"], 1):
        for place, channel in enumerate(["Web", "Event"]):
            leads = 40 + 10 * number + place
            rows.append([f"{month} 2026", channel, f"{1000 * number:,}", leads, leads // 2, leads // 4,
                         leads // 8, leads // 16, f"{1500 * (leads // 16):,}"])
    write("report_by_month/Funnel report.csv",
          ["Month", "Channel", "Spend (EUR)", "New leads", "MQLs", "SQLs", "Opps created",
           "Closed won", "Revenue (EUR)"], rows)


def neighbours():
    """Deals in languages of which only the words are known."""
    for folder, name, header, labels in (
            ("italian", "opportunita.csv",
             ["ID", "Cliente", "Venditore", "Fase", "Importo", "Data creazione",
              "Data chiusura prevista", "Data chiusura", "Motivo perdita", "Fonte"],
             ("Vinta", "Persa", ["Scoperta", "Offerta"])),
            ("portuguese", "negocios.csv",
             ["ID", "Empresa", "Vendedor", "Etapa", "Valor", "Data de criação",
              "Previsão de fechamento", "Data de fechamento", "Motivo da perda", "Origem"],
             ("Ganho", "Perdido", ["Qualificação", "Proposta"]))):
        write(f"{folder}/{name}", header,
              [[d["id"], d["firm"], d["rep"], pick(d, *labels), f"{d['value']},00",
                d["created"].strftime("%d/%m/%Y"), d["ended"].strftime("%d/%m/%Y"),
                closed(d).strftime("%d/%m/%Y") if closed(d) else "", "", d["channel"]]
               for d in deals(45, 12)], delimiter=";")


def lead_tracker():
    """A sheet without keys: a row per lead, numbered, with the days of what became of it."""
    rows = []
    for d in deals(46, 20):
        came = d["id"] % 3 == 1
        rows.append([d["id"], d["firm"], d["channel"], d["created"].strftime("%d-%b-%Y"),
                     *[value.strftime("%d-%b-%Y") if value else "" for value in qualified(d)],
                     (d["created"] + 7 * DAY).strftime("%d-%b-%Y") if came else "",
                     d["ended"].strftime("%d-%b-%Y") if came and d["outcome"] == "won" else "",
                     d["ended"].strftime("%d-%b-%Y") if came and d["outcome"] == "lost" else "",
                     d["value"] if came else "", d["rep"]])
    write("lead_tracker/Lead tracker 2026.csv",
          ["#", "Company", "Channel", "Date received", "Date MQL", "Date SQL", "Opportunity created",
           "Deal won on", "Deal lost on", "Deal value (EUR)", "Sales owner"], rows)


def valued_bookings():
    """Tables of one stage each, whose amounts have names of their own."""
    everyone = deals(47, 20)
    write("valued_bookings/leads.csv", ["created", "channel"],
          [[d["created"], d["channel"]] for d in everyone])
    write("valued_bookings/opportunities.csv", ["opp_date", "channel", "pipeline"],
          [[d["created"], d["channel"], d["value"]] for d in everyone if d["id"] % 2])
    write("valued_bookings/bookings.csv", ["booking_date", "channel", "booking_value"],
          [[d["ended"], d["channel"], d["value"]] for d in everyone if d["id"] % 4 == 1])
    write("valued_bookings/spend.csv", ["date", "channel", "spend_eur"],
          [["2026-01-10", "Web", 300], ["2026-02-10", "Event", 500]])


if __name__ == "__main__":
    for make in (french, spanish, german_words, dutch_words, romanian_words, planned_closes,
                 sheets_of_words, odoo, stage_changes, nested, lead_lists, advertising,
                 report_by_month, neighbours, lead_tracker, valued_bookings):
        make()
