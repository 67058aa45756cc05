"""The shapes of SQLite's select1 to select5."""

COLUMNS = "abcde"
FORMULAS = [
    "a", "b", "c", "d", "e", "a-b", "b-c", "c-d", "d-e", "a+b*2", "a+b*2+c*3", "a+b*2+c*3+d*4", "a+b*2+c*3+d*4+e*5",
    "(a+b+c+d+e)/5", "abs(a)", "abs(b-c)",
    "(SELECT count(*) FROM t1 AS x WHERE x.b<t1.b)",
    "(SELECT count(*) FROM t1 AS x WHERE x.c>t1.c AND x.d<t1.d)",
    "CASE WHEN c>(SELECT avg(c) FROM t1) THEN a*2 ELSE b*10 END",
    "CASE a+1 WHEN b THEN 111 WHEN c THEN 222 WHEN d THEN 333 WHEN e THEN 444 ELSE 555 END",
    "CASE WHEN a<b-3 THEN 111 WHEN a<=b THEN 222 WHEN a<b+3 THEN 333 ELSE 444 END"]
NULL_FORMULAS = ["coalesce(a,b,c,d,e)", "coalesce(b,d,a)", "nullif(a,b)", "coalesce(nullif(c,d),e)"]
CONDITIONS = [
    "a>b", "b>c", "c>d", "d>e", "c BETWEEN b-2 AND d+2", "d NOT BETWEEN 110 AND 150", "e+d BETWEEN a+b-10 AND c+130",
    "(a>b-2 AND a<b+2)", "(c<=d-2 OR c>=d+2)", "(e>a AND e<b)", "(e>c OR e<d)", "(a+b)>c", "NOT (d>e)",
    "EXISTS(SELECT 1 FROM t1 AS x WHERE x.b<t1.b)", "NOT EXISTS(SELECT 1 FROM t1 AS x WHERE x.b<t1.b AND x.e>t1.e)",
    "b>(SELECT avg(b) FROM t1)", "a IN (SELECT x.b FROM t1 AS x WHERE x.c>t1.c)"]
NULL_CONDITIONS = ["a IS NULL", "b IS NOT NULL", "a IS NULL OR b IS NULL", "(c+d) IS NULL", "e IN (SELECT a FROM t1)", "e NOT IN (SELECT a FROM t1)"]


def values(chance, start, nulls):
    """Five numbers in a row in any order, some of them NULL."""
    numbers = [str(start + i) for i in range(5)]
    chance.shuffle(numbers)
    return ["NULL" if chance.random() < nulls else number for number in numbers]


def select123(nulls, are_rare):
    def write(recorder, chance, count):
        recorder.statement("CREATE TABLE t1(a INTEGER, b INTEGER, c INTEGER, d INTEGER, e INTEGER)")
        for row in range(30):
            order = list(COLUMNS)
            chance.shuffle(order)
            share = 0 if not nulls else 0.4 if not are_rare or row % 7 == 0 else 0.05
            recorder.statement(f"INSERT INTO t1({','.join(order)}) VALUES({','.join(values(chance, 100 + 5 * row, share))})")
        formulas = FORMULAS + (NULL_FORMULAS if nulls else [])
        conditions = CONDITIONS + (NULL_CONDITIONS if nulls else [])
        for _ in range(count):
            items = chance.sample(formulas, chance.randint(1, 7))
            text = "SELECT " + ",\n       ".join(items) + "\n  FROM t1"
            filters = chance.sample(conditions, chance.choice([0, 1, 1, 2, 3]))
            if filters:
                text += "\n WHERE " + f"\n   {chance.choice(['AND', 'OR'])} ".join(filters)
            sort = "rowsort"
            if chance.random() < 0.5:
                order = list(range(1, len(items) + 1))
                chance.shuffle(order)
                text += "\n ORDER BY " + ",".join(f"{n}{chance.choice(['', '', '', ' DESC']) if not nulls else ''}" for n in order)
                sort = "nosort"
            recorder.query(text, sort)
    return write


