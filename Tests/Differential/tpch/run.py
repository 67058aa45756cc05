#!/usr/bin/env python3
"""Runs the 22 TPC-H queries (validation parameters) on Tundish and DuckDB and compares the answers.

    tpchgen-cli csv -s 0.01 --output-dir /tmp/tpch
    python3 Tests/Differential/tpch/run.py --tundish .build/release/tundish --data /tmp/tpch --scale 0.01

Needs `duckdb` from PyPI. With `--times 3` every query runs three times; the table then gives the
fastest wall time and the CPU seconds of each engine.
"""
import argparse
import os
import pathlib
import resource
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from engines import DuckDB, Refused, Tundish  # noqa: E402
from rows import differs  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
TABLES = ["region", "nation", "part", "supplier", "partsupp", "customer", "orders", "lineitem"]


def cpu_of(engine):
    """CPU seconds so far of the process that runs this engine."""
    if isinstance(engine, DuckDB):
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime
    fields = pathlib.Path(f"/proc/{engine.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(engine, query, times):
    rows, wall, cpu = None, float("inf"), float("inf")
    for _ in range(times):
        began, used = time.perf_counter(), cpu_of(engine)
        rows = engine.run(query)
        wall, cpu = min(wall, time.perf_counter() - began), min(cpu, cpu_of(engine) - used)
    return rows, wall, cpu


def load(engine, data):
    for statement in (HERE / "schema.sql").read_text().split(";"):
        if statement.strip():
            engine.run(statement.strip())
    for table in TABLES:
        engine.run(f"COPY {table} FROM '{data}/{table}.csv' (HEADER)")


def queries(scale, chosen):
    for number in range(1, 23):
        if not chosen or number in chosen:
            text = (HERE / f"q{number:02}.sql").read_text().strip()
            yield number, text.replace("{fraction}", f"{0.0001 / scale:.10f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tundish", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--scale", type=float, default=0.01)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--query", type=int, nargs="*")
    arguments = parser.parse_args()
    ours, theirs = Tundish(arguments.tundish, arguments.threads), DuckDB(arguments.threads)
    for engine in (ours, theirs):
        began, used = time.perf_counter(), cpu_of(engine)
        load(engine, arguments.data)
        print(f"load {type(engine).__name__}: {time.perf_counter() - began:.2f} s, {cpu_of(engine) - used:.2f} s CPU")
    print(f"threads {arguments.threads}\nquery  rows  tundish s  cpu s  duckdb s  cpu s  ratio  answer")
    wrong, sums = 0, [0.0, 0.0]
    for number, text in queries(arguments.scale, arguments.query):
        expected, peer_wall, peer_cpu = measured(theirs, text, arguments.times)
        try:
            rows, wall, cpu = measured(ours, text, arguments.times)
        except Refused as problem:
            wrong += 1
            print(f"q{number:02}  {problem}", flush=True)
            continue
        is_same = not differs(rows, expected, is_ordered=True)
        wrong += not is_same
        sums = [sums[0] + wall, sums[1] + peer_wall]
        print(f"q{number:02}  {len(rows):6}  {wall:9.3f}  {cpu:5.2f}  {peer_wall:8.3f}  {peer_cpu:5.2f}  "
              f"{wall / peer_wall:5.2f}  {'equal' if is_same else 'DIFFERS'}", flush=True)
        if not is_same:
            print(f"   tundish: {rows[:3]}\n   duckdb:  {expected[:3]}")
    print(f"sum {sums[0]:.3f} s against {sums[1]:.3f} s; {wrong} of the queries wrong")
    ours.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
