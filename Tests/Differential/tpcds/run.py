#!/usr/bin/env python3
"""Runs the 99 TPC-DS queries on Tundish and DuckDB and lists which answers are equal.

    python3 Tests/Differential/tpcds/run.py --tundish .build/release/tundish --folder /tmp/tpcds

The folder comes from `make.py`. q66 adds up DECIMAL quotients, which here are rounded to six digits
(see DifferencesFromDuckDB), so its sums may differ in the last one.
"""
import argparse
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from engines import DuckDB, Refused, Tundish  # noqa: E402
from rows import differs  # noqa: E402


def load(engine, folder):
    for statement in (folder / "schema.sql").read_text().split(";"):
        if statement.strip():
            engine.run(statement.strip())
            table = statement.split()[2]
            engine.run(f"COPY {table} FROM '{folder}/{table}.csv' (HEADER)")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tundish", required=True)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    arguments = parser.parse_args()
    ours, theirs = Tundish(arguments.tundish), DuckDB()
    for engine in (ours, theirs):
        load(engine, arguments.folder)
    counts = {"equal": 0, "differs": 0, "refused": 0}
    for number in range(1, 100):
        query = (arguments.folder / f"q{number:02}.sql").read_text().strip().rstrip(";")
        expected = theirs.run(query)
        began = time.perf_counter()
        try:
            rows = ours.run(query)
            word = "differs" if differs(rows, expected, is_ordered=False) else "equal"
            print(f"q{number:02}  {word}  {len(rows)} rows  {time.perf_counter() - began:.2f} s", flush=True)
        except Refused as problem:
            word = "refused"
            print(f"q{number:02}  {word}  {problem}", flush=True)
        counts[word] += 1
    print(counts)
    ours.close()
    return 1 if counts["refused"] or counts["differs"] else 0


if __name__ == "__main__":
    sys.exit(main())
