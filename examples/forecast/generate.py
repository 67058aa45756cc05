#!/usr/bin/env python3
"""Leads of two quarters and how they converted; what the next leads will bring.

    python3 examples/forecast/generate.py
"""
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from tables import day, write


def main():
    leads, deals = [], []
    for n in range(1, 301):
        created = day(1 + n % 6, n % 28)
        leads.append([f"L{n:03}", ["web", "event", "referral"][n % 3], created])
        if (n * 7) % 30 < 7:
            closed = created + datetime.timedelta(days=15 + n % 45)
            late = closed > datetime.date(2026, 6, 30)
            deals.append([f"D{n:03}", f"L{n:03}", "Proposal" if late else "Won", 900,
                          created + datetime.timedelta(days=8), "" if late else closed])
    write("leads.csv", ["lead_id", "channel", "created_at"], leads)
    write("opportunities.csv", ["opportunity_id", "lead_id", "stage", "amount", "created_at",
                                "close_date"], deals)


if __name__ == "__main__":
    main()
