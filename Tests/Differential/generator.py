"""Random schemas and random queries over the grammar that Tundish and DuckDB share."""
import random

TYPES = ["INTEGER", "BIGINT", "DOUBLE", "DECIMAL(12,2)", "VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP"]
WORDS = ["won", "lost", "open", "Ann", "ann", "Bo", "", "x y", "North", "south", "é", "a%b", "a_b", "zz"]
NUMBERS = {"INTEGER", "BIGINT", "DOUBLE", "DECIMAL(12,2)"}


class Table:
    def __init__(self, name, columns):
        self.name, self.columns = name, columns


class Generator:
    """Makes queries whose answer does not depend on the order of rows, ties or rounding."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.tables = []
        self.alias = 0

    # -- data

    def schema(self):
        statements = []
        for index in range(self.random.randint(2, 4)):
            columns = [("id", "INTEGER"), ("k", "INTEGER")]
            for position in range(self.random.randint(2, 5)):
                columns.append((f"c{position}", self.random.choice(TYPES)))
            table = Table(f"t{index}", columns)
            self.tables.append(table)
            definition = ", ".join(f"{name} {kind}" for name, kind in columns)
            statements.append(f"CREATE TABLE {table.name} ({definition})")
            count = self.random.choice([0, 1, 3, 12, 40])
            rows = [self.row(columns) for _ in range(count)]
            if rows:
                statements.append(f"INSERT INTO {table.name} VALUES " + ", ".join(rows))
        return statements

    def row(self, columns):
        return "(" + ", ".join(self.constant(kind, 0.2 if name != "id" else 0.0, name) for name, kind in columns) + ")"

    def constant(self, kind, null=0.1, name=""):
        choice = self.random
        if choice.random() < null:
            return "NULL"
        if kind in ("INTEGER", "BIGINT"):
            if name == "k":
                return str(choice.randint(0, 5))
            return str(choice.choice([0, 1, 2, 3, -1, 7, 100, -50, choice.randint(-9, 9)]))
        if kind == "DOUBLE":
            return choice.choice(["0.5", "-1.25", "2.0", "100.75", "0.0", "3.5"]) + "::DOUBLE"
        if kind.startswith("DECIMAL"):
            return choice.choice(["0.00", "1.50", "-2.25", "99.99", "1234.56"]) + "::DECIMAL(12,2)"
        if kind == "VARCHAR":
            return "'" + choice.choice(WORDS) + "'"
        if kind == "BOOLEAN":
            return choice.choice(["TRUE", "FALSE"])
        if kind == "DATE":
            return f"DATE '20{choice.randint(23, 26)}-{choice.randint(1, 12):02}-{choice.randint(1, 28):02}'"
        return (f"TIMESTAMP '20{choice.randint(23, 26)}-{choice.randint(1, 12):02}-{choice.randint(1, 28):02} "
                f"{choice.randint(0, 23):02}:{choice.randint(0, 59):02}:00'")

    # -- expressions over a scope: a list of (reference, type)

    def pick(self, scope, kinds=None):
        fitting = [item for item in scope if kinds is None or item[1] in kinds]
        return self.random.choice(fitting) if fitting else None

    def expression(self, scope, kind, depth=2):
        choice = self.random
        column = self.pick(scope, {kind})
        if depth <= 0 or choice.random() < 0.35:
            return column[0] if column and choice.random() < 0.85 else self.typed(kind)
        deeper = lambda wanted: self.expression(scope, wanted, depth - 1)
        shared = [
            lambda: f"CASE WHEN {self.condition(scope, depth - 1)} THEN {deeper(kind)} ELSE {deeper(kind)} END",
            lambda: f"coalesce({deeper(kind)}, {deeper(kind)})",
            lambda: f"nullif({deeper(kind)}, {deeper(kind)})",
        ]
        own = {
            "INTEGER": [lambda: f"({deeper(kind)} + {deeper(kind)})", lambda: f"({deeper(kind)} - {deeper(kind)})",
                        lambda: f"abs({deeper(kind)})", lambda: f"({deeper(kind)} % {choice.randint(2, 7)})",
                        lambda: f"length({deeper('VARCHAR')})::INTEGER", lambda: f"greatest({deeper(kind)}, {deeper(kind)})",
                        lambda: f"year({deeper('DATE')})::INTEGER", lambda: f"sign({deeper(kind)})::INTEGER"],
            "BIGINT": [lambda: f"({deeper(kind)} * {choice.randint(-3, 3)})", lambda: f"({deeper('INTEGER')} + {deeper(kind)})",
                       lambda: f"date_diff('day', {deeper('DATE')}, {deeper('DATE')})",
                       lambda: f"({deeper(kind)} // {choice.choice([2, 3, -4])})"],
            "DOUBLE": [lambda: f"({deeper(kind)} + {deeper(kind)})", lambda: f"({deeper('INTEGER')} / nullif({deeper('INTEGER')}, 0))",
                       lambda: f"sqrt(abs({deeper(kind)}))", lambda: f"floor({deeper(kind)})",
                       lambda: f"round({deeper(kind)}, 1)", lambda: f"({deeper(kind)} * {deeper(kind)})"],
            "DECIMAL(12,2)": [lambda: f"CAST({deeper(kind)} + {deeper(kind)} AS DECIMAL(12,2))",
                              lambda: f"CAST({deeper('INTEGER')} AS DECIMAL(12,2))", lambda: f"abs({deeper(kind)})"],
            "VARCHAR": [lambda: f"lower({deeper(kind)})", lambda: f"upper({deeper(kind)})",
                        lambda: f"({deeper(kind)} || {deeper(kind)})", lambda: f"substr({deeper(kind)}, {choice.randint(1, 3)}, 2)",
                        lambda: f"replace({deeper(kind)}, 'n', 'NN')", lambda: f"trim({deeper(kind)})",
                        lambda: f"reverse({deeper(kind)})", lambda: f"left({deeper(kind)}, 2)",
                        lambda: f"CAST({deeper('INTEGER')} AS VARCHAR)", lambda: f"CAST({deeper('DATE')} AS VARCHAR)",
                        lambda: f"concat({deeper(kind)}, {deeper(kind)})", lambda: f"strftime({deeper('DATE')}, '%Y-%m')"],
            "BOOLEAN": [lambda: self.condition(scope, depth - 1)],
            "DATE": [lambda: f"({deeper(kind)} + {choice.randint(-40, 40)})", lambda: f"CAST(date_trunc('month', {deeper(kind)}) AS DATE)",
                     lambda: f"CAST({deeper('TIMESTAMP')} AS DATE)", lambda: f"last_day({deeper(kind)})"],
            "TIMESTAMP": [lambda: f"({deeper(kind)} + INTERVAL '{choice.randint(-30, 30)} days')",
                          lambda: f"date_trunc('hour', {deeper(kind)})", lambda: f"CAST({deeper('DATE')} AS TIMESTAMP)",
                          lambda: f"({deeper(kind)} + INTERVAL '{choice.randint(-5, 5)} months')"],
        }
        return choice.choice(shared + own[kind] * 2)()

    def typed(self, kind):
        text = self.constant(kind)
        return f"CAST({text} AS {kind})" if text == "NULL" or kind in ("BIGINT", "INTEGER") else text

    def condition(self, scope, depth=2):
        choice = self.random
        if depth > 0 and choice.random() < 0.35:
            word = choice.choice(["AND", "OR"])
            return f"({self.condition(scope, depth - 1)} {word} {self.condition(scope, depth - 1)})"
        if depth > 0 and choice.random() < 0.1:
            return f"(NOT {self.condition(scope, depth - 1)})"
        kind = choice.choice(TYPES)
        left = self.expression(scope, kind, depth - 1)
        form = choice.randrange(8)
        if form == 0:
            return f"({left} IS {choice.choice(['', 'NOT '])}NULL)"
        if form == 1:
            values = ", ".join(self.constant(kind, 0.05) for _ in range(choice.randint(1, 4)))
            return f"({left} {choice.choice(['', 'NOT '])}IN ({values}))"
        if form == 2 and kind != "BOOLEAN":
            return f"({left} BETWEEN {self.expression(scope, kind, 0)} AND {self.expression(scope, kind, 0)})"
        if form == 3:
            pattern = choice.choice(["%n%", "a%", "_n%", "%", "", "a\\_b", "n_"])
            return f"({self.expression(scope, 'VARCHAR', depth - 1)} {choice.choice(['', 'NOT '])}{choice.choice(['LIKE', 'ILIKE'])} '{pattern}')"
        if form == 4:
            return f"({left} IS {choice.choice(['', 'NOT '])}DISTINCT FROM {self.expression(scope, kind, 0)})"
        operator = choice.choice(["=", "<>", "<", "<=", ">", ">="])
        return f"({left} {operator} {self.expression(scope, kind, depth - 1)})"

    # -- relations

    def name(self):
        self.alias += 1
        return f"r{self.alias}"

    def relation(self, depth):
        choice = self.random
        alias = self.name()
        if depth > 0 and choice.random() < 0.2:
            query, columns = self.select(depth - 1)
            return f"({query}) {alias}", [(f"{alias}.{name}", kind) for name, kind in columns]
        table = choice.choice(self.tables)
        return f"{table.name} {alias}", [(f"{alias}.{name}", kind) for name, kind in table.columns]

    def source(self, depth):
        choice = self.random
        text, scope = self.relation(depth)
        for _ in range(choice.choice([0, 0, 1, 1, 2])):
            other, more = self.relation(depth)
            kind = choice.choice(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN", "SEMI JOIN", "ANTI JOIN"])
            if kind == "CROSS JOIN":
                text = f"{text} CROSS JOIN {other}"
                scope = scope + more
                continue
            left, right = self.pick(scope, {"INTEGER"}), self.pick(more, {"INTEGER"})
            if left and right:
                on = f"{left[0]} = {right[0]}"
                if choice.random() < 0.25:
                    on += f" AND {self.condition(scope + more, 1)}"
            else:
                on = "1 = 1"
            text = f"{text} {kind} {other} ON {on}"
            if kind not in ("SEMI JOIN", "ANTI JOIN"):
                scope = scope + more
        return text, scope

    def where(self, scope, depth):
        choice = self.random
        parts = []
        if choice.random() < 0.6:
            parts.append(self.condition(scope))
        if depth > 0 and choice.random() < 0.3:
            parts.append(self.subquery_condition(scope))
        return " WHERE " + " AND ".join(parts) if parts else ""

    def subquery_condition(self, scope):
        choice = self.random
        table, alias = choice.choice(self.tables), self.name()
        inner = [(f"{alias}.{name}", kind) for name, kind in table.columns]
        outer = self.pick(scope, {"INTEGER"})
        own = self.pick(inner, {"INTEGER"})
        correlated = f"{own[0]} = {outer[0]}" if outer and choice.random() < 0.7 else self.condition(inner, 1)
        form = choice.randrange(4)
        if form == 0:
            return f"{choice.choice(['', 'NOT '])}EXISTS (SELECT 1 FROM {table.name} {alias} WHERE {correlated})"
        if form == 1 and outer:
            return f"({outer[0]} {choice.choice(['', 'NOT '])}IN (SELECT {own[0]} FROM {table.name} {alias} WHERE {self.condition(inner, 1)}))"
        if form == 2 and outer:
            return f"({outer[0]} {choice.choice(['>', '=', '<='])} (SELECT {choice.choice(['max', 'min', 'count', 'sum'])}({own[0]}) FROM {table.name} {alias} WHERE {correlated}))"
        if outer:
            return f"({outer[0]} {choice.choice(['=', '<', '>='])} {choice.choice(['ANY', 'ALL'])} (SELECT {own[0]} FROM {table.name} {alias} WHERE {self.condition(inner, 1)}))"
        return self.condition(scope, 1)

    def aggregate(self, scope):
        choice = self.random
        kind = choice.choice(["count", "sum", "min", "max", "avg", "distinct", "star", "bool", "filter", "median", "list", "string"])
        if kind == "star":
            return "count(*)", "BIGINT"
        if kind == "count":
            return f"count({self.expression(scope, choice.choice(TYPES), 1)})", "BIGINT"
        if kind == "distinct":
            return f"count(DISTINCT {self.expression(scope, choice.choice(TYPES), 1)})", "BIGINT"
        if kind == "sum":
            return f"sum({self.expression(scope, choice.choice(['INTEGER', 'BIGINT', 'DECIMAL(12,2)']), 1)})", "HUGEINT"
        if kind == "avg":
            return f"avg({self.expression(scope, 'INTEGER', 1)})", "DOUBLE"
        if kind == "median":
            return f"median({self.expression(scope, 'INTEGER', 1)})", "DOUBLE"
        if kind == "bool":
            return f"bool_{choice.choice(['and', 'or'])}({self.condition(scope, 1)})", "BOOLEAN"
        if kind == "filter":
            return f"count(*) FILTER (WHERE {self.condition(scope, 1)})", "BIGINT"
        if kind == "list":
            value = self.expression(scope, "INTEGER", 1)
            return f"list({value} ORDER BY {value})", "LIST"
        if kind == "string":
            value = self.expression(scope, "VARCHAR", 1)
            return f"string_agg({value}, '|' ORDER BY {value})", "VARCHAR"
        wanted = choice.choice(["INTEGER", "DATE", "VARCHAR", "TIMESTAMP", "DECIMAL(12,2)"])
        return f"{kind}({self.expression(scope, wanted, 1)})", wanted

    def window(self, scope):
        choice = self.random
        identity = [reference for reference, _ in scope]
        order = ", ".join(f"{r} {choice.choice(['ASC', 'DESC'])} NULLS {choice.choice(['FIRST', 'LAST'])}" for r in identity)
        partition = self.pick(scope)
        over = f"PARTITION BY {partition[0]} ORDER BY {order}" if choice.random() < 0.7 else f"ORDER BY {order}"
        form = choice.randrange(6)
        number = self.expression(scope, "INTEGER", 1)
        if form == 0:
            return f"{choice.choice(['row_number()', 'rank()', 'dense_rank()'])} OVER ({over})", "BIGINT"
        if form == 1:
            return f"{choice.choice(['lag', 'lead'])}({number}, {choice.randint(0, 2)}) OVER ({over})", "INTEGER"
        if form == 2:
            frame = choice.choice(["ROWS BETWEEN 2 PRECEDING AND CURRENT ROW", "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING",
                                   "ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING", "ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING"])
            return f"{choice.choice(['sum', 'min', 'max', 'count'])}({number}) OVER ({over} {frame})", "HUGEINT"
        if form == 3:
            return f"{choice.choice(['first_value', 'last_value'])}({number}) OVER ({over})", "INTEGER"
        if form == 4:
            return f"ntile({choice.randint(1, 4)}) OVER ({over})", "BIGINT"
        key = self.pick(scope)
        return f"sum({number}) OVER (PARTITION BY {key[0]})", "HUGEINT"

    def select(self, depth=2):
        choice = self.random
        source, scope = self.source(depth)
        where = self.where(scope, depth)
        items, columns = [], []
        tail = ""
        if choice.random() < 0.45:
            keys = [self.expression(scope, choice.choice(TYPES), 1) for _ in range(choice.choice([0, 1, 1, 2]))]
            for key in keys:
                items.append(key)
            for _ in range(choice.randint(1, 3)):
                items.append(self.aggregate(scope)[0])
            columns = [(f"x{i}", "ANY") for i in range(len(items))]
            if keys:
                positions = ", ".join(str(i + 1) for i in range(len(keys)))
                tail = choice.choice([f" GROUP BY {positions}"] * 4 + [f" GROUP BY ROLLUP ({', '.join(keys)})"])
                if choice.random() < 0.2:
                    tail += f" HAVING count(*) > {choice.randint(0, 2)}"
        else:
            for _ in range(choice.randint(1, 4)):
                kind = choice.choice(TYPES)
                items.append(self.expression(scope, kind))
                columns.append((f"x{len(columns)}", kind))
            if choice.random() < 0.2:
                items.append(self.window(scope)[0])
                columns.append((f"x{len(columns)}", "ANY"))
        distinct = "DISTINCT " if choice.random() < 0.12 else ""
        body = ", ".join(f"{item} AS x{i}" for i, item in enumerate(items))
        return f"SELECT {distinct}{body} FROM {source}{where}{tail}", columns

    def query(self):
        choice = self.random
        query, columns = self.select()
        if choice.random() < 0.12 and all(kind != "ANY" for _, kind in columns):
            source, scope = self.source(0)
            items = ", ".join(f"{self.expression(scope, kind)} AS x{i}" for i, (_, kind) in enumerate(columns))
            word = choice.choice(["UNION", "UNION ALL", "INTERSECT", "EXCEPT", "EXCEPT ALL", "INTERSECT ALL"])
            query = f"{query} {word} SELECT {items} FROM {source}{self.where(scope, 0)}"
        if choice.random() < 0.15:
            query = f"WITH q AS ({query}) SELECT * FROM q"
        if choice.random() < 0.4:
            keys = ", ".join(f"{i + 1} {choice.choice(['ASC', 'DESC'])} NULLS {choice.choice(['FIRST', 'LAST'])}" for i in range(len(columns)))
            query += f" ORDER BY {keys}"
            if choice.random() < 0.4:
                query += f" LIMIT {choice.randint(0, 8)}"
                if choice.random() < 0.3:
                    query += f" OFFSET {choice.randint(0, 4)}"
        return query
