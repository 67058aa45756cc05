#!/usr/bin/env python3
"""Deals of two regions for a weekly report.

    python3 examples/scripts/generate.py
"""
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from tables import day, write


def main():
    rows = []
    for n in range(1, 161):
        created = day(1 + n % 6, n % 27)
        is_open = n % 6 == 0
        stage = "Proposal" if is_open else "Won" if n % 5 < 2 else "Lost"
        rows.append([f"D{n:03}", ["EMEA", "AMER"][n % 2], ["Ida Bergman", "Jon Okafor", "Kim Larsen"][n % 3],
                     stage, 700 + 25 * (n % 30), created,
                     "" if is_open else created + datetime.timedelta(days=10 + n % 35)])
    write("opportunities.csv", ["opportunity_id", "region", "owner", "stage", "amount", "created_at",
                                "close_date"], rows)


if __name__ == "__main__":
    main()
