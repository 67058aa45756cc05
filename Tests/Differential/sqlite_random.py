"""The shapes of SQLite's random/expr, random/select, random/aggregates and random/groupby."""

ROWS = {"tab0": [(97, 1, 99), (15, 81, 47), (87, 21, 10)], "tab1": [(51, 14, 96), (85, 5, 59), (91, 47, 68)],
        "tab2": [(64, 77, 40), (75, 67, 58), (46, 51, 23)]}


class Writer:
    """Expressions with the habits of those files: signs in front of everything, words in capitals, spaces around all."""

    def __init__(self, chance, columns=(), aggregates=False, depth=3):
        self.chance, self.columns, self.aggregates, self.depth = chance, columns, aggregates, depth
        self.operators = ["+", "-", "*", "*", "/", "+", "%"]

    def sign(self):
        return "".join(self.chance.choice(["", "", "", "+ ", "- ", "- ", "- - ", "+ + ", "- + "]))

    def atom(self):
        if self.columns and self.chance.random() < 0.6:
            return self.chance.choice(self.columns)
        return str(self.chance.randint(0, 99))

    def aggregate(self, inner):
        function = self.chance.choice(["COUNT", "SUM", "MIN", "MAX", "COUNT"])
        if function == "COUNT" and self.chance.random() < 0.5:
            return "COUNT( * )"
        argument = f"{self.chance.choice(['', '', 'ALL ', 'DISTINCT '])}{inner.expression(1)}"
        return f"{function}( {argument} )"

    def term(self, depth):
        chance = self.chance
        roll = chance.random()
        if depth <= 0 or roll < 0.45:
            if self.aggregates and chance.random() < 0.5:
                return self.aggregate(Writer(chance, self.aggregates, depth=1))
            return self.atom()
        if roll < 0.55:
            return f"( {self.expression(depth - 1)} )"
        if roll < 0.65:
            return f"COALESCE ( {', '.join(self.expression(depth - 1) for _ in range(chance.randint(2, 4)))} )"
        if roll < 0.72:
            return f"NULLIF ( {self.expression(depth - 1)}, {self.expression(depth - 1)} )"
        if roll < 0.78:
            return f"CAST( {chance.choice(['NULL', self.expression(depth - 1)])} AS INTEGER )"
        if roll < 0.81:
            return f"ABS( {self.expression(depth - 1)} )"
        branches = chance.randint(1, 3)
        if chance.random() < 0.5:
            body = " ".join(f"WHEN {self.expression(depth - 1)} THEN {self.value(depth - 1)}" for _ in range(branches))
            body = f"{self.expression(depth - 1)} {body}"
        else:
            body = " ".join(f"WHEN {self.condition(depth - 1)} THEN {self.value(depth - 1)}" for _ in range(branches))
        return f"CASE {body}{f' ELSE {self.value(depth - 1)}' if chance.random() < 0.6 else ''} END"

    def value(self, depth):
        return "NULL" if self.chance.random() < 0.15 else self.expression(depth)

    def expression(self, depth):
        chance = self.chance
        text = self.sign() + self.term(depth)
        for _ in range(chance.choice([0, 0, 0, 1, 1, 2])):
            text += f" {chance.choice(self.operators)} {self.sign()}{self.term(depth - 1)}"
        return text

    def condition(self, depth):
        chance = self.chance
        negated = chance.choice(["", "", "NOT "])
        one = lambda: self.expression(depth - 1)
        text = chance.choice([
            lambda: f"{one()} {chance.choice(['<', '>', '<=', '>=', '=', '<>'])} {one()}",
            lambda: f"{one()} {chance.choice(['<', '>', '='])} ( NULL )",
            lambda: f"{one()} IS {chance.choice(['', 'NOT '])}NULL",
            lambda: f"( {one()} ) IS {chance.choice(['', 'NOT '])}NULL",
            lambda: f"{one()} {chance.choice(['', 'NOT '])}BETWEEN {one()} AND {chance.choice([one(), 'NULL', '( NULL )'])}",
            lambda: f"{one()} {chance.choice(['', 'NOT '])}IN ( {', '.join(one() for _ in range(chance.randint(1, 3)))} )",
            lambda: f"NULL {chance.choice(['IS NOT NULL', 'IS NULL', '<> 3', 'BETWEEN NULL AND 5'])}",
            lambda: "( NULL )" if depth > 0 else f"{one()} IS NOT NULL",
        ])()
        if text == "( NULL )":
            text = "( NULL ) = 1" if not negated else text
        text = negated + text
        if depth > 1 and chance.random() < 0.3:
            text = f"( {text} ) {chance.choice(['AND', 'OR'])} {self.condition(depth - 1)}"
        return text


