#!/usr/bin/env python3
"""Writes TPC-DS data, schema and queries into a folder, for `run.py`.

    python3 -m venv v && v/bin/pip install duckdb-ext-tpcds duckdb==1.4.4
    v/bin/python Tests/Differential/tpcds/make.py --folder /tmp/tpcds --scale 0.01

The generator and the queries are those of DuckDB's `tpcds` extension, which the package on PyPI
brings along; nothing of them is kept here.
"""
import argparse
import glob
import pathlib
import sysconfig

import duckdb


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--scale", type=float, default=0.01)
    arguments = parser.parse_args()
    connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
    pattern = f"{sysconfig.get_path('platlib')}/duckdb_ext/**/tpcds.duckdb_extension"
    connection.execute(f"LOAD '{glob.glob(pattern, recursive=True)[0]}'")
    connection.execute(f"CALL dsdgen(sf = {arguments.scale})")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for number, text in connection.execute("SELECT query_nr, query FROM tpcds_queries()").fetchall():
        (arguments.folder / f"q{number:02}.sql").write_text(text)
    schema = []
    for (table,) in connection.execute("SELECT table_name FROM information_schema.tables ORDER BY 1").fetchall():
        columns = connection.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position", [table])
        definition = ", ".join(f"{name} {kind}" for name, kind in columns.fetchall())
        schema.append(f"CREATE TABLE {table} ({definition})")
        connection.execute(f"COPY {table} TO '{arguments.folder}/{table}.csv' (HEADER)")
    (arguments.folder / "schema.sql").write_text(";\n".join(schema) + ";\n")


if __name__ == "__main__":
    main()
