#!/usr/bin/env python3
"""Writes sqllogictest files of the shapes of SQLite's own suites, with SQLite's answers.

    sqlite.py --out FOLDER [--shapes select1,random_expr,...] [--seed 1] [--count 200] [--files 1]
    tundish-test --quiet --set integer_division=true --set default_null_order=nulls_first FOLDER

SQLite's files (select1 to select5, random, index, evidence) hold millions of records, too many to keep
or to read here. What they ask is known from a few; the rest is chance, and chance this has too. The
queries are written here; the answers are those of Python's SQLite, in the form that the files have:
one value per line, a hash for more than eight, sorted as the record says.
"""
import argparse
import hashlib
import os
import random
import sqlite3

import sqlite_evidence
import sqlite_index
import sqlite_random
import sqlite_select

SHAPES = {**sqlite_select.SHAPES, **sqlite_random.SHAPES, **sqlite_index.SHAPES, **sqlite_evidence.SHAPES}
THRESHOLD = 8
LIMIT = 2_000_000  # steps of SQLite's machine, in thousands, that one answer may cost


class Recorder:
    """One file: statements and queries with what SQLite answers to them."""

    def __init__(self, path):
        self.connection = sqlite3.connect(":memory:")
        self.file = open(path, "w")
        self.file.write(f"hash-threshold {THRESHOLD}\n\n")
        self.records = 0
        self.patience = 0
        self.connection.set_progress_handler(self.tick, 1000)

    def tick(self):
        self.patience -= 1
        return self.patience < 0

    def statement(self, text, only=None):
        """A statement, ok or error as it is with SQLite."""
        self.patience = LIMIT
        try:
            self.connection.execute(text)
            outcome = "ok"
        except (sqlite3.Error, sqlite3.Warning):
            outcome = "error"
        self.write(f"statement {outcome}", text, only)

    def query(self, text, sort="rowsort", label=None, only=None):
        """A query, left out where SQLite refuses it or takes too long."""
        self.patience = LIMIT
        try:
            rows = self.connection.execute(text).fetchall()
        except (sqlite3.Error, OverflowError):
            return
        width = len(rows[0]) if rows else len(self.connection.execute(text).description)
        types = "".join(kind([row[i] for row in rows]) for i in range(width))
        texts = [[written(value, types[i]) for i, value in enumerate(row)] for row in rows]
        if sort == "rowsort":
            texts.sort(key=lambda row: [value.encode() for value in row])
        values = [value for row in texts for value in row]
        if sort == "valuesort":
            values.sort(key=str.encode)
        head = f"query {types} {sort}" + (f" {label}" if label else "")
        if len(values) > THRESHOLD:
            digest = hashlib.md5("".join(value + "\n" for value in values).encode()).hexdigest()
            values = [f"{len(values)} values hashing to {digest}"]
        self.write(head, text + "\n----" + "".join("\n" + value for value in values), only)

    def write(self, head, body, only=None):
        self.file.write((f"{only}\n" if only else "") + f"{head}\n{body}\n\n")
        self.records += only is None or not only.startswith("onlyif")

    def close(self):
        self.file.close()
        self.connection.close()


def kind(values):
    """The letter of a column: text, real or integer."""
    kinds = {type(value) for value in values}
    return "T" if str in kinds or bytes in kinds else "R" if float in kinds else "I"


def written(value, letter):
    """A value as SQLite's runner prints it."""
    if value is None:
        return "NULL"
    if letter == "R":
        return "%.3f" % value
    if letter == "I":
        return "%d" % value
    text = value if isinstance(value, str) else "%.1f" % value if isinstance(value, float) else str(value)
    return "".join(c if " " <= c <= "~" else "@" for c in text) or "(empty)"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--shapes", default=",".join(SHAPES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200, help="queries of a file")
    parser.add_argument("--files", type=int, default=1, help="files of a shape")
    options = parser.parse_args()
    os.makedirs(options.out, exist_ok=True)
    total = 0
    for shape in options.shapes.split(","):
        for number in range(options.files):
            seed = options.seed + number
            recorder = Recorder(os.path.join(options.out, f"{shape}_{seed}.test"))
            SHAPES[shape](recorder, random.Random(f"{shape} {seed}"), options.count)
            recorder.close()
            total += recorder.records
    print(f"{total} records")


if __name__ == "__main__":
    main()
