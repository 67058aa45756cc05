"""Calls every function that DuckDB has, and ours, with typical, NULL, empty, extreme and odd arguments on both engines.

    calls.py --tundish PATH [--only REGEX] [--limit CALLS_PER_SIGNATURE] [--show differs,refused,lenient]

The printed form of each result is compared, so that types which print differently differ.
"""
import argparse
import collections
import itertools
import random
import re

import engines

POOLS = {
    "BOOLEAN": ["true", "false", "NULL::BOOLEAN"],
    "TINYINT": ["1::TINYINT", "-128::TINYINT", "127::TINYINT", "NULL::TINYINT"],
    "SMALLINT": ["2::SMALLINT", "-32768::SMALLINT", "32767::SMALLINT", "NULL::SMALLINT"],
    "INTEGER": ["3", "0", "-7", "42", "2147483647", "(-2147483648)::INTEGER", "NULL::INTEGER"],
    "BIGINT": ["2", "0", "-1", "5", "9223372036854775807", "(-9223372036854775808)::BIGINT", "NULL::BIGINT"],
    "HUGEINT": ["7::HUGEINT", "-3::HUGEINT", "170141183460469231731687303715884105727::HUGEINT", "NULL::HUGEINT"],
    "DECIMAL": ["1.50", "-2.345", "0.00", "12345678901234567890.123", "99999.99", "NULL::DECIMAL(10,2)"],
    "DOUBLE": ["1.5::DOUBLE", "-2.5::DOUBLE", "0::DOUBLE", "0.1::DOUBLE", "1e308", "1e-7", "NULL::DOUBLE"],
    "VARCHAR": ["'abc'", "''", "'Straße é'", "'a,b,c'", "'🤦🏼‍♂️x'", "'  pad '", "'123'", "'2024-02-29'", "'x/y/z.csv'", "NULL::VARCHAR"],
    "BLOB": [r"'\xC3\xA4b'::BLOB", "''::BLOB", "'abc'::BLOB", "NULL::BLOB"],
    "DATE": ["DATE '2024-02-29'", "DATE '1970-01-01'", "DATE '1969-12-31'", "DATE '0001-01-01'", "DATE '9999-12-31'", "NULL::DATE"],
    "TIME": ["TIME '12:34:56.789'", "TIME '00:00:00'", "TIME '23:59:59.999999'", "NULL::TIME"],
    "TIMESTAMP": ["TIMESTAMP '2024-02-29 12:34:56.789'", "TIMESTAMP '1969-12-31 23:59:59.999999'", "TIMESTAMP '0044-03-15 00:00:00'",
                  "TIMESTAMP '1992-09-20 00:00:00'", "NULL::TIMESTAMP"],
    "TIMESTAMP WITH TIME ZONE": ["TIMESTAMPTZ '2024-02-29 12:34:56+00'", "TIMESTAMPTZ '1969-12-31 22:00:00-05'", "NULL::TIMESTAMPTZ"],
    "INTERVAL": ["INTERVAL '1 year 2 months 3 days 04:05:06.789'", "INTERVAL '-40 days'", "INTERVAL '90 minutes'", "INTERVAL '0 days'", "NULL::INTERVAL"],
    "INTEGER[]": ["[1, 2, 3]", "[3, NULL, 1, 3]", "[]::INTEGER[]", "NULL::INTEGER[]"],
    "VARCHAR[]": ["['b', 'a']", "['', NULL, 'ß']", "NULL::VARCHAR[]"],
    "DOUBLE[]": ["[1.0::DOUBLE, 2.0]", "[0.5::DOUBLE, -1]", "NULL::DOUBLE[]"],
    "BOOLEAN[]": ["[true, false, true]", "[true]", "NULL::BOOLEAN[]"],
    "BIGINT[]": ["[1, 3]::BIGINT[]", "[2, 2]::BIGINT[]", "NULL::BIGINT[]"],
    "STRUCT": ["{'a': 1, 'b': 'x'}", "{'a': NULL::INTEGER, 'b': 'é'}"],
}
POOLS["ANY"] = [POOLS[kind][position] for position in (0, 2, 1) for kind in ("INTEGER", "VARCHAR", "DECIMAL", "DOUBLE", "DATE", "TIMESTAMP", "BOOLEAN",
                "INTERVAL", "INTEGER[]", "TIME", "HUGEINT")] + ["NULL", "['a', NULL]", "{'a': 1}"]
