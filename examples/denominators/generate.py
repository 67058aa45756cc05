#!/usr/bin/env python3
"""150 leads of 1,200 visitors in 1,500 sessions; 35 became customers.

    python3 examples/denominators/generate.py
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
from tables import day, write


def main():
    channels = ["search", "referral", "event"]
    write("sessions.csv", ["session_id", "visitor_id", "started_at", "channel"],
          [[f"s{n}", f"v{n % 1200}", day(1, n % 28), channels[n % 3]] for n in range(1500)])
    write("leads.csv", ["lead_id", "visitor_id", "created_at", "channel"],
          [[f"L{n}", f"v{n}", day(1, n % 28), channels[n % 3]] for n in range(1, 151)])
    write("opportunities.csv", ["opportunity_id", "lead_id", "stage", "amount", "created_at", "close_date"],
          [[f"D{n}", f"L{n}", "Won" if n <= 35 else "Lost", 900, day(2, n % 10), day(2, 10 + n % 15)]
           for n in range(1, 61)])


if __name__ == "__main__":
    main()
