#!/usr/bin/env python3
"""Makes the data of the quick start: a small CRM export of an invented firm, the same every time.

    python3 examples/quickstart/generate.py
"""
import datetime
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from tables import write

START = datetime.date(2025, 1, 1)
END = datetime.date(2026, 6, 30)
TEAM = [
    ("Ada Brandt", "Noor Visser", "North"), ("Ben Ionescu", "Noor Visser", "North"),
    ("Carla Mendes", "Noor Visser", "North"), ("Dirk Jansen", "Pavel Novak", "South"),
    ("Elena Popa", "Pavel Novak", "South"), ("Farid Haddad", "Pavel Novak", "South"),
]
SOURCES = ["web", "referral", "event", "outbound"]
WIN = {"web": 0.42, "referral": 0.64, "event": 0.5, "outbound": 0.3}
PRODUCTS = [("Funnel Basic", 900), ("Funnel Pro", 4800), ("Funnel Scale", 21000)]
SECTORS = ["retail", "software", "health", "finance"]


def main():
    generator = random.Random(20260101)
    write("sales_team.csv", ["owner", "manager", "region"], TEAM)
    accounts = [(f"Company {number:03}", generator.choice(SECTORS), generator.choice([12, 45, 180, 900]))
                for number in range(1, 81)]
    write("accounts.csv", ["account", "sector", "employees"], accounts)

    leads, deals = [], []
    days = (END - START).days
    for number in range(1, 901):
        created = START + datetime.timedelta(days=generator.randrange(days))
        source = generator.choices(SOURCES, [5, 2, 2, 3])[0]
        owner = generator.choice(TEAM)[0]
        status, converted, deal_id = "Working", None, None
        if generator.random() < {"web": 0.3, "referral": 0.55, "event": 0.35, "outbound": 0.2}[source]:
            moment = created + datetime.timedelta(days=generator.randrange(1, 40))
            if moment <= END:
                status, converted, deal_id = "Converted", moment, f"D{len(deals) + 1:04}"
                deals.append(deal(generator, deal_id, moment, source, owner, f"L{number:04}", accounts))
        elif generator.random() < 0.25:
            status = "Unqualified"
        leads.append([f"L{number:04}", created, owner, source, status, converted, deal_id])
    for _ in range(120):
        created = START + datetime.timedelta(days=generator.randrange(days))
        deal_id = f"D{len(deals) + 1:04}"
        deals.append(deal(generator, deal_id, created, generator.choice(SOURCES),
                          generator.choice(TEAM)[0], None, accounts))
    write("leads.csv", ["lead_id", "created_at", "owner", "lead_source", "status", "converted_at",
                        "converted_opportunity_id"], leads)
    write("opportunities.csv", ["opportunity_id", "account", "product", "owner", "lead_id", "lead_source",
                                "stage", "amount", "created_date", "close_date"], deals)


def deal(generator, deal_id, created, source, owner, lead, accounts):
    product, price = generator.choices(PRODUCTS, [6, 3, 1])[0]
    amount = round(price * generator.uniform(0.8, 1.25), 2)
    closed = created + datetime.timedelta(days=generator.randrange(5, 130))
    if closed > END:
        stage, closed = generator.choice(["Qualified", "Proposal", "Negotiation"]), None
    else:
        stage = "Closed Won" if generator.random() < WIN[source] else "Closed Lost"
    return [deal_id, generator.choice(accounts)[0], product, owner, lead, source, stage,
            f"{amount:.2f}", created, closed]


if __name__ == "__main__":
    main()