POOLS["T[]"] = POOLS["ANY[]"] = POOLS["INTEGER[]"] + POOLS["VARCHAR[]"] + ["[[1], [2, 3]]", "[1.5, 2.25]"]
POOLS["T"] = ["1", "'a'", "NULL", "3"]
POOLS["FLOAT[]"] = POOLS["DOUBLE[]"]
PARTS = [f"'{part}'" for part in ("year", "month", "day", "hour", "minute", "second", "ms", "us", "week", "quarter", "decade", "century", "millennium",
                                  "dow", "isodow", "doy", "isoyear", "yearweek", "epoch", "julian", "era", "nonsense")] + ["NULL"]
FORMATS = ["'%Y-%m-%d'", "'%d/%m/%y %H:%M:%S'", "'%A %B %-d %j %p %I %f %%'", "'%a %b %U %W %V %G %u %w %g %y %Z %z %n %c %x %X'", "''", "'%q'", "NULL"]
PATTERNS = ["'[a-c]+'", "'(.)(.)'", "''", "'x?'", "'('", "'^a|c$'", r"'\s+'", "'é'", "NULL"]
ZONES = ["'UTC'", "'America/New_York'", "'Europe/Berlin'", "'Asia/Kolkata'", "'Nowhere'"]
# What stands in place of the pools: by function and position of the argument.
SPECIAL = {
    ("date_part", 0): PARTS, ("datepart", 0): PARTS, ("date_trunc", 0): PARTS, ("datetrunc", 0): PARTS, ("date_diff", 0): PARTS, ("datediff", 0): PARTS,
    ("date_sub", 0): PARTS, ("datesub", 0): PARTS, ("date_add", 0): None, ("strftime", 1): FORMATS, ("strptime", 1): FORMATS, ("try_strptime", 1): FORMATS,
    ("strptime", 0): ["'2024-02-29'", "'29/02/24 01:02:03'", "'x'", "''", "NULL"], ("try_strptime", 0): ["'2024-02-29'", "'29/02/24 01:02:03'", "'x'", "''"],
    ("timezone", 0): ZONES, ("repeat", 1): ["0", "2", "-1", "NULL"], ("lpad", 1): ["5", "0", "-1", "2"], ("rpad", 1): ["5", "0", "-1", "2"],
    ("generate_series", 2): ["1", "2", "-1", "0"], ("range", 2): ["1", "2", "-1", "0"], ("range", 0): ["0", "5", "-3"], ("range", 1): ["4", "0", "NULL"],
    ("generate_series", 0): ["0", "5", "-3"], ("generate_series", 1): ["4", "0", "NULL"], ("list_resize", 1): ["2", "0", "5", "NULL"],
    ("array_resize", 1): ["2", "0", "5", "NULL"], ("format", 0): ["'{} {}'", "'{:d}'", "'{:,}'", "'{:>8}|'", "'{:.2f}'", "'{'"],
    ("printf", 0): ["'%s'", "'%d'", "'%5.2f|'", "'%x'", "'%-8s|'", "'%'"], ("list_aggregate", 1): ["'sum'", "'max'", "'nonsense'"],
    ("list_aggr", 1): ["'sum'", "'min'"], ("array_aggregate", 1): ["'sum'"], ("array_aggr", 1): ["'sum'"], ("aggregate", 1): ["'sum'", "'avg'"],
    ("list_sort", 1): ["'ASC'", "'desc'", "'x'"], ("list_sort", 2): ["'NULLS FIRST'", "'nulls last'"],
    ("list_grade_up", 1): ["'ASC'", "'desc'"], ("list_grade_up", 2): ["'NULLS FIRST'", "'nulls last'"],
    ("from_base64", 0): ["'YWI='", "''", "'x'", "NULL"], ("unhex", 0): ["'41ff'", "''", "'x'", "'zz'"], ("from_hex", 0): ["'41ff'", "''", "'4'"],
    ("bar", 3): ["10", "3.5"], ("parse_formatted_bytes", 0): ["'16 KiB'", "'1.5GB'", "'10'", "'x'"],
}
for name in ("regexp_matches", "regexp_full_match", "regexp_extract", "regexp_extract_all", "regexp_replace", "regexp_split_to_array",
             "string_split_regex", "str_split_regex"):
    SPECIAL[name, 1] = PATTERNS
