"""Calls every aggregate of DuckDB over small columns of each type on both engines: plain, DISTINCT, filtered, ordered and as windows.

    aggregates.py --tundish PATH [--only REGEX] [--show differs,refused,lenient]
"""
import argparse
import collections
import re

import engines
from calls import ALIASES, close

COLUMNS = {
    "BOOLEAN": ["true", "false", "NULL", "true", "true"],
    "TINYINT": ["1::TINYINT", "-128::TINYINT", "NULL", "127::TINYINT", "1::TINYINT"],
    "INTEGER": ["3", "-7", "NULL", "3", "42"],
    "BIGINT": ["2::BIGINT", "5::BIGINT", "NULL", "2::BIGINT", "-9223372036854775807"],
    "HUGEINT": ["7::HUGEINT", "-3::HUGEINT", "NULL", "7::HUGEINT", "12::HUGEINT"],
    "DECIMAL": ["1.50", "-2.25", "NULL", "1.50", "99.99"],
    "DOUBLE": ["1.5::DOUBLE", "-2.5::DOUBLE", "NULL", "1.5::DOUBLE", "1e10"],
    "VARCHAR": ["'b'", "''", "NULL", "'b'", "'é'"],
    "DATE": ["DATE '2024-02-29'", "DATE '1969-12-31'", "NULL", "DATE '2024-02-29'", "DATE '2000-01-01'"],
    "TIME": ["TIME '12:00:00'", "TIME '00:00:01'", "NULL", "TIME '12:00:00'", "TIME '23:59:59'"],
    "TIMESTAMP": ["TIMESTAMP '2024-02-29 01:02:03'", "TIMESTAMP '1969-12-31 00:00:00'", "NULL", "TIMESTAMP '2024-02-29 01:02:03'", "TIMESTAMP '2000-01-01 00:00:00'"],
    "TIMESTAMP WITH TIME ZONE": ["TIMESTAMPTZ '2024-02-29 01:02:03+00'", "TIMESTAMPTZ '1969-12-31 00:00:00+00'", "NULL", "TIMESTAMPTZ '2000-01-01 00:00:00+00'",
                                 "TIMESTAMPTZ '2000-01-01 00:00:00+00'"],
    "INTERVAL": ["INTERVAL '1 month'", "INTERVAL '3 days'", "NULL", "INTERVAL '3 days'", "INTERVAL '-1 hour'"],
    "INTEGER[]": ["[1, 2]", "[]::INTEGER[]", "NULL", "[1, 2]", "[NULL]::INTEGER[]"],
    "STRUCT": ["{'a': 1}", "{'a': NULL::INTEGER}", "NULL", "{'a': 1}", "{'a': 2}"],
}
COLUMNS["ANY"] = COLUMNS["T"] = COLUMNS["INTEGER"]
CONSTANTS = {("quantile_cont", 1): "0.3", ("quantile_disc", 1): "0.3", ("quantile", 1): "0.3", ("approx_quantile", 1): "0.5", ("reservoir_quantile", 1): "0.5",
             ("reservoir_quantile", 2): "100", ("string_agg", 1): "'-'", ("group_concat", 1): "'-'", ("listagg", 1): "'-'", ("approx_top_k", 1): "2",
             ("arg_min", 2): "2", ("arg_max", 2): "2", ("argmin", 2): "2", ("argmax", 2): "2", ("min_by", 2): "2", ("max_by", 2): "2", ("min", 1): "2",
             ("max", 1): "2", ("arg_max_nulls_last", 2): "2", ("arg_min_nulls_last", 2): "2"}
# Aggregates of types that there are not, or of the engine's inside, or documented as different.
LEFT_OUT = re.compile(r"^(bitstring_agg|combine_aggr|decimal_average|histogram.*|lttb|variant_.*|approx_count_distinct|count_star|first|arbitrary|last|any_value|mode|list|array_agg)$")
MANY = re.compile(r"^(first|arbitrary|last|any_value|mode|list|array_agg)$")


