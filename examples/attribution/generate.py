#!/usr/bin/env python3
"""60 deals whose leads were touched by up to five channels before they were won.

    python3 examples/attribution/generate.py
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
    channels = ["search", "social", "event", "email", "partner"]
    leads, deals, touches = [], [], []
    for n in range(1, 61):
        created = day(2, n % 25)
        closed = created + datetime.timedelta(days=40)
        leads.append([f"L{n}", created])
        deals.append([f"D{n}", f"L{n}", "Won" if n % 3 else "Lost", 1000 + n * 10,
                      created + datetime.timedelta(days=10), closed])
        for position in range(n % 6):
            at = created - datetime.timedelta(days=20) + datetime.timedelta(days=11 * position)
            touches.append([f"L{n}", at, channels[(n + position * 2) % 5], f"campaign {position}"])
    write("leads.csv", ["lead_id", "created_at"], leads)
    write("opportunities.csv", ["opportunity_id", "lead_id", "stage", "amount", "created_at",
                                "close_date"], deals)
    write("touches.csv", ["lead_id", "touched_at", "channel", "campaign"], touches)


if __name__ == "__main__":
    main()
