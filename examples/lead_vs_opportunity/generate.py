#!/usr/bin/env python3
"""100 leads and 50 opportunities: 40 from leads, 10 opened directly.

    python3 examples/lead_vs_opportunity/generate.py
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from tables import day, write


def main():
    owners = ["Ida Bergman", "Jon Okafor"]
    leads, deals = [], []
    for number in range(1, 101):
        deal = f"D{number:03}" if number <= 40 else ""
        converted = day(2, number % 20) if deal else ""
        leads.append([f"L{number:03}", day(1, number % 28), owners[number % 2], converted, deal])
    for number in range(1, 51):
        lead = f"L{number:03}" if number <= 40 else ""
        # Of five deals one is won, of the others half is still open.
        won = number % 5 == 0
        lost = number % 5 in (1, 2) and number <= 38
        stage = "Closed Won" if won else "Closed Lost" if lost else "Proposal"
        closed = day(3, number % 25) if won or lost else ""
        deals.append([f"D{number:03}", lead, owners[number % 2], stage, 1000 + 20 * number,
                      day(2, number % 20), closed])
    write("leads.csv", ["lead_id", "created_at", "owner", "converted_at", "converted_opportunity_id"], leads)
    write("opportunities.csv", ["opportunity_id", "lead_id", "owner", "stage", "amount", "created_at",
                                "close_date"], deals)


if __name__ == "__main__":
    main()