for name in ("regexp_matches", "regexp_full_match"):
    SPECIAL[name, 2] = ["'i'", "'s'", "'l'", "'zz'"]
SPECIAL["regexp_replace", 2] = [r"'<\0>'", r"'\2\1'", "''"]
SPECIAL["regexp_replace", 3] = ["'g'", "'gi'", "''"]
SPECIAL["regexp_extract", 2] = ["0", "1", "2", "-1"]
SPECIAL["regexp_extract_all", 2] = ["0", "1", "2", "-1"]
SPECIAL["regexp_extract", 3] = ["'i'"]
SPECIAL["regexp_extract_all", 3] = ["'i'"]

ALIASES = {"NUMERIC": "DECIMAL", "FLOAT": "DOUBLE", "TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE", '"NULL"': "ANY", "NULL": "ANY", "JSON": "VARCHAR", "UBIGINT": "BIGINT",
           "'T[]'": "T[]", "'ANY[]'": "ANY[]", "'VARCHAR[]'": "VARCHAR[]", "'DOUBLE[]'": "DOUBLE[]", "'FLOAT[]'": "FLOAT[]", "'BIGINT[]'": "BIGINT[]",
           "'BOOLEAN[]'": "BOOLEAN[]", "ANY[]": "ANY[]", "TUPLE": "STRUCT"}

# No function of the types that Tundish has, or one whose result is a matter of chance or of the engine's inside.
LEFT_OUT = re.compile(r"""^(icu_)?collate_|^__|^variant|^map|^union|^st_|^has_.*privilege|^pg_(?!typeof|size)|^inet|^icu_|^json_|^col_desc|^obj_desc|^shobj|^format_(pg_)?type
    |^(nextval|currval|setval|random|setseed|uuid|uuidv[47]|gen_random_uuid|now|today|current_.*|get_current.*|transaction_timestamp|txid_current|version|stats|
    hash|sleep_ms|write_log|error|vector_type|alias|getvariable|in_search_path|create_sort_key|finalize|combine|nfc_normalize|
    array_to_json|row_to_json|to_json|from_json.*|remap_struct|struct_(pack|insert|update)|row|enum_.*|bitstring|get_bit|set_bit|bit_position|hive_.*|index_key|
    make_type|get_type|cast_to_type|replace_type|can_cast.*|switch|invoke|equi_width_bins|is_histogram.*|md5_number.*|parse_duckdb.*|unpivot_list|user|session_user|
    write_.*|timetz_.*|to_aggregate_state|ago|get_block_size|getenv|is_.*visible|vertex_extract|cardinality|array_value|
    list_transform|list_filter|list_reduce|list_apply|array_apply|array_filter|array_reduce|array_transform|apply|filter|reduce|unnest|generate_subscripts)$""", re.X)
OPERATORS = {"+", "-", "*", "/", "//", "%", "^", "**", "&", "|", "||", "<<", ">>", "=", "<", ">", "<=", ">=", "!=", "<->", "<=>", "@>", "<@", "&&", "^@"}


