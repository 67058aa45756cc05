#!/usr/bin/env python3
"""Leads of six months; those of a month convert over the following months.

    python3 examples/cohorts/generate.py
"""
import csv
import datetime
import pathlib

FOLDER = pathlib.Path(__file__).parent / "data"


def day(month, number):
    """A day of 2026: the month's first plus a number of days."""
    return datetime.date(2026, month, 1) + datetime.timedelta(days=number)


def write(name, header, rows):
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


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
