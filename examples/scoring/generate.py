#!/usr/bin/env python3
"""80 leads with answers to the four BANT questions, and what they did on the site.

    python3 examples/scoring/generate.py
"""
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from tables import day, write


def main():
    leads, deals = [], []
    for n in range(1, 81):
        budget, authority = n % 2 == 0, n % 3 == 0
        need = n % 4 != 0
        timing = "" if n % 5 == 0 else str(n % 5 > 2).lower()
        created = day(1 + n % 3, n % 27)
        leads.append([f"L{n:02}", ["web", "event"][n % 2], created, str(budget).lower(),
                      str(authority).lower(), str(need).lower(), timing, n % 9, n % 7 == 0])
        # Leads that fit buy more often.
        points = budget + authority + 2 * need
        if points >= 2:
            deals.append([f"D{n:02}", f"L{n:02}", "Won" if points >= 3 and n % 10 < 7 else "Lost",
                          1200, created + datetime.timedelta(days=6),
                          created + datetime.timedelta(days=30)])
    write("leads.csv", ["lead_id", "source", "created_at", "budget", "authority", "need", "timing",
                        "pages_seen", "free_mail"], leads)
    write("opportunities.csv", ["opportunity_id", "lead_id", "stage", "amount", "created_at",
                                "close_date"], deals)


if __name__ == "__main__":
    main()