def tables(recorder, keyed=False):
    for table, rows in ROWS.items():
        recorder.statement(f"CREATE TABLE {table}({'pk INTEGER PRIMARY KEY, ' if keyed else ''}col0 INTEGER, col1 INTEGER, col2 INTEGER)")
        for row in rows:
            recorder.statement(f"INSERT INTO {table} VALUES{row}".replace(" ", "").replace("INSERTINTO", "INSERT INTO ").replace("VALUES", " VALUES"))


def alias(chance):
    return chance.choice(["", "", f" AS col{chance.randint(0, 2)}", f" col{chance.randint(0, 2)}"])


def source(chance, joins=0.2):
    """A FROM clause and the names its columns go by."""
    table = chance.choice(list(ROWS))
    if chance.random() < joins:
        names = [f"cor{i}" for i in range(chance.choice([2, 2, 3]))]
        items = [f"{chance.choice(list(ROWS))} {chance.choice(['AS ', ''])}{name}" for name in names]
        mark = chance.choice([" CROSS JOIN ", ", "])
        return mark.join(items), [f"{name}.col{i}" for name in names for i in range(3)]
    if chance.random() < 0.4:
        return table, [f"{prefix}col{i}" for i in range(3) for prefix in ("", "", f"{table}.")]
    return f"{table} {chance.choice(['AS ', ''])}cor0", [f"{prefix}col{i}" for i in range(3) for prefix in ("", "", "cor0.")]


def quantifier(chance):
    return chance.choice(["", "", "ALL ", "DISTINCT "])


def division(recorder, chance, text, label):
    """Where MySQL would write DIV and SIGNED, the file holds both texts, one for each engine."""
    if chance.random() < 0.3 and (" / " in text or "AS INTEGER" in text):
        recorder.query(text.replace(" / ", " DIV ").replace("AS INTEGER", "AS SIGNED"), "rowsort", label, only="onlyif mysql # DIV for integer division:")
        recorder.query(text, "rowsort", label, only="skipif mysql # not compatible")
    else:
        recorder.query(text, "rowsort")


def expr(recorder, chance, count):
    tables(recorder)
    for number in range(count):
        writer = Writer(chance, aggregates=["NULL" if chance.random() < 0.02 else str(chance.randint(0, 99))] if chance.random() < 0.3 else False)
        items = ", ".join(writer.expression(3) + alias(chance) for _ in range(chance.choice([1, 1, 2])))
        division(recorder, chance, f"SELECT {quantifier(chance)}{items}", f"label-{number}")


def select(recorder, chance, count):
    tables(recorder)
    for number in range(count):
        text, columns = source(chance)
        writer = Writer(chance, columns)
        items = "*" if chance.random() < 0.1 else ", ".join(writer.expression(2) + alias(chance) for _ in range(chance.choice([1, 1, 2])))
        where = f" WHERE {writer.condition(2)}" if chance.random() < 0.6 else ""
        division(recorder, chance, f"SELECT {quantifier(chance)}{items} FROM {text}{where}", f"label-{number}")


def aggregates(recorder, chance, count):
    tables(recorder)
    for number in range(count):
        text, columns = source(chance, 0.3)
        writer = Writer(chance, aggregates=columns)
        writer.atom = lambda: str(chance.randint(0, 99))
        items = ", ".join(writer.expression(2) + alias(chance) for _ in range(chance.choice([1, 1, 2])))
        if chance.random() < 0.15:
            # A mean stands alone: beside an integer in CASE its type is a matter of the engine.
            items = f"{writer.sign()}AVG( {quantifier(chance)}{Writer(chance, columns).expression(1)} ){alias(chance)}"
        where = f" WHERE {Writer(chance, columns).condition(2)}" if chance.random() < 0.5 else ""
        division(recorder, chance, f"SELECT {quantifier(chance)}{items} FROM {text}{where}", f"label-{number}")


def groupby(recorder, chance, count):
    tables(recorder)
    for number in range(count):
        text, columns = source(chance, 0.15)
        keys = chance.sample(columns, chance.choice([1, 1, 2, 3]))
        writer = Writer(chance, keys, aggregates=columns if chance.random() < 0.4 else False)
        items = ", ".join(writer.expression(2) + alias(chance) for _ in range(chance.choice([1, 1, 2])))
        where = f" WHERE {Writer(chance, columns).condition(2)}" if chance.random() < 0.4 else ""
        having = f" HAVING {chance.choice(['NOT ', ''])}{chance.choice([writer.condition(2), '( NULL ) IS NULL', 'NULL IS NOT NULL', '( NULL ) = 3'])}" if chance.random() < 0.4 else ""
        having = having.replace("NOT NOT", "NOT")
        division(recorder, chance, f"SELECT {quantifier(chance)}{items} FROM {text}{where} GROUP BY {', '.join(keys)}{having}", f"label-{number}")


SHAPES = {"random_expr": expr, "random_select": select, "random_aggregates": aggregates, "random_groupby": groupby}
