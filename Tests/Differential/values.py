"""Types and constants of random tables, extreme values among them."""

TYPES = ["INTEGER", "BIGINT", "DOUBLE", "DECIMAL(12,2)", "VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP"]
RARE = ["SMALLINT", "TINYINT", "HUGEINT", "TIME", "DECIMAL(30,6)", "INTEGER[]", "VARCHAR[]", "UTINYINT", "UINTEGER"]
SQLITE = ["INTEGER", "BIGINT", "DOUBLE", "VARCHAR"]
NUMBERS = ["INTEGER", "BIGINT", "DOUBLE", "DECIMAL(12,2)"]
WORDS = ["won", "lost", "open", "Ann", "ann", "Bo", "", "x y", "North", "south", "é", "a%b", "a_b", "zz", " lead",
         "10", "-3", "2024-05-06", "tail ", "ß", "日本", "a,b,c", "o'x", "\\d+", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]
RANGES = {"TINYINT": 127, "SMALLINT": 32767, "INTEGER": 2147483647, "BIGINT": 9223372036854775807}
UNSIGNED = {"UTINYINT": 255, "UINTEGER": 4294967295}


def constant(random, kind, null=0.1, name="", extreme=0.0):
    """A literal of a type."""
    if random.random() < null:
        return "NULL"
    if kind in RANGES:
        if name == "k":
            return str(random.randint(0, 5))
        if random.random() < extreme:
            return str(random.choice([RANGES[kind], -RANGES[kind]]))
        return str(random.choice([0, 1, 2, 3, -1, 7, 100, -50, random.randint(-9, 9)]))
    if kind in UNSIGNED:
        text = UNSIGNED[kind] if random.random() < extreme else random.choice([0, 1, 2, 7, 100, random.randint(0, 9)])
        return str(text) if name == "k" else f"{text}::{kind}"
    if kind == "HUGEINT":
        return random.choice(["0", "1", "-7", "170141183460469231731687303715884105727", "12345678901234567890"]) + "::HUGEINT"
    if kind == "DOUBLE":
        return random.choice(["0.5", "-1.25", "2.0", "100.75", "0.0", "3.5", "1e-7", "123456.789"]) + "::DOUBLE"
    if kind == "DECIMAL(12,2)":
        return random.choice(["0.00", "1.50", "-2.25", "99.99", "1234.56", "-0.01"]) + "::DECIMAL(12,2)"
    if kind == "DECIMAL(30,6)":
        return random.choice(["0", "1.5", "-2.250001", "123456789012345678.901234"]) + "::DECIMAL(30,6)"
    if kind == "VARCHAR":
        return "'" + random.choice(WORDS).replace("'", "''") + "'"
    if kind == "BOOLEAN":
        return random.choice(["TRUE", "FALSE"])
    if kind == "TIME":
        return f"TIME '{random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.choice(['00', '59', '07.5'])}'"
    if kind.endswith("[]"):
        items = ", ".join(constant(random, kind[:-2], 0.15) for _ in range(random.choice([0, 1, 2, 3, 3])))
        return f"([{items}]::{kind})"
    year = random.choice([1, 1969, 1970, 9999]) if random.random() < extreme else random.randint(2023, 2026)
    day = f"{year:04}-{random.randint(1, 12):02}-{random.choice([1, 15, 28, random.randint(1, 28)]):02}"
    if kind == "DATE":
        return f"DATE '{day}'"
    return f"TIMESTAMP '{day} {random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.choice(['00', '00', '30.25'])}'"


def typed(random, kind, null=0.1):
    """A literal that has its type in every context."""
    text = constant(random, kind, null)
    plain = kind in RANGES or text == "NULL"
    return f"CAST({text} AS {kind})" if plain else text


def sqlite_literal(random, kind, null=0.15, name=""):
    """A literal that SQLite reads alike; it knows only ASCII letters."""
    if random.random() < null:
        return "NULL" if name else f"CAST(NULL AS {kind})"
    if kind == "VARCHAR":
        return "'" + random.choice([word for word in WORDS[:14] if word.isascii()]) + "'"
    if kind == "DOUBLE":
        return random.choice(["0.5", "-1.25", "2.5", "100.75", "0.25", "3.5"])
    return str(random.randint(0, 5) if name == "k" else random.randint(-20, 20))
