#!/usr/bin/env python3
"""Runs the same random queries on Tundish and on DuckDB and compares the rows.

    python3 Tests/Differential/differ.py --tundish .build/release/tundish --queries 2000 --seed 1

Needs `duckdb` from PyPI. Prints every disagreement with the statements that reproduce it, then a
closing line. Documented differences are normalised in `same`.
"""
import argparse
import datetime
import decimal
import json
import math
import subprocess
import sys

import duckdb

from generator import Generator

MARK = "@@done"


class Tundish:
    """One process that reads statements and answers in JSON lines."""

    def __init__(self, path, threads=1):
        self.process = subprocess.Popen(
            [path, "--keep-going", "--format", "jsonl", "--threads", str(threads)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1)

    def run(self, statement):
        self.process.stdin.write(statement + f";\n.print {MARK}\n")
        self.process.stdin.flush()
        lines = []
        while True:
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError("tundish died: " + "".join(lines)[-2000:])
            line = line.rstrip("\n")
            if line == MARK:
                break
            lines.append(line)
        if any(line.startswith("error[") for line in lines):
            raise ValueError("\n".join(lines))
        return [list(json.loads(line, parse_float=decimal.Decimal).values()) for line in lines if line.startswith("{")]


def normal(value):
    """One spelling per value, whatever the engine prints."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float, decimal.Decimal)):
        number = float(value)
        return None if math.isnan(number) else number
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S") + (f".{value.microsecond:06}".rstrip("0") if value.microsecond else "")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [normal(item) for item in value]
    return str(value)


def same(left, right):
    if isinstance(left, float) and isinstance(right, float):
        return abs(left - right) <= 1e-9 + 1e-6 * max(abs(left), abs(right))
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right


def key(row):
    return json.dumps([round(v, 6) if isinstance(v, float) else v for v in row], default=str)


def differs(ours, theirs, is_ordered):
    ours = [[normal(v) for v in row] for row in ours]
    theirs = [[normal(v) for v in row] for row in theirs]
    if not is_ordered:
        ours.sort(key=key)
        theirs.sort(key=key)
    return len(ours) != len(theirs) or not all(len(a) == len(b) and all(map(same, a, b)) for a, b in zip(ours, theirs))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tundish", required=True)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-schema", type=int, default=25)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--show", type=int, default=20)
    arguments = parser.parse_args()
    passed = failed = refused = 0
    for seed in range(arguments.seed, arguments.seed + (arguments.queries + arguments.per_schema - 1) // arguments.per_schema):
        generator = Generator(seed)
        peer = duckdb.connect()
        peer.execute("SET ieee_floating_point_ops = false")
        tundish = Tundish(arguments.tundish, arguments.threads)
        setup = generator.schema()
        for statement in setup:
            peer.execute(statement)
            tundish.run(statement)
        for _ in range(arguments.per_schema):
            query = generator.query()
            ours = theirs = error = peer_error = None
            try:
                theirs = peer.execute(query).fetchall()
            except duckdb.Error as problem:
                peer_error = str(problem).splitlines()[0]
            try:
                ours = tundish.run(query)
            except ValueError as problem:
                error = str(problem)
            except RuntimeError as problem:
                error = "DIED " + str(problem)
                tundish = Tundish(arguments.tundish, arguments.threads)
                for statement in setup:
                    tundish.run(statement)
            if peer_error and error and not error.startswith("DIED"):
                refused += 1
            elif peer_error is None and error is None and not differs(ours, theirs, " ORDER BY " in query and query.rfind("ORDER BY") > query.rfind(")")):
                passed += 1
            else:
                failed += 1
                if failed <= arguments.show:
                    print(f"-- seed {seed}\n" + ";\n".join(setup) + f";\n{query};")
                    print(f"-- tundish: {error or sorted(map(str, ours))[:6]}\n-- duckdb:  {peer_error or sorted(map(str, theirs))[:6]}\n")
        tundish.process.stdin.close()
        tundish.process.wait(5)
    print(f"{refused} refused by both")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