def signatures(connection):
    """Names with the lists of parameter types of their overloads, as far as the types are ours."""
    rows = connection.execute("""SELECT DISTINCT function_name, list_transform(parameter_types, lambda x: x::VARCHAR), varargs FROM duckdb_functions()
        WHERE function_type IN ('scalar', 'macro') ORDER BY 1, 2""").fetchall()
    for name, kinds, varargs in rows:
        if LEFT_OUT.search(name) or name.startswith("!") and name != "!=":
            continue
        kinds = [ALIASES.get(kind or "ANY", kind or "ANY") for kind in kinds]
        if varargs and len(kinds) < 2:
            kinds += [ALIASES.get(varargs, varargs)] * 2
        if all(kind in POOLS for kind in kinds):
            yield name, kinds


def calls(name, kinds, limit, chance):
    """Some calls of one signature: the first values of all pools, then a random choice of the others."""
    pools = []
    for position, kind in enumerate(kinds):
        pool = SPECIAL.get((name, position), POOLS[kind])
        pools.append(POOLS[kind] if pool is None else pool)
    every = itertools.product(*pools)
    total = 1
    for pool in pools:
        total *= len(pool)
    if total <= limit:
        chosen = list(every)
    else:
        chosen = [tuple(pool[0] for pool in pools)]
        for position, pool in enumerate(pools):
            chosen += [tuple(value if i == position else other[0] for i, other in enumerate(pools)) for value in pool[1:]]
        chosen += [tuple(chance.choice(pool) for pool in pools) for _ in range(limit)]
        chosen = list(dict.fromkeys(chosen))[:limit]
    for arguments in chosen:
        if name in OPERATORS:
            yield f"({arguments[0]}) {name} ({arguments[1]})" if len(arguments) == 2 else f"{name}({arguments[0]})"
        elif re.fullmatch(r"\w+", name):
            yield f"{name}({', '.join(arguments)})"


def answer(engine, call):
    try:
        rows = engine.run(f"SELECT CAST({call} AS VARCHAR)")
        return "value", rows[0][0] if rows else None
    except (engines.Refused, UnicodeDecodeError) as problem:
        return "error", str(problem).splitlines()[0]


def close(ours, theirs):
    """Whether two printed doubles are one up to rounding."""
    if ours is None or theirs is None:
        return False
    if theirs in ("nan", "inf", "-inf"):
        return False
    try:
        a, b = float(ours), float(theirs)
    except ValueError:
        return False
    return abs(a - b) <= 1e-12 * max(abs(a), abs(b)) and ("e" in ours + theirs or "." in ours and "." in theirs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tundish", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--limit", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", default="differs,refused")
    parser.add_argument("--examples", type=int, default=3)
    options = parser.parse_args()
    theirs, ours = engines.DuckDB(), engines.Tundish(options.tundish)
    theirs.connection.execute("SET error_on_division_by_zero = false")
    chance = random.Random(options.seed)
    found, counts = collections.defaultdict(list), collections.Counter()
    for name, kinds in signatures(theirs.connection):
        if options.only and not re.search(options.only, name):
            continue
        for call in calls(name, kinds, options.limit, chance):
            kind, expected = answer(theirs, call)
            try:
                own, value = answer(ours, call)
            except engines.Died:
                ours = engines.Tundish(options.tundish)
                own, value = "died", call
            outcome = ("same" if own == kind and (own == "error" or value == expected or close(value, expected)) else "died" if own == "died"
                       else "refused" if own == "error" else "lenient" if kind == "error" else "differs")
            counts[outcome] += 1
            if outcome != "same":
                found[outcome, name].append((call, value, expected))
    for (outcome, name), cases in sorted(found.items()):
        if outcome in options.show.split(",") or outcome == "died":
            print(f"{outcome} {name}: {len(cases)}")
            for call, value, expected in cases[:options.examples]:
                print(f"    {call}\n        tundish {value!r}\n        duckdb  {expected!r}")
    print(dict(counts))


if __name__ == "__main__":
    main()
