#!/usr/bin/env python3
"""Leads, deals and spend of four channels in the first half of 2026.

    python3 examples/costs/generate.py
"""
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from tables import day, write


def main():
    channels = {"search": (60, 12, 24000), "social": (90, 9, 18000), "event": (30, 9, 30000),
                "referral": (20, 8, 0)}
    leads, deals, spend = [], [], []
    for channel, (count, customers, budget) in channels.items():
        for n in range(count):
            key = f"{channel[:3]}{n}"
            leads.append([key, channel, day(1 + n % 6, n % 27)])
            if n < customers * 2:
                created = day(1 + n % 6, n % 27) + datetime.timedelta(days=5)
                deals.append([f"D{len(deals)}", key, channel, "Won" if n < customers else "Lost",
                              4500 + 300 * (n % 10), created, created + datetime.timedelta(days=30)])
        for month in range(1, 7):
            if budget:
                spend.append([day(month, 0), channel, "ads", budget * 0.75 / 6])
                spend.append([day(month, 0), channel, "wages", budget * 0.25 / 6])
    spend.append([day(3, 0), "print", "ads", 2500])
    write("leads.csv", ["lead_id", "channel", "created_at"], leads)
    write("opportunities.csv", ["opportunity_id", "lead_id", "channel", "stage", "amount", "created_at",
                                "close_date"], deals)
    write("spend.csv", ["month", "channel", "kind", "cost"], spend)


if __name__ == "__main__":
    main()
