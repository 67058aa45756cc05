"""Checks that `why` splits a change into parts that add up to it, by every dimension asked.

Usage: why.py TUNDISH [FIRST_SEED [LAST_SEED]]. Random deals, leads and costs; six rates by one to
three dimensions each. The effects of a dimension's segments have to sum to the rate of the quarter
minus the rate of the quarter before, as the metric itself gives them. Every difference is printed;
the exit code is their number.
"""

import csv
import datetime
import io
import math
import pathlib
import random
import subprocess
import sys
import tempfile

RATES = [
    ("win_rate", ["owner", "source", "region"]),
    ("value_win_rate", ["owner", "source", "region"]),
    ("loss_rate", ["region", "owner"]),
    ("cpl", ["source"]),
]


def write(folder, pick):
    """Deals, leads and costs of half a year."""
    start = datetime.date(2025, 1, 1)
    rows = pick.randrange(20, 300)
    with open(folder / "deals.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["deal_id", "owner", "source", "region", "stage", "amount", "created_at",
                      "closed_at"])
        for number in range(rows):
            created = start + datetime.timedelta(days=pick.randrange(180))
            closed = created + datetime.timedelta(days=pick.randrange(1, 60))
            stage = pick.choice(["Won", "Lost", "Open"])
            out.writerow([number, pick.choice(["ann", "bob", "cas", ""]),
                          pick.choice(["web", "ads", ""]), pick.choice(["n", "s"]), stage,
                          pick.randrange(0, 900), created, "" if stage == "Open" else closed])
    with open(folder / "leads.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["lead_id", "created_at", "source"])
        for number in range(rows):
            out.writerow([number, start + datetime.timedelta(days=pick.randrange(180)),
                          pick.choice(["web", "ads", "tv", ""])])
    with open(folder / "ad_spend.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["month", "channel", "cost"])
        for month in range(1, 7):
            for channel in ["web", "ads", "radio"]:
                out.writerow([f"2025-0{month}-01", channel, pick.randrange(1, 900)])


def answers(tundish, folder, statements):
    """The rows of each statement."""
    script = f"LOAD '{folder}';\n" + "".join(
        f"SELECT '@@{index}' AS mark;\n{text};\n" for index, text in enumerate(statements))
    run = subprocess.run([tundish, "query", "--no-init", "--keep-going", "--format", "csv"],
                         input=script, capture_output=True, text=True)
    parts, current = {}, None
    for line in run.stdout.splitlines():
        if line.startswith("@@"):
            current = int(line[2:])
            parts[current] = []
        elif line != "mark" and current is not None:
            parts[current].append(line)
    return [list(csv.DictReader(io.StringIO("\n".join(parts.get(index, [])))))
            for index in range(len(statements))]


def value(text):
    return float(text) if text else 0.0


def main():
    tundish = sys.argv[1]
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    last = int(sys.argv[3]) if len(sys.argv) > 3 else first + 20
    count = differing = 0
    for seed in range(first, last + 1):
        pick = random.Random(seed)
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            write(folder, pick)
            statements = []
            for metric, dimensions in RATES:
                asked = pick.sample(dimensions, pick.randrange(1, len(dimensions) + 1))
                statements += [f"why {metric} 2025-Q2 compare previous quarter by "
                               + ", ".join(asked), f"{metric} 2025-Q2", f"{metric} 2025-Q1"]
            found = answers(tundish, folder, statements)
            for index, (metric, _) in enumerate(RATES):
                rows, now, before = found[3 * index:3 * index + 3]
                change = value(now[0][metric]) - value(before[0][metric])
                sums = {}
                for row in rows:
                    sums.setdefault(row["dimension"], 0.0)
                    sums[row["dimension"]] += value(row["mix_effect"]) + value(row["rate_effect"])
                count += 1
                if not sums or any(not math.isclose(total, change, rel_tol=1e-9, abs_tol=1e-9)
                                   for total in sums.values()):
                    differing += 1
                    print(f"seed {seed}: {statements[3 * index]}: {sums}, wanted {change}")
    print(f"{count} statements, {differing} differ")
    return min(differing, 100)


if __name__ == "__main__":
    sys.exit(main())
