#!/usr/bin/env python3
"""One month: 160 MQLs, 80 SQLs, 36 customers, and how fast leads were answered.

    python3 examples/targets/generate.py
"""
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from tables import day, write


def main():
    leads, deals = [], []
    for number in range(1, 241):
        created = datetime.datetime(2026, 1, 1 + number % 28, 9, 0)
        mql = created + datetime.timedelta(hours=20) if number <= 160 else None
        # Three of four qualified leads are looked at within a day.
        wait = 10 if number % 4 else 40
        sql = mql + datetime.timedelta(hours=wait) if number <= 80 else None
        answered = created + datetime.timedelta(hours=6 if number % 5 else 30)
        region = ["North", "South"][number % 2]
        leads.append([f"L{number:03}", region, created, answered, mql or "", sql or ""])
        if number <= 80:
            won = number <= 36
            deals.append([f"D{number:03}", f"L{number:03}", region, "Won" if won else "Lost", 900,
                          sql.date() + datetime.timedelta(days=1), day(3, number % 20)])
    write("leads.csv", ["lead_id", "region", "created_at", "responded_at", "mql_at", "sql_at"], leads)
    write("opportunities.csv", ["opportunity_id", "lead_id", "region", "stage", "amount", "created_at",
                                "close_date"], deals)


if __name__ == "__main__":
    main()
