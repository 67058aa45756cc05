#!/usr/bin/env python3
"""Leads of six months; those of a month convert over the following months.

    python3 examples/cohorts/generate.py
"""
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from tables import day, write


def main():
    leads, deals = [], []
    for month in range(1, 7):
        count = 40 + 10 * month
        for n in range(count):
            key = f"L{month}{n:03}"
            created = day(month, n % 28)
            leads.append([key, ["web", "event"][n % 2], created])
            if n % 4 == 0:
                opened = created + datetime.timedelta(days=7)
                closed = opened + datetime.timedelta(days=5 + (n * 11) % 110)
                if closed <= datetime.date(2026, 6, 30):
                    deals.append([f"D{key}", key, "Won", 1000, opened, closed])
                else:
                    deals.append([f"D{key}", key, "Open", 1000, opened, ""])
    write("leads.csv", ["lead_id", "channel", "created_at"], leads)
    write("opportunities.csv", ["opportunity_id", "lead_id", "stage", "amount", "created_at",
                                "close_date"], deals)


if __name__ == "__main__":
    main()
