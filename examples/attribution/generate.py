#!/usr/bin/env python3
"""60 deals whose leads were touched by up to five channels before they were won.

    python3 examples/attribution/generate.py
"""
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from tables import day, write


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
