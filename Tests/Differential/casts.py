"""Compares conversions, comparisons and arithmetic between every pair of types with DuckDB.

    casts.py --tundish PATH [--what casts,texts,pairs] [--only REGEX]

`casts` converts values of each type to each type, `texts` reads texts of many forms as each type, `pairs` compares and
calculates with values of each two types. Printed results and, in `pairs`, their types are compared.
"""
import argparse
import collections
import re

import engines
from calls import answer, close

VALUES = {
    "BOOLEAN": ["true", "false"],
    "TINYINT": ["CAST(5 AS TINYINT)", "CAST(-128 AS TINYINT)", "CAST(127 AS TINYINT)"],
    "SMALLINT": ["CAST(300 AS SMALLINT)", "CAST(-32768 AS SMALLINT)"],
    "INTEGER": ["7", "CAST(-2147483648 AS INTEGER)", "2147483647", "0"],
    "BIGINT": ["CAST(8 AS BIGINT)", "9223372036854775807", "CAST(-9223372036854775808 AS BIGINT)"],
    "HUGEINT": ["CAST(9 AS HUGEINT)", "170141183460469231731687303715884105727", "CAST(-170141183460469231731687303715884105727 AS HUGEINT)"],
    "UTINYINT": ["CAST(5 AS UTINYINT)", "CAST(0 AS UTINYINT)", "CAST(255 AS UTINYINT)"],
    "USMALLINT": ["CAST(300 AS USMALLINT)", "CAST(65535 AS USMALLINT)"],
    "UINTEGER": ["CAST(7 AS UINTEGER)", "CAST(4294967295 AS UINTEGER)"],
    "UBIGINT": ["CAST(8 AS UBIGINT)", "CAST(18446744073709551615 AS UBIGINT)"],
    "DECIMAL(4,1)": ["CAST(2.5 AS DECIMAL(4,1))", "CAST(-999.9 AS DECIMAL(4,1))", "CAST(0.5 AS DECIMAL(4,1))", "CAST(-1.5 AS DECIMAL(4,1))"],
    "DECIMAL(18,3)": ["CAST(1234.567 AS DECIMAL(18,3))", "CAST(-999999999999999.999 AS DECIMAL(18,3))"],
    "DECIMAL(38,10)": ["CAST(1.0000000001 AS DECIMAL(38,10))", "CAST('-9999999999999999999999999999.9999999999' AS DECIMAL(38,10))"],
    "DOUBLE": ["CAST(2.5 AS DOUBLE)", "CAST(3.5 AS DOUBLE)", "CAST(-0.1 AS DOUBLE)", "1e20", "1.7976931348623157e308", "CAST(0 AS DOUBLE)", "1e-300", "123456789.125::DOUBLE"],
    "VARCHAR": ["'abc'", "'12'", "''", "'2024-02-29'", "'ok'"],
    "BLOB": [r"'ab\x00\xFF'::BLOB", "''::BLOB"],
    "DATE": ["DATE '2024-02-29'", "DATE '0001-01-01'", "DATE '9999-12-31'"],
    "TIME": ["TIME '12:34:56.789'", "TIME '00:00:00'"],
    "TIMESTAMP": ["TIMESTAMP '2024-02-29 12:34:56.789'", "TIMESTAMP '1969-12-31 23:59:59.999999'", "TIMESTAMP '2024-03-10 02:30:00'"],
    "TIMESTAMP_S": ["CAST('2024-02-29 12:34:56.5' AS TIMESTAMP_S)", "CAST('1969-12-31 23:59:58.5' AS TIMESTAMP_S)"],
    "TIMESTAMP_MS": ["CAST('2024-02-29 12:34:56.7895' AS TIMESTAMP_MS)", "CAST('1969-12-31 23:59:59.9985' AS TIMESTAMP_MS)"],
    "TIMESTAMPTZ": ["TIMESTAMPTZ '2024-02-29 12:34:56+02'", "TIMESTAMPTZ '1969-12-31 23:59:59-05'"],
    "INTERVAL": ["INTERVAL '1 year 2 months 3 days 04:05:06.7'", "INTERVAL '-40 days'", "INTERVAL '30 days'", "INTERVAL '1 month'"],
    "ENUM('sad', 'ok')": ["CAST('ok' AS ENUM('sad', 'ok'))", "CAST('sad' AS ENUM('sad', 'ok'))"],
    "INTEGER[]": ["[1, NULL, 300]", "[]::INTEGER[]"],
    "VARCHAR[]": ["['a', 'b c', NULL, '']", "['1', '2']"],
    "INTEGER[][]": ["[[1], NULL, [2, 3]]"],
    "STRUCT(a INTEGER, b VARCHAR)": ["{'a': 1, 'b': 'x'}", "{'a': NULL::INTEGER, 'b': 'it''s'}"],
}
TEXTS = """|12| 12 |+12|-0|012|1e3|1.5e-2|1_000|0x1F|0b11|12.5|12.49|-12.5|.5|5.|1,000|12abc|--1|99999999999|9223372036854775808|1e400|inf|-Infinity|nan|NaN
|true|TRUE|t|f|yes|no|on|off|y|n|1|0|tru| true
|2024-02-29|2024-2-9|2024/02/29|2024-02/29|20240229|2023-02-29|2024-13-01|0044-03-15 (BC)|-0044-03-15|infinity|-infinity|epoch|today|2024-02-29 x| 2024-02-29 |24-02-29|2024-02-29abc|12024-02-29|294247-01-10
|12:34|12:34:56|12:34:56.7|24:00:00|24:00:01|25:00|12:60|12:34:56.1234567|1:2:3|12:34:56+02|12:34:56 PM|T12:34
|2024-02-29 12:34|2024-02-29T12:34:56Z|2024-02-29 12:34:56.123456789|2024-02-29 12:34:56+02:30|2024-02-29 12:34:56-0530|2024-02-29 12:34:56 America/New_York|2024-02-29 12:34:56 UTC|2024-02-29 24:00:00|2024-02-29  12:34:56|2024-02-29 1:2:3|2024-02-29 12:34:60|2024-02-29 12:34:56 +02
|1 day|1 year 2 months|1 y 2 mon 3 d|P1Y2M3DT4H5M6S|1:02:03|-3 days 04:05|1.5 hours|1.5 months|2 weeks ago|3 days ago|1 day 1|day|1 fortnight|1 century|-1 month +2 days|1 month 2 months|00:00:00.0000001|1 quarter|2147483648 months
|[1,2]|[1, NULL]|[]|[ 1 , 2 ]|[a, b c]|["x", 'y z']|[1,2|[[1],[2]]|[,]|[1,]|[a"b]|[NULL, null, 'NULL']|{a: 1, b: x}|{'a': 1, 'b': 'x y'}|{"a": 1, "b": "x"}|{a: 1}|{}|{a:1,b:}|{b: x, a: 2}|{a: 1, b: NULL}|{a: x}|(1, x)|{a: 1, b: x, c: 3}
|ok|sad|OK| ok|\\x41\\xFF|\\x4|\\xzz|é|a\\\\b""".replace("\n", "").split("|")
TARGETS = list(VALUES)
OPERATORS = ["+", "-", "*", "/", "//", "%", "=", "<", "IS DISTINCT FROM", "||"]