def select4(recorder, chance, count):
    for table in range(1, 10):
        recorder.statement(f"CREATE TABLE t{table}(a{table} INTEGER, b{table} INTEGER, c{table} INTEGER, d{table} INTEGER, "
                           f"e{table} INTEGER, x{table} VARCHAR(30))")
        for row in range(chance.randint(20, 80)):
            numbers = ",".join(str(chance.randint(1, 999)) for _ in range(5))
            recorder.statement(f"INSERT INTO t{table} VALUES({numbers},'table t{table} row {row}')")
        for column in chance.sample(COLUMNS, 3):
            recorder.statement(f"CREATE INDEX t{table}{column} ON t{table}({column}{table})")

    def condition(table):
        column = f"{chance.choice(COLUMNS)}{table}"
        listed = ",".join(str(chance.randint(1, 999)) for _ in range(chance.randint(1, 12)))
        number = chance.randint(1, 999)
        return chance.choice([f"{column} in ({listed})", f"{column} NOT IN ({listed})", f"{column}={number}", f"{number}={column}", f"({column}={number} OR {column}={chance.randint(1, 999)})",
                              f"{column}>{number}", f"({column}>{number} OR {chance.choice(COLUMNS)}{table}<{chance.randint(1, 999)})",
                              f"{column} BETWEEN {number - 100} AND {number + 100}"])

    def part(column):
        table = chance.randint(1, 9)
        filters = f" {chance.choice(['AND', 'OR'])} ".join(condition(table) for _ in range(chance.randint(1, 4)))
        return f"SELECT {column}{table}\n  FROM t{table}\n WHERE {filters}"

    for number in range(count):
        if chance.random() < 0.6:
            # SQLite gives INTERSECT no precedence, so that it stands alone or first.
            column = chance.choice(COLUMNS + "x")
            text = part(column)
            operators = chance.choice([["UNION", "UNION", "UNION ALL", "EXCEPT"], ["INTERSECT"]])
            for _ in range(chance.randint(1, 7)):
                text += f"\n{chance.choice(operators)}\n" + part(column)
            is_ordered = chance.random() < 0.7
            recorder.query(text + ("\nORDER BY 1" if is_ordered else ""), "nosort" if is_ordered else "rowsort")
        else:
            tables = chance.sample(range(1, 10), chance.randint(2, 6))
            filters = [condition(table) for table in tables]
            for left, right in zip(tables, tables[1:]):
                if chance.random() < 0.8:
                    filters.append(f"{chance.choice(COLUMNS)}{left}={chance.choice(COLUMNS)}{right}")
            chance.shuffle(filters)
            items = ", ".join(f"{chance.choice(COLUMNS + 'x')}{table}" for table in tables)
            recorder.query(f"SELECT {items}\n  FROM {', '.join(f't{table}' for table in chance.sample(tables, len(tables)))}\n WHERE "
                           + "\n   AND ".join(filters), "rowsort")


def select5(recorder, chance, count):
    for table in range(1, 65):
        recorder.statement(f"CREATE TABLE t{table}(\n  a{table} INTEGER PRIMARY KEY,\n  b{table} INTEGER,\n  x{table} VARCHAR(40)\n)")
        numbers = list(range(1, 11))
        chance.shuffle(numbers)
        order = list(range(1, 11))
        chance.shuffle(order)
        for a, b in zip(order, numbers):
            recorder.statement(f"INSERT INTO t{table} VALUES({a},{b},'table t{table} row {a}')")
    for number in range(max(count // 10, 1)):
        width = chance.randint(4, 64)
        tables = chance.sample(range(1, 65), width)
        filters = [f"a{tables[0]}={chance.randint(1, 10)}"]
        for left, right in zip(tables, tables[1:]):
            sides = [f"b{left}", f"a{right}"]
            chance.shuffle(sides)
            filters.append("=".join(sides))
        for again in range(4):
            chance.shuffle(filters)
            items = ",".join(f"x{table}" for table in chance.sample(tables, width))
            recorder.query(f"SELECT {items}\n  FROM {','.join(f't{table}' for table in chance.sample(tables, width))}\n WHERE "
                           + "\n   AND ".join(filters), "valuesort", f"join-{width}-{number}")


SHAPES = {"select1": select123(False, False), "select2": select123(True, True), "select3": select123(True, False),
          "select4": select4, "select5": select5}
