#!/usr/bin/env python3
"""180 decided and 40 open deals of three owners, three sources and three campaigns.

    python3 examples/win_rates/generate.py
"""
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from tables import day, write


def main():
    owners = ["Ada Brandt", "Ben Ionescu", "Carla Mendes"]
    sources = ["referral", "web", "outbound"]
    campaigns = ["Spring fair", "Webinar", "none"]
    rows = []
    for number in range(1, 221):
        owner, source = number % 3, (number // 3) % 3
        campaign = (number // 9) % 3
        # Referrals win most, outbound least; Ada wins more than Carla.
        won = (number * 7) % 10 < 6 - source - (owner == 2) + (campaign == 1)
        is_open = number > 180
        stage = "Negotiation" if is_open else "Closed Won" if won else "Closed Lost"
        created = day(1 + number % 5, number % 25)
        closed = "" if is_open else created + datetime.timedelta(days=20 + number % 40)
        rows.append([f"D{number:03}", owners[owner], sources[source],
                     campaigns[campaign] if campaign < 2 else "", stage, 500 + 37 * (number % 50),
                     created, closed])
    write("opportunities.csv", ["opportunity_id", "owner", "lead_source", "campaign", "stage", "amount",
                                "created_date", "close_date"], rows)


if __name__ == "__main__":
    main()
