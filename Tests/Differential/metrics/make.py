"""Makes a random sales data set: leads, deals, stages, touches, costs, quotas, subscriptions."""

import csv
import datetime
import pathlib
import random

START = datetime.date(2024, 1, 1)
DAYS = 730
SOURCES = ["web", "event", "partner", "mail", None]
STAGES = ["Prospecting", "Qualification", "Proposal"]


def day(offset):
    return START + datetime.timedelta(days=offset)


def write(folder, name, header, rows):
    with open(pathlib.Path(folder) / f"{name}.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(["" if value is None else value for value in row] for row in rows)


def make(folder, seed, leads=1500):
    """Writes the files of one data set; the newest event is on the last day or before it."""
    pick = random.Random(seed)
    people, deals, changes, touches = [], [], [], []
    for number in range(1, leads + 1):
        born = pick.randrange(DAYS - 20)
        created = datetime.datetime.combine(day(born), datetime.time(pick.randrange(24), 5))
        waits = pick.randrange(1, 90)
        converted = None
        if pick.random() < 0.35 and born + waits < DAYS:
            converted = datetime.datetime.combine(day(born + waits), datetime.time(23, 50))
        people.append([number, created, pick.choice(SOURCES), converted, pick.randrange(1, 9)])
        for _ in range(pick.randrange(5)):
            at = created - datetime.timedelta(minutes=pick.randrange(-90_000, 60_000))
            touches.append([number, at, pick.choice(["search", "mail", "call", "fair", None])])
    for number in range(1, leads // 2 + 1):
        born = pick.randrange(DAYS - 10)
        length = pick.randrange(1, 150)
        ends = born + length < DAYS
        won = ends and pick.random() < 0.4
        stage = "Won" if won else "Lost" if ends else pick.choice(STAGES)
        amount = None if pick.random() < 0.03 else round(pick.uniform(50, 9000), 2)
        lead = pick.randrange(1, leads + 1) if pick.random() < 0.7 else None
        deals.append(
            [number, lead, pick.randrange(1, 120), pick.randrange(1, 9), amount, stage, day(born),
             day(born + length) if ends else None, pick.choice(SOURCES)]
        )
        steps = sorted(pick.sample(range(length + 1), min(length + 1, pick.randrange(1, 5))))
        for place, step in enumerate(steps):
            if born + step < DAYS:
                at = datetime.datetime.combine(day(born + step), datetime.time(8, number % 60))
                changes.append([number, STAGES[(place * (1 + number % 2)) % 3], at])
        if ends:
            at = datetime.datetime.combine(day(born + length), datetime.time(20, 0))
            changes.append([number, stage, at])
    spend = [
        [datetime.date(2024 + month // 12, month % 12 + 1, 1), source, kind,
         round(pick.uniform(100, 3000), 2)]
        for month in range(24) for source in SOURCES[:4] for kind in ("media", "sales")
    ]
    quotas = [
        [owner, datetime.date(2024 + quarter // 4, quarter % 4 * 3 + 1, 1), pick.randrange(9) * 5000]
        for owner in range(1, 10) for quarter in range(8)
    ]
    subscriptions = []
    for number in range(1, 400):
        first = pick.randrange(DAYS - 5)
        last = first + pick.randrange(10, 500)
        subscriptions.append(
            [number, pick.randrange(1, 250), day(first), day(last) if last < DAYS else None,
             pick.randrange(1, 40) * 10]
        )
    write(folder, "leads", ["id", "created_at", "source", "converted_at", "owner"], people)
    write(folder, "deals",
          ["id", "lead_id", "account", "owner", "amount", "stage", "created", "closed", "source"],
          deals)
    write(folder, "changes", ["deal_id", "stage", "entered_at"], changes)
    write(folder, "touches", ["lead_id", "touched_at", "channel"], touches)
    write(folder, "spend", ["month", "source", "kind", "cost"], spend)
    write(folder, "quotas", ["agent", "quarter", "quota"], quotas)
    write(folder, "subs", ["id", "customer", "started", "ended", "mrr"], subscriptions)