def questions(what):
    """Names of groups with expressions."""
    if "casts" in what:
        for source, values in VALUES.items():
            for target in TARGETS:
                for value in values:
                    yield f"cast {source} -> {target}", f"CAST({value} AS {target})"
    if "texts" in what:
        for target in TARGETS:
            for text in TEXTS:
                yield f"read {target}", f"CAST('{text}' AS {target})".replace("'[", "'[") if "'" not in text else f"CAST($${text}$$ AS {target})"
    if "pairs" in what:
        for left, first in VALUES.items():
            for right, second in VALUES.items():
                for operator in OPERATORS:
                    yield f"{left} {operator} {right}", f"{first[0]} {operator} {second[0]}"
                    if operator in "+-*//%":
                        yield f"{left} {operator} {right}", f"typeof({first[0]} {operator} {second[0]})"
                for function in ("greatest({}, {})", "coalesce({}, {})", "[{}, {}]", "typeof(coalesce({}, {}))", "CASE WHEN true THEN {} ELSE {} END"):
                    yield f"{function.split('(')[0]} {left} {right}", function.format(first[0], second[0])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tundish", required=True)
    parser.add_argument("--what", default="casts,texts,pairs")
    parser.add_argument("--only", default="")
    parser.add_argument("--show", default="differs,refused,lenient")
    options = parser.parse_args()
    theirs, ours = engines.DuckDB(), engines.Tundish(options.tundish)
    theirs.connection.execute("SET error_on_division_by_zero = false")
    found, counts = collections.defaultdict(list), collections.Counter()
    for group, expression in questions(options.what.split(",")):
        if options.only and not re.search(options.only, group):
            continue
        kind, expected = answer(theirs, expression)
        try:
            own, value = answer(ours, expression)
        except engines.Died:
            ours = engines.Tundish(options.tundish)
            own, value = "died", expression
        outcome = ("same" if own == kind and (own == "error" or value == expected or close(value, expected)) else "died" if own == "died"
                   else "refused" if own == "error" else "lenient" if kind == "error" else "differs")
        counts[outcome] += 1
        if outcome != "same":
            found[outcome, group].append((expression, value, expected))
    for (outcome, group), cases in sorted(found.items()):
        if outcome in options.show.split(",") or outcome == "died":
            print(f"{outcome} {group}: {len(cases)}")
            for expression, value, expected in cases:
                print(f"    {expression}  tundish {value!r}  duckdb {expected!r}")
    print(dict(counts))


if __name__ == "__main__":
    main()
