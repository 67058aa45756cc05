#!/usr/bin/env python3
"""A Salesforce export: converted leads, and opportunities opened without a lead.

    python3 examples/salesforce/generate.py
"""
import datetime
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from tables import day, write


def main():
    users = [["005A", "Ida Bergman"], ["005B", "Jon Okafor"]]
    sources = ["Web", "Partner", "Trade Show", "Web"]
    leads, deals = [], []
    for n in range(1, 91):
        converted = n % 3 == 0
        deal = f"006L{n:03}" if converted and n % 9 else ""
        created = day(1 + n % 3, n % 27)
        leads.append([f"00Q{n:03}", users[n % 2][0], sources[n % 4], "Qualified" if converted else
                      "Unqualified" if n % 5 == 0 else "Working", str(converted).lower(),
                      created + datetime.timedelta(days=12) if converted else "", deal, created])
        if deal:
            deals.append([deal, users[n % 2][0], sources[n % 4], n % 5 in (0, 2, 3),
                          created + datetime.timedelta(days=12), n])
    for n in range(1, 41):
        deals.append([f"006X{n:03}", users[n % 2][0], "Existing business", n % 4 != 0,
                      day(2, n % 25), n])
    rows = []
    for key, owner, source, won, created, n in deals:
        is_open = n % 8 == 3
        rows.append([key, f"Deal {key}", "Prospecting" if is_open else "Closed Won" if won else "Closed Lost",
                     2000 + 50 * (n % 40), created, created + datetime.timedelta(days=35),
                     str(not is_open).lower(), str(won and not is_open).lower(), owner, source])
    write("User.csv", ["Id", "Name"], users)
    write("Lead.csv", ["Id", "OwnerId", "LeadSource", "Status", "IsConverted", "ConvertedDate",
                       "ConvertedOpportunityId", "CreatedDate"], leads)
    write("Opportunity.csv", ["Id", "Name", "StageName", "Amount", "CreatedDate", "CloseDate",
                              "IsClosed", "IsWon", "OwnerId", "LeadSource"], rows)


if __name__ == "__main__":
    main()
