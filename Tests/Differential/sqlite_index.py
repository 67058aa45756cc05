"""The shapes of SQLite's index/between, commute, delete, in, orderby, orderby_nosort, random and view."""
from sqlite_random import Writer, alias, quantifier

KINDS = ["INTEGER", "FLOAT", "TEXT", "INTEGER", "FLOAT", "TEXT"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def tables(recorder, chance, rows):
    """tab0 without an index, and the same rows under four choices of indexes."""
    made = [[str(row)] + [value(chance, kind) for kind in KINDS] for row in range(rows)]
    for table in range(5):
        columns = ", ".join(f"col{i} {kind}" for i, kind in enumerate(KINDS))
        recorder.statement(f"CREATE TABLE tab{table}(pk INTEGER PRIMARY KEY, {columns})")
        if table == 0:
            for row in made:
                recorder.statement(f"INSERT INTO tab0 VALUES({','.join(row)})")
            continue
        recorder.statement(f"INSERT INTO tab{table} SELECT * FROM tab0")
        for number in range(chance.randint(1, 5)):
            keys = ",".join(f"col{i}{chance.choice(['', '', ' DESC'])}" for i in chance.sample(range(6), chance.randint(1, 4)))
            unique = chance.choice(["", "", "UNIQUE "])
            recorder.statement(f"CREATE {unique}INDEX idx_tab{table}_{number} ON tab{table} ({keys})")


def value(chance, kind):
    if kind == "INTEGER":
        return str(chance.randint(0, 999))
    if kind == "FLOAT":
        return f"{chance.randint(0, 999)}.{chance.randint(1, 99)}"
    return "'" + "".join(chance.choice(LETTERS) for _ in range(5)) + "'"


def number(chance):
    return chance.choice([0, 1, 3, 4])


def literal(chance, column):
    return value(chance, KINDS[column])


def simple(chance, shape, depth=0):
    """One condition over the numeric columns."""
    column = number(chance)
    name = f"col{column}"
    one = lambda: literal(chance, column)
    choices = {
        "between": [lambda: f"{name} BETWEEN {one()} AND {one()}", lambda: f"({name} >= {one()} AND {name} <= {one()})"],
        "commute": [lambda: f"{name} {chance.choice(['<', '>', '<=', '>='])} {one()}", lambda: f"{one()} {chance.choice(['<', '>', '<=', '>='])} {name}"],
        "in": [lambda: f"{name} IN ({','.join(one() for _ in range(chance.randint(1, 6)))})",
               lambda: f"{name} IN (SELECT col{number(chance)} FROM tab@ WHERE {any_of(chance, 'all', 1 + depth)})" if depth < 2 else f"{name} = {one()}"],
    }
    choices["all"] = [entry for part in ("between", "commute", "in") for entry in choices[part]] + [
        lambda: f"{name} IS NULL", lambda: f"{name} = {one()}"]
    return chance.choice(choices[shape] + choices["all"][:3])()


def any_of(chance, shape, depth=0):
    parts = [simple(chance, shape, depth) for _ in range(chance.choice([1, 1, 2, 3, 4] if depth == 0 else [1, 1, 2]))]
    parts = [f"({part})" if chance.random() < 0.2 else part for part in parts]
    text = parts[0]
    for part in parts[1:]:
        text = f"{text} {chance.choice(['AND', 'OR'])} {part}"
        if chance.random() < 0.3:
            text = f"({text})"
    return text


def everywhere(recorder, texts, sort, label):
    for table in range(5):
        recorder.query(texts.replace("@", str(table)), sort, label)


def conditions(shape):
    def write(recorder, chance, count):
        tables(recorder, chance, chance.choice([10, 100]))
        for query in range(count // 5):
            where = any_of(chance, shape)
            if shape == "commute" and chance.random() < 0.3:
                everywhere(recorder, f"SELECT * FROM tab@ WHERE NOT (({where}))", "rowsort", f"label-{query}")
            else:
                everywhere(recorder, f"SELECT pk FROM tab@ WHERE {where}", "rowsort", f"label-{query}")
    return write


def orderby(sorted_by_file):
    def write(recorder, chance, count):
        tables(recorder, chance, chance.choice([10, 100]))
        for query in range(count // 5):
            columns = chance.sample(range(6), chance.randint(1, 3))
            items = ", ".join(f"col{i}" for i in columns)
            order = ",".join(f"{chance.choice([str(place + 1), f'col{i}'])}{chance.choice(['', ' DESC', ' ASC'])}" for place, i in enumerate(columns))
            text = f"SELECT pk, {items} FROM tab@ WHERE {any_of(chance, 'all')} ORDER BY " + ",".join(
                f"{chance.choice([str(place + 2), f'col{i}'])}{chance.choice(['', ' DESC', ' ASC'])}" for place, i in enumerate(columns)) + ", pk"
            if not sorted_by_file:
                text = f"SELECT {items} FROM tab@ WHERE {any_of(chance, 'all')} ORDER BY {order}"
            everywhere(recorder, text, "rowsort" if sorted_by_file else "nosort", f"label-{query}")
    return write


def view(recorder, chance, count):
    tables(recorder, chance, chance.choice([10, 100]))
    for query in range(count // 15):
        where = any_of(chance, "all")
        text = f"SELECT pk, col{number(chance)} FROM tab@ WHERE {where}"
        everywhere(recorder, text, "rowsort", f"label-{query}")
        for table in range(5):
            own = text.replace("@", str(table))
            recorder.statement(f"CREATE VIEW view_1_tab{table}_{query} AS {own}")
            recorder.query(f"SELECT * FROM view_1_tab{table}_{query}", "rowsort", f"label-{query}")
            recorder.statement(f"DROP VIEW view_1_tab{table}_{query}")


def delete(recorder, chance, count):
    tables(recorder, chance, 100)
    for query in range(count // 10):
        column = number(chance)
        where = f"col{column} {chance.choice(['<', '>'])} {literal(chance, column)}"
        doomed = f"pk % 40 = {query % 40} AND {where}"
        for table in range(5):
            recorder.statement(f"DELETE FROM tab{table} WHERE {doomed}")
            recorder.query(f"SELECT count(*), sum(pk) FROM tab{table}", "nosort", f"label-{query}")


def chains(recorder, chance, count):
    tables(recorder, chance, 10)
    for query in range(count // 5):
        names = [f"{prefix}col{i}" for i in (0, 3) for prefix in ("", "cor0.")] + ["pk"]
        writer = Writer(chance, names)
        writer.operators = ["+", "-", "/", "*"] if chance.random() < 0.3 else ["+", "-", "/"]
        keys = chance.random() < 0.3
        items = ", ".join(writer.expression(1) + alias(chance) for _ in range(chance.choice([1, 1, 2])))
        where = f" WHERE {writer.condition(2)}" if chance.random() < 0.8 else ""
        group = ""
        if keys:
            items, group = Writer(chance, ["col0"], aggregates=names).expression(1), " GROUP BY col0"
        everywhere(recorder, f"SELECT {quantifier(chance)}{items} FROM tab@ AS cor0{where}{group}", "rowsort", f"label-{query}")


SHAPES = {"index_between": conditions("between"), "index_commute": conditions("commute"), "index_in": conditions("in"),
          "index_orderby": orderby(True), "index_orderby_nosort": orderby(False), "index_view": view, "index_delete": delete,
          "index_random": chains}
