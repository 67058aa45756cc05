"""The engines under comparison, each with `run(statement) -> rows`."""
import decimal
import json
import os
import select
import subprocess

MARK = "@@done"


class Refused(Exception):
    """The engine answered with an error."""


class Died(Exception):
    """The engine's process ended or stopped answering, which no statement may cause."""


SECONDS = 60  # how long one statement may take


class Tundish:
    """One process that reads statements and answers in JSON lines."""

    def __init__(self, path, threads=1):
        command = [path, "--keep-going", "--format", "jsonl", "--threads", str(threads)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, statement):
        try:
            self.process.stdin.write((statement + f";\n.print {MARK}\n").encode())
            self.process.stdin.flush()
        except BrokenPipeError as problem:
            raise Died(statement) from problem
        lines = self.answer(statement)
        if any(line.startswith("error[") for line in lines):
            raise Refused("\n".join(lines))
        return [values(line) for line in lines if line.startswith("{")]

    def answer(self, statement):
        text, mark = bytearray(), f"{MARK}\n".encode()
        while not text.endswith(mark):
            ready, _, _ = select.select([self.process.stdout], [], [], SECONDS)
            part = os.read(self.process.stdout.fileno(), 1 << 16) if ready else b""
            if not part:
                self.process.kill()
                raise Died(("ended" if ready else f"no answer in {SECONDS} s") + f" at {statement}: {text[-2000:].decode(errors='replace')}")
            text += part
        return text.decode().split("\n")[:-2]

    def close(self):
        try:
            self.process.stdin.close()
        except OSError:
            pass  # it died; the campaign has counted that
        self.process.wait(20)


def values(line):
    """The values of one JSON object in order; a repeated name keeps both."""
    pairs = json.loads(line, parse_float=decimal.Decimal, object_pairs_hook=lambda items: Pairs(items))
    return [plain(value) for _, value in pairs]


class Pairs(list):
    """The members of a JSON object."""


def plain(value):
    if isinstance(value, Pairs):
        return {name: plain(item) for name, item in value}
    return [plain(item) for item in value] if isinstance(value, list) else value


class DuckDB:
    """DuckDB in this process, with the options that make its defaults ours."""

    def __init__(self, threads=1):
        import duckdb
        self.errors = duckdb.Error
        self.connection = duckdb.connect()
        self.connection.execute(f"SET threads = {threads}")
        self.connection.execute("SET ieee_floating_point_ops = false")
        self.connection.execute("SET TimeZone = 'UTC'")

    def run(self, statement):
        try:
            return [list(row) for row in self.connection.execute(statement).fetchall()]
        except self.errors as problem:
            raise Refused(str(problem).splitlines()[0]) from problem

    def close(self):
        self.connection.close()


class SQLite:
    """Python's own SQLite, for the queries whose dialect it shares."""

    def __init__(self):
        import sqlite3
        self.errors = (sqlite3.Error, OverflowError)
        self.connection = sqlite3.connect(":memory:")
        self.connection.execute("PRAGMA case_sensitive_like = ON")

    def run(self, statement):
        try:
            return [list(row) for row in self.connection.execute(statement).fetchall()]
        except self.errors as problem:
            raise Refused(str(problem)) from problem

    def close(self):
        self.connection.close()