def signatures(connection):
    rows = connection.execute("""SELECT DISTINCT function_name, list_transform(parameter_types, lambda x: x::VARCHAR) FROM duckdb_functions()
        WHERE function_type = 'aggregate' ORDER BY 1, 2""").fetchall()
    for name, kinds in rows:
        kinds = [ALIASES.get(kind or "ANY", kind or "ANY") for kind in kinds]
        if MANY.search(name):
            yield from ((name, [kind]) for kind in COLUMNS if kind not in ("ANY", "T"))
        elif not LEFT_OUT.search(name) and kinds and all(kind in COLUMNS or (name, position) in CONSTANTS for position, kind in enumerate(kinds)):
            yield name, kinds


def queries(name, kinds):
    columns = [COLUMNS.get(kind) for kind in kinds]
    names = ["x", "y", "z"]
    arguments = ", ".join(CONSTANTS.get((name, position), names[position]) for position in range(len(kinds)))
    size = 5
    rows = [f"({i}, {', '.join((column or ['NULL'] * size)[(i * step) % size] for column, step in zip(columns, (1, 2, 3)))})" for i in range(size)]
    header = f"t(n, {', '.join(names[:len(kinds)])})"
    source = f"(VALUES {', '.join(rows)}) {header}"
    nothing = f"(SELECT * FROM {source} WHERE n < 0) {header}"
    unknown = f"(SELECT * FROM {source} WHERE n = 2) {header}"
    single = f"(SELECT * FROM {source} WHERE n = 0) {header}"
    first = f"{name}({arguments} ORDER BY n)"
    for call, place in ((first, source), (first, nothing), (first, unknown), (first, single), (f"{name}(DISTINCT {arguments} ORDER BY x)", source),
                        (f"{first} FILTER (WHERE n <> 1)", source)):
        yield f"SELECT CAST({call} AS VARCHAR) FROM {place}", f"SELECT typeof({call}) FROM {place}"
    yield (f"SELECT CAST({name}({arguments}) OVER (ORDER BY n) AS VARCHAR) FROM {source} ORDER BY n",
           f"SELECT CAST({name}({arguments}) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS VARCHAR) FROM {source} ORDER BY n")


def answer(engine, query):
    try:
        return "value", [row[0] for row in engine.run(query)]
    except (engines.Refused, UnicodeDecodeError) as problem:
        return "error", str(problem).splitlines()[0]


def alike(ours, theirs):
    """Whether two lists of printed values are one up to rounding."""
    return len(ours) == len(theirs) and all(a == b or close(a, b) or near(a, b) for a, b in zip(ours, theirs))


def near(a, b):
    try:
        return abs(float(a) - float(b)) <= 1e-9 * max(abs(float(a)), abs(float(b)))
    except (TypeError, ValueError):
        return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tundish", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--show", default="differs,refused,lenient")
    options = parser.parse_args()
    theirs, ours = engines.DuckDB(), engines.Tundish(options.tundish)
    theirs.connection.execute("SET error_on_division_by_zero = false")
    found, counts = collections.defaultdict(list), collections.Counter()
    for name, kinds in signatures(theirs.connection):
        if options.only and not re.search(options.only, name):
            continue
        for query in (query for pair in queries(name, kinds) for query in pair):
            kind, expected = answer(theirs, query)
            try:
                own, value = answer(ours, query)
            except engines.Died:
                ours = engines.Tundish(options.tundish)
                own, value = "died", query
            outcome = ("same" if own == kind and (own == "error" or alike(value, expected)) else "died" if own == "died"
                       else "refused" if own == "error" else "lenient" if kind == "error" else "differs")
            counts[outcome] += 1
            if outcome != "same":
                found[outcome, f"{name}({', '.join(kinds)})"].append((query, value, expected))
    for (outcome, name), cases in sorted(found.items()):
        if outcome in options.show.split(",") or outcome == "died":
            print(f"{outcome} {name}: {len(cases)}")
            for query, value, expected in cases[:3]:
                print(f"    {query}\n        tundish {value!r}\n        duckdb  {expected!r}")
    print(dict(counts))


if __name__ == "__main__":
    main()
