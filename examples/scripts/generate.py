#!/usr/bin/env python3
"""Deals of two regions for a weekly report.

    python3 examples/scripts/generate.py
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
