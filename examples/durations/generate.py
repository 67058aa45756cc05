#!/usr/bin/env python3
"""Leads and deals with the days they took; some are still open.

    python3 examples/durations/generate.py
"""
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from tables import day, write


def main():
    leads, deals = [], []
    sources = ["web", "referral"]
    for n in range(1, 121):
        created = day(1 + n % 4, n % 28)
        source = sources[n % 2]
        leads.append([f"L{n:03}", source, created])
        if n % 3:
            opened = created + datetime.timedelta(days=3 + n % 9)
            # Referrals decide faster; every seventh deal is still open.
            cycle = 10 + (n * 13) % (40 if n % 2 else 80)
            is_open = n % 7 == 0
            stage = "Proposal" if is_open else "Won" if n % 4 else "Lost"
            deals.append([f"D{n:03}", f"L{n:03}", source, stage, 800 + n * 10, opened,
                          "" if is_open else opened + datetime.timedelta(days=cycle)])
    write("leads.csv", ["lead_id", "lead_source", "created_at"], leads)
    write("opportunities.csv", ["opportunity_id", "lead_id", "lead_source", "stage", "amount",
                                "created_at", "close_date"], deals)


if __name__ == "__main__":
    main()
