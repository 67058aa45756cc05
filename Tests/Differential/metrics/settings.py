"""Walks metrics through time zones, starts of weeks and fiscal years, as-of, maturity and clauses put together.

Usage: settings.py TUNDISH [SEED]. What is checked holds whatever the data are: a time zone, a start
of weeks or of fiscal years moves rows between buckets and loses none; a list has the rows that were
counted; parts sum to the whole as of a day in the past too; clauses side by side change nothing of
what each says alone. Every finding is printed; the exit code is their number.
"""

import itertools
import sys

import walk
from walk import close, dimension, name, number, total

ZONES = ["UTC", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata"]
GRAINS = ["day", "week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year"]
COUNTED = ["leads", "mqls", "opportunities", "won", "lost", "closed", "bookings"]
LISTED = {"leads": "counted", "mqls": "counted", "opportunities": "counted", "won": "won",
          "lost": "lost", "closed": "counted", "win_rate": "counted",
          "lead_conversion_rate": "counted"}


def sums(w):
    """Counts over every grain, in every zone and with every start of weeks and fiscal years."""
    whole = dict(zip(COUNTED, w.ask(COUNTED)))
    for zone, week, fiscal in itertools.product(ZONES, ["monday", "sunday"], ["january", "april"]):
        if (week, fiscal) == ("sunday", "january") or (week, fiscal) == ("monday", "april"):
            continue
        setting = (f"SET timezone = '{zone}'; SET week_start = '{week}'; "
                   f"SET fiscal_year_start = '{fiscal}';\n")
        asked = [(m, g, f"{m} over {g}") for m in COUNTED for g in GRAINS]
        for (metric, grain, statement), rows in zip(asked, w.ask([s for _, _, s in asked], setting)):
            if isinstance(rows, str):
                w.tell(setting + statement, rows)
            elif not close(total(rows, metric), total(whole[metric], metric)):
                w.tell(setting + statement, f"sums to {total(rows, metric)}, "
                       f"the whole is {total(whole[metric], metric)}")


def pasts(w):
    """As of days in the past: parts and the whole, and no count grows by looking further back."""
    before = {}
    for day in ["2024-06-30", "2024-12-31", "2025-06-15", "2025-12-31"]:
        asked = [(m, c) for m in COUNTED + ["win_rate", "pipeline_value", "open_opportunities",
                                           "lead_conversion_rate", "mrr"]
                 for c in ("", "by {d}", "over month", "by {d} over quarter with totals")]
        statements = [f"{m} {c.format(d=dimension(m))} as of {day}" for m, c in asked]
        answers = dict(zip(asked, w.ask(statements)))
        for metric in COUNTED:
            whole = answers[metric, ""]
            if isinstance(whole, str):
                w.tell(f"{metric} as of {day}", whole)
                continue
            value = total(whole, metric)
            if value + 1e-9 < before.get(metric, 0):
                w.tell(f"{metric} as of {day}", f"{value} is less than {before[metric]} before")
            before[metric] = value
            for clause in ("by {d}", "over month"):
                rows = answers[metric, clause]
                if isinstance(rows, str) or not close(total(rows, metric), value):
                    w.tell(f"{metric} {clause} as of {day}", f"{str(rows)[:120]} for {value}")
        for metric in ("win_rate", "lead_conversion_rate"):
            for rows in (answers[metric, c] for _, c in asked if _ == metric):
                walk.look(w, metric, f"{metric} as of {day}", rows)


def lists(w):
    """A list has as many rows as were counted, for every part."""
    for clause in ("", "2025-Q1", "past 90 days", "where source = 'web'", "as of 2025-03-31",
                   "since 2025-02-01"):
        counts = w.ask([f"{m} {clause}" for m in LISTED])
        rows = w.ask([f"{m} {clause} list {what}" for m, what in LISTED.items()])
        for (metric, _), count, found in zip(LISTED.items(), counts, rows):
            statement = f"{metric} {clause} list"
            if isinstance(count, str) or isinstance(found, str):
                w.tell(statement, f"{str(count)[:120]} / {str(found)[:120]}")
                continue
            wanted = number(count[0].get({"win_rate": "closed",
                                          "lead_conversion_rate": "leads"}.get(metric, metric)))
            if len(found) != wanted:
                w.tell(statement, f"{len(found)} rows, counted {wanted}")


PAIRS = ["by {d}", "over quarter", "2025-Q1 .. 2025-Q4", "with totals", "with share", "with running",
         "with ci 80%", "with empty", "top 2", "bottom 1", "having {m} > 0", "excluding disqualified",
         "within 60 days", "as of 2025-09-30", "compare previous quarter", "where source <> 'mail'",
         "order by {m}", "limit 3", "currency EUR", "calendar days"]


def pairs(w):
    """Clauses by twos and threes: refused with a code, or an answer that holds together."""
    metrics = ["leads", "won", "bookings", "win_rate", "lead_conversion_rate", "mql_to_sql_rate",
               "cpl", "cpa", "sales_cycle_length", "time_in_stage", "pipeline_value", "quota_attainment",
               "average_deal_size", "conversion_roi", "conversion_rate from Prospecting to Proposal"]
    clauses = [c.replace("2025-Q1 .. 2025-Q4", "2025-01-01 .. 2025-12-31") for c in PAIRS]
    asked = []
    for metric in metrics:
        for number_of, chosen in enumerate(itertools.combinations(clauses, 3)):
            if (number_of + len(metric)) % 7 == 0:
                text = " ".join(chosen).replace("with totals with share", "with totals, share")
                asked.append((metric, f"{metric} {text}".format(d=dimension(metric), m=name(metric))))
    joined = [(m, merge(s)) for m, s in asked]
    for start in range(0, len(joined), 250):
        part = joined[start:start + 250]
        for (metric, statement), rows in zip(part, w.ask([s for _, s in part])):
            walk.look(w, metric, statement, rows)
    return len(joined)


def merge(statement):
    """`with a with b` is written `with a, b`."""
    parts = statement.split(" with ")
    if len(parts) < 3:
        return statement
    items, rest = [], [parts[0]]
    for part in parts[1:]:
        words = part.split(" ")
        size = 2 if words[0] == "ci" else 1
        items.append(" ".join(words[:size]))
        rest += words[size:]
    return " ".join(rest + ["with", ", ".join(items)])


if __name__ == "__main__":
    walker = walk.Walk(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    sums(walker)
    pasts(walker)
    lists(walker)
    print(f"{pairs(walker)} statements of three clauses, {walker.findings} findings")
    sys.exit(min(walker.findings, 100))
