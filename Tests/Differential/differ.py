#!/usr/bin/env python3
"""Runs the same random queries on Tundish and on a peer, and compares the rows.

    python3 Tests/Differential/differ.py --tundish .build/release/tundish --queries 2000 --seed 1

The peer is DuckDB (from PyPI) or, with `--peer sqlite`, the SQLite that Python brings, on the part
of the grammar that it shares. Every schema has a seed, which is printed with a disagreement; the
failing query is reduced first. `rows.py` normalises the documented differences.
"""
import argparse
import collections
import re
import sys

from engines import Died, DuckDB, Refused, SQLite, Tundish
from generator import Generator
from reducer import reduced
from rows import differs

# Which rows an error is raised for depends on the order of evaluation, which SQL leaves open: a
# filter may run before or after the expression that fails.
EVALUATION = re.compile(r"R00[0-9]|B031|Conversion Error|Out of Range|Invalid Input|integer overflow", re.IGNORECASE)

# What DuckDB refuses by its own choice, and Tundish takes as SQL has it.
PEER_LIMITS = re.compile(r"ORDER BY non-integer literal|cannot be applied directly after a cast|GROUP BY clause cannot contain|"
                         r"cannot be used in this context|Not implemented|Deprecated lambda|ambiguous|Cannot compare values of type|"
                         r"Could not choose a best candidate|Non-inner join on correlated|not supported|Unsupported|No function matches|too large to be evaluated|"
                         r"INTERNAL Error")

# What is wrong in DuckDB itself, and leaves it in a state in which it answers nothing more.
FAILED = re.compile(r"INTERNAL Error|FATAL Error")


class Pair:
    """Both engines with the same tables."""

    def __init__(self, arguments, setup):
        self.setup = setup
        self.ours = Tundish(arguments.tundish, arguments.threads)
        self.theirs = SQLite() if arguments.peer == "sqlite" else DuckDB()
        for statement in setup:
            self.theirs.run(statement)
            self.ours.run(statement)

    def compare(self, query, is_ordered):
        """The kind of disagreement (None if they agree), and what each side said."""
        left, error = attempt(self.ours, query)
        right, peer_error = attempt(self.theirs, query)
        if isinstance(error, Died):
            return "died", str(error), right
        if error and peer_error:
            return None, None, None
        if error:
            code = (re.search(r"error\[(\w+)\]", str(error)) or [None, "?"])[1]
            kind = "evaluation" if EVALUATION.search(code) else f"refused {code}"
            return kind, str(error), right
        if peer_error:
            if FAILED.search(str(peer_error)):
                self.restart_peer()
            kind = "peer limit" if PEER_LIMITS.search(str(peer_error)) else "accepted"
            return ("evaluation" if EVALUATION.search(str(peer_error)) else kind), left, str(peer_error)
        return ("rows" if differs(left, right, is_ordered) else None), left, right

    def restart_peer(self):
        """A failure inside DuckDB makes the whole connection unusable."""
        self.theirs.close()
        self.theirs = DuckDB()
        for statement in self.setup:
            self.theirs.run(statement)

    def close(self):
        self.ours.close()
        self.theirs.close()


def attempt(engine, query):
    try:
        return engine.run(query), None
    except (Refused, Died) as problem:
        return None, problem


def is_ordered(query):
    """An outermost ORDER BY; the generator gives it a total order."""
    depth, found = 0, False
    for part in re.finditer(r"'(?:[^']|'')*'|[()]|ORDER BY", query):
        depth += {"(": 1, ")": -1}.get(part.group(), 0)
        found = found or (part.group() == "ORDER BY" and depth == 0)
    return found


class Campaign:
    def __init__(self, arguments):
        self.arguments = arguments
        self.counts = collections.Counter()
        self.shown = 0
        self.pair = None

    def judge(self, setup, query):
        """The kind of disagreement; engines with the same tables are used again."""
        if self.pair is None or self.pair.setup != setup:
            self.forget()
            try:
                self.pair = Pair(self.arguments, setup)
            except (Refused, Died):
                return None
        kind = self.pair.compare(query, is_ordered(query))[0]
        if kind == "died":
            self.forget()
        return kind

    def forget(self):
        if self.pair is not None:
            self.pair.close()
        self.pair = None

    def report(self, seed, setup, query, kind, left, right):
        self.shown += 1
        if self.shown > self.arguments.show:
            return
        if self.arguments.reduce and kind != "accepted":
            setup, query = reduced(setup, query, self.judge, budget=self.arguments.reduce)
            self.judge(setup, query)
            if self.pair is not None:
                _, left, right = self.pair.compare(query, is_ordered(query))
            self.forget()
        print(f"-- seed {seed}: {kind}\n" + "".join(f"{line};\n" for line in setup) + f"{query};")
        print(f"-- tundish: {shown(left)}\n-- peer:    {shown(right)}\n", flush=True)

    def schema(self, seed):
        generator = Generator(seed, self.arguments.peer)
        setup = generator.schema()
        pair = Pair(self.arguments, setup)
        for _ in range(self.arguments.per_schema):
            query = generator.query()
            kind, left, right = pair.compare(query, is_ordered(query))
            self.counts[kind or ("refused by both" if left is None else "equal")] += 1
            self.rows_seen(left, right)
            if kind in ("evaluation", "peer limit") and not self.arguments.evaluation:
                continue
            if kind:
                self.report(seed, setup, query, kind, left, right)
            if kind == "died":
                pair.close()
                pair = Pair(self.arguments, setup)
        pair.close()

    def rows_seen(self, left, right):
        if isinstance(left, list) and isinstance(right, list) and left:
            self.counts["with rows"] += 1

    def run(self):
        schemas = -(-self.arguments.queries // self.arguments.per_schema)
        last = self.arguments.seed - 1
        try:
            for seed in range(self.arguments.seed, self.arguments.seed + schemas):
                self.schema(seed)
                last = seed
        except KeyboardInterrupt:
            print("interrupted")
        with_rows = self.counts.pop("with rows", 0)
        print(f"seeds {self.arguments.seed}..{last}, {sum(self.counts.values())} queries, {with_rows} with rows")
        print(", ".join(f"{count} {kind}" for kind, count in self.counts.most_common()))
        harmless = {"equal", "refused by both", "evaluation", "peer limit"}
        return 1 if any(kind not in harmless for kind in self.counts) else 0


def shown(value):
    if isinstance(value, list):
        return f"{len(value)} rows {sorted(map(str, value))[:6]}"
    return str(value)[:600]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tundish", required=True)
    parser.add_argument("--peer", choices=["duckdb", "sqlite"], default="duckdb")
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-schema", type=int, default=50)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--show", type=int, default=20)
    parser.add_argument("--reduce", type=int, default=120, help="how many trials to spend on one disagreement")
    parser.add_argument("--evaluation", action="store_true", help="also print errors that depend on evaluation order")
    return Campaign(parser.parse_args()).run()


if __name__ == "__main__":
    sys.exit(main())
