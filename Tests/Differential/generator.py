"""Random schemas and random queries over the grammar that Tundish shares with a peer."""
import random

import values
from expressions import Expressions
from values import RARE, TYPES

ANY = "ANY"


class Table:
    def __init__(self, name, columns):
        self.name, self.columns = name, columns


class Generator(Expressions):
    """Makes queries whose answer does not depend on the order of rows, ties or rounding."""

    def __init__(self, seed, dialect="duckdb"):
        self.random = random.Random(seed)
        self.dialect = dialect
        self.tables = []
        self.alias = 0

    # -- data

    def schema(self):
        statements = []
        for index in range(self.random.randint(2, 4)):
            columns = [("id", "INTEGER"), ("k", "INTEGER")]
            for position in range(self.random.randint(2, 6)):
                columns.append((f"c{position}", self.kind()))
            table = Table(f"t{index}", columns)
            self.tables.append(table)
            definition = ", ".join(f"{name} {kind}" for name, kind in columns)
            statements.append(f"CREATE TABLE {table.name} ({definition})")
            rows = [self.row(columns) for _ in range(self.random.choice([0, 1, 3, 12, 40]))]
            if rows and self.random.random() < 0.5:
                rows.append(self.random.choice(rows))
            if rows:
                statements.append(f"INSERT INTO {table.name} VALUES " + ", ".join(rows))
        return statements

    def row(self, columns):
        if self.dialect == "sqlite":
            cells = [values.sqlite_literal(self.random, kind, 0.0 if name == "id" else 0.2, name) for name, kind in columns]
        else:
            cells = [values.constant(self.random, kind, 0.0 if name == "id" else 0.2, name, extreme=0.03) for name, kind in columns]
        return "(" + ", ".join(cells) + ")"

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
        if self.dialect != "sqlite" and choice.random() < 0.06:
            return self.made_relation(alias)
        table = choice.choice(self.tables)
        return f"{table.name} {alias}", [(f"{alias}.{name}", kind) for name, kind in table.columns]

    def made_relation(self, alias):
        choice = self.random
        if choice.random() < 0.5:
            return f"range({choice.randint(0, 6)}) {alias}(n)", [(f"{alias}.n", "BIGINT")]
        kinds = [choice.choice(TYPES) for _ in range(2)]
        rows = ", ".join("(" + ", ".join(values.typed(choice, kind) for kind in kinds) + ")" for _ in range(choice.randint(1, 4)))
        return f"(VALUES {rows}) {alias}(a, b)", [(f"{alias}.a", kinds[0]), (f"{alias}.b", kinds[1])]

    def source(self, depth):
        choice = self.random
        text, scope = self.relation(depth)
        for _ in range(choice.choice([0, 0, 1, 1, 2])):
            text, scope = self.join(text, scope, depth)
        return text, scope

    def join(self, text, scope, depth):
        choice = self.random
        other, more = self.relation(depth)
        kinds = ["JOIN", "LEFT JOIN", "CROSS JOIN"]
        if self.dialect != "sqlite":
            kinds = kinds + ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "SEMI JOIN", "ANTI JOIN"]
        kind = choice.choice(kinds)
        if kind == "CROSS JOIN":
            return f"{text} CROSS JOIN {other}", scope + more
        if self.dialect != "sqlite" and choice.random() < 0.06:
            return self.lateral(text, scope)
        wanted = choice.choice(["INTEGER", "INTEGER", "INTEGER", "VARCHAR", "DATE", "BIGINT"])
        left, right = self.pick(scope, {wanted}), self.pick(more, {wanted})
        if left and right and choice.random() < 0.85:
            on = f"{left[0]} = {right[0]}"
            if choice.random() < 0.25:
                on += f" AND {self.condition(scope + more, 1)}"
        elif left and right:
            on = f"{left[0]} {choice.choice(['<', '>=', '<>', 'IS NOT DISTINCT FROM' if self.dialect != 'sqlite' else '<='])} {right[0]}"
        else:
            on = choice.choice(["1 = 1", self.condition(scope + more, 1)])
        return f"{text} {kind} {other} ON {on}", scope if kind in ("SEMI JOIN", "ANTI JOIN") else scope + more

    def lateral(self, text, scope):
        alias = self.name()
        kind = self.random.choice(TYPES)
        items = f"{self.expression(scope, kind, 1)} AS v"
        word = self.random.choice(["CROSS JOIN LATERAL", "LEFT JOIN LATERAL"])
        on = " ON TRUE" if word.startswith("LEFT") else ""
        inner = f"SELECT {items} WHERE {self.condition(scope, 1)}"
        return f"{text} {word} ({inner}) {alias}{on}", scope + [(f"{alias}.v", kind)]

    def where(self, scope, depth):
        choice = self.random
        parts = []
        if choice.random() < 0.6:
            parts.append(self.condition(scope))
        if depth > 0 and choice.random() < 0.3:
            parts.append(self.subquery_condition(scope))
        return " WHERE " + " AND ".join(parts) if parts else ""

    # -- subqueries

    def inner_table(self):
        table, alias = self.random.choice(self.tables), self.name()
        return f"{table.name} {alias}", [(f"{alias}.{name}", kind) for name, kind in table.columns]

    def scalar_subquery(self, scope, kind):
        choice = self.random
        source, inner = self.inner_table()
        outer, own = self.pick(scope, {"INTEGER"}), self.pick(inner, {"INTEGER"})
        correlated = f"{own[0]} {choice.choice(['=', '=', '<'])} {outer[0]}" if outer and choice.random() < 0.7 else self.condition(inner, 1)
        if kind == "BIGINT" and choice.random() < 0.5:
            return f"(SELECT count(*) FROM {source} WHERE {correlated})"
        function = choice.choice(["max", "min"]) if kind != "BOOLEAN" and not kind.endswith("[]") else "max"
        if kind.endswith("[]"):
            return self.typed(kind)
        return f"(SELECT {function}({self.expression(inner + scope if choice.random() < 0.2 else inner, kind, 1)}) FROM {source} WHERE {correlated})"

    def subquery_condition(self, scope):
        choice = self.random
        source, inner = self.inner_table()
        wanted = choice.choice(["INTEGER", "INTEGER", "VARCHAR"])
        outer, own = self.pick(scope, {wanted}), self.pick(inner, {wanted})
        if not outer or not own:
            return self.condition(scope, 1)
        correlated = f"{own[0]} = {outer[0]}" if choice.random() < 0.7 else self.condition(inner + scope, 1)
        nested = f" AND {self.subquery_condition(inner + scope)}" if choice.random() < 0.12 else ""
        form = choice.randrange(5)
        negation = choice.choice(["", "NOT "])
        if form == 0:
            return f"{negation}EXISTS (SELECT 1 FROM {source} WHERE {correlated}{nested})"
        if form == 1:
            return f"({outer[0]} {negation}IN (SELECT {own[0]} FROM {source} WHERE {self.condition(inner, 1)}{nested}))"
        if form == 2:
            return f"({outer[0]} {choice.choice(['>', '=', '<='])} (SELECT {choice.choice(['max', 'min'])}({own[0]}) FROM {source} WHERE {correlated}{nested}))"
        if self.dialect == "sqlite":
            return f"({outer[0]} {negation}IN (SELECT {own[0]} FROM {source} WHERE {correlated}))"
        if form == 3:
            second, third = self.pick(scope, {"INTEGER"}), self.pick(inner, {"INTEGER"})
            if second and third:
                return f"(({outer[0]}, {second[0]}) {negation}IN (SELECT {own[0]}, {third[0]} FROM {source} WHERE {self.condition(inner, 1)}))"
        return f"({outer[0]} {choice.choice(['=', '<', '>=', '<>'])} {choice.choice(['ANY', 'ALL'])} (SELECT {own[0]} FROM {source} WHERE {self.condition(inner, 1)}))"

    # -- aggregates

    def aggregate(self, scope):
        """An aggregate call and whether DISTINCT and FILTER may be added to it."""
        choice = self.random
        if self.dialect == "sqlite":
            return self.sqlite_aggregate(scope)
        number = self.expression(scope, choice.choice(["INTEGER", "BIGINT", "DECIMAL(12,2)", "DOUBLE"]), 1)
        whole = self.expression(scope, "INTEGER", 1)
        other = self.expression(scope, "INTEGER", 1)
        anything = self.expression(scope, choice.choice(TYPES), 1)
        ordered = self.expression(scope, choice.choice([kind for kind in TYPES if kind != "BOOLEAN"] + RARE[:5]), 1)
        distinct = choice.choice(["", "", "DISTINCT "])
        text = self.expression(scope, "VARCHAR", 1)
        call = choice.choice([
            "count(*)", f"count({distinct}{anything})", f"sum({distinct}{whole})", f"sum({number})", f"avg({distinct}{number})",
            f"min({ordered})", f"max({ordered})", f"median({number})", f"bool_and({self.condition(scope, 1)})",
            f"bool_or({self.condition(scope, 1)})", f"list({distinct}{whole} ORDER BY {whole} + 0)", f"string_agg({distinct}{text}, '|' ORDER BY {text} || '')"
            if not distinct else f"string_agg(DISTINCT {text}, '|' ORDER BY {text})",
            f"stddev({whole})", f"var_pop({whole})", f"corr({whole}, {other})", f"covar_samp({whole}, {other})", f"regr_slope({whole}, {other})",
            f"quantile_cont({number}, {choice.choice([0, 0.25, 0.5, 0.9, 1])})", f"quantile_disc({whole}, {choice.choice([0.25, 0.5, 1])})",
            f"arg_min({whole}, {whole} + 0)", f"arg_max({whole}, {whole} * 1)", f"product({whole} % 3)", f"bit_or({whole})", f"coalesce(count_if({self.condition(scope, 1)}), 0)",
            f"max({whole}, 3)", f"min({whole}, 2)", f"mode({whole} * 0)", f"entropy({whole} % 3)", f"skewness({whole})", f"sum({self.expression(scope, 'DECIMAL(30,6)', 1)})",
            f"first({whole} ORDER BY {whole} + 0)", f"last({text} ORDER BY {text} || '')",
            f"arg_min({whole}, {whole} + 0, 2)", f"list_sort(list(DISTINCT {text}))", f"max({self.expression(scope, 'INTEGER[]', 1)})",
        ])
        if choice.random() < 0.15 and not call.startswith(("list_sort", "coalesce")):
            call += f" FILTER (WHERE {self.condition(scope, 1)})"
        return call

    def sqlite_aggregate(self, scope):
        number = self.expression(scope, self.random.choice(["INTEGER", "DOUBLE"]), 1)
        return self.random.choice(["count(*)", f"count({number})", f"sum({number})", f"min({number})", f"max({number})", f"avg({number})",
                                   f"count(DISTINCT {self.expression(scope, 'VARCHAR', 1)})"])

    # -- windows

    def total_order(self, scope):
        choice = self.random
        columns = [reference for reference, kind in scope]
        choice.shuffle(columns)
        return ", ".join(f"{name} {choice.choice(['ASC', 'DESC'])} NULLS {choice.choice(['FIRST', 'LAST'])}" for name in columns)

    def window(self, scope):
        choice = self.random
        order = self.total_order(scope)
        key = self.pick(scope)[0]
        partition = f"PARTITION BY {key} " if choice.random() < 0.7 else ""
        over = f"{partition}ORDER BY {order}"
        number = self.expression(scope, "INTEGER", 1)
        form = choice.randrange(9)
        if form == 0:
            return f"{choice.choice(['row_number()', 'rank()', 'dense_rank()', 'percent_rank()', 'cume_dist()'])} OVER ({over})"
        if form == 1:
            nulls = choice.choice(["", "", " IGNORE NULLS"])
            return f"{choice.choice(['lag', 'lead'])}({number}, {choice.randint(-1, 2)}{choice.choice(['', ', 7'])}{nulls}) OVER ({over})"
        if form == 2:
            return f"{choice.choice(['sum', 'min', 'max', 'count', 'avg'])}({number}) OVER ({over} {self.frame(True)})"
        if form == 3:
            nulls = choice.choice(["", "", " IGNORE NULLS"])
            return f"{choice.choice(['first_value', 'last_value'])}({number}{nulls}) OVER ({over} {self.frame(True)})"
        if form == 4:
            return f"ntile({choice.randint(1, 4)}) OVER ({over})"
        if form == 5:
            return f"nth_value({number}, {choice.randint(1, 3)}) OVER ({over} {self.frame(True)})"
        if form == 6:
            peer = self.pick(scope, {"INTEGER"})
            function = choice.choice(["sum", "count", "min", "max", "avg"])
            keep = f" FILTER (WHERE {self.condition(scope, 0)})" if choice.random() < 0.2 else ""
            return f"{function}({number}){keep} OVER ({partition}ORDER BY {peer[0] if peer else '1'} {choice.choice(['ASC', 'DESC'])} NULLS {choice.choice(['FIRST', 'LAST'])} {self.frame(False)})"
        if form == 7:
            return f"{choice.choice(['sum', 'count', 'max'])}({number}) OVER (PARTITION BY {key})"
        # An order of the function's own beside that of OVER.
        own = self.total_order(scope)
        call = choice.choice(["row_number(", "rank(", "dense_rank(", "percent_rank(", "cume_dist(", f"first_value({number} ",
                              f"last_value({number} ", f"lag({number}, {choice.randint(0, 2)} ", f"lead({number} "])
        return f"{call}ORDER BY {own}) OVER ({over} {self.frame(True)})"

    def frame(self, is_total):
        """ROWS only over a total order; RANGE and GROUPS see peers together."""
        choice = self.random
        if choice.random() < 0.2:
            return ""
        mode = choice.choice(["ROWS"] if is_total else ["RANGE", "GROUPS", "GROUPS"])
        bounds = choice.choice([
            "2 PRECEDING AND CURRENT ROW", "UNBOUNDED PRECEDING AND 1 FOLLOWING", "1 FOLLOWING AND 3 FOLLOWING", "CURRENT ROW AND UNBOUNDED FOLLOWING",
            "3 PRECEDING AND 1 PRECEDING", "UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING", "CURRENT ROW AND CURRENT ROW"])
        exclude = choice.choice(["", "", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP", " EXCLUDE TIES", " EXCLUDE NO OTHERS"])
        if mode == "ROWS" and "GROUP" in exclude or "TIES" in exclude and mode == "ROWS":
            exclude = ""
        return f"{mode} BETWEEN {bounds}{exclude}"

    # -- queries

    def select(self, depth=2):
        choice = self.random
        source, scope = self.source(depth)
        where = self.where(scope, depth)
        if choice.random() < 0.45:
            items, tail = self.grouped(scope)
            columns = [(f"x{i}", ANY) for i in range(len(items))]
        else:
            items, columns, tail = self.plain(scope)
        distinct = "DISTINCT " if choice.random() < 0.12 else ""
        body = ", ".join(f"{item} AS x{i}" for i, item in enumerate(items))
        return f"SELECT {distinct}{body} FROM {source}{where}{tail}", columns

    def grouped(self, scope):
        choice = self.random
        keys = [self.expression(scope, self.kind(), 1) for _ in range(choice.choice([0, 1, 1, 2]))]
        items = keys + [self.aggregate(scope) for _ in range(choice.randint(1, 3))]
        if not keys:
            return items, ""
        tail = " GROUP BY " + ", ".join(str(i + 1) for i in range(len(keys)))
        columns = [reference for reference, kind in scope if not kind.endswith("[]")]
        if self.dialect != "sqlite" and choice.random() < 0.2 and columns:
            sets = choice.sample(columns, min(2, len(columns)))
            items = sets + items[len(keys):] + [f"grouping({sets[0]})"]
            both = ", ".join(sets)
            tail = " GROUP BY " + choice.choice([f"ROLLUP ({both})", f"CUBE ({both})", f"GROUPING SETS (({both}), ({sets[-1]}), ())", f"GROUPING SETS (({both}), ({sets[0]}))"])
        elif self.dialect != "sqlite" and choice.random() < 0.1:
            tail = " GROUP BY ALL"
        if choice.random() < 0.2:
            tail += f" HAVING count(*) > {choice.randint(0, 2)}"
        return items, tail

    def plain(self, scope):
        choice = self.random
        items, columns, tail = [], [], ""
        for _ in range(choice.randint(1, 4)):
            kind = self.kind()
            items.append(self.expression(scope, kind))
            columns.append((f"x{len(columns)}", kind))
        if choice.random() < 0.25 and self.dialect != "sqlite":
            items.append(self.window(scope))
            columns.append((f"x{len(columns)}", ANY))
            if choice.random() < 0.25:
                tail = f" QUALIFY row_number() OVER (PARTITION BY {self.pick(scope)[0]} ORDER BY {self.total_order(scope)}) <= {choice.randint(1, 3)}"
        return items, columns, tail

    def query(self):
        choice = self.random
        special = choice.random()
        if self.dialect != "sqlite" and special < 0.1:
            return choice.choice([self.pivot, self.recursive, self.distinct_on, self.by_name, self.asof, self.unpivot, self.reused, self.using])()
        query, columns = self.select()
        if choice.random() < 0.12 and all(kind != ANY for _, kind in columns):
            query = self.set_operation(query, columns)
        if choice.random() < 0.15:
            query = f"WITH q AS ({query}) SELECT * FROM q"
        return query + self.tail(len(columns))

    def tail(self, count):
        choice = self.random
        if choice.random() >= 0.4:
            return ""
        nulls = ["FIRST", "LAST"]
        keys = ", ".join(f"{i + 1} {choice.choice(['ASC', 'DESC'])} NULLS {choice.choice(nulls)}" for i in range(count))
        text = f" ORDER BY {keys}"
        if choice.random() < 0.4:
            text += f" LIMIT {choice.randint(0, 8)}"
            if choice.random() < 0.3:
                text += f" OFFSET {choice.randint(0, 4)}"
        return text

    def set_operation(self, query, columns):
        choice = self.random
        source, scope = self.source(0)
        items = ", ".join(f"{self.expression(scope, kind)} AS x{i}" for i, (_, kind) in enumerate(columns))
        words = ["UNION", "UNION ALL", "INTERSECT", "EXCEPT"] + ([] if self.dialect == "sqlite" else ["EXCEPT ALL", "INTERSECT ALL"])
        return f"{query} {choice.choice(words)} SELECT {items} FROM {source}{self.where(scope, 0)}"

    # -- forms of their own

    def pivot(self):
        choice = self.random
        table = choice.choice(self.tables)
        number = self.pick(table.columns, {"INTEGER", "BIGINT"})[0]
        key = self.pick([c for c in table.columns if not c[1].endswith("[]") and c[1] not in ("DOUBLE", "TIME")])[0]
        function = choice.choice(["sum", "count", "max"])
        rows = f"(SELECT k AS g, {key} AS p, {number} AS n FROM {table.name})"
        form = choice.randrange(3)
        if form == 0:
            return f"SELECT * FROM (SELECT k AS p, id AS g, {number} AS n FROM {table.name}) PIVOT ({function}(n) FOR p IN (0, 1, 2))"
        if form == 1:
            return f"PIVOT {rows} ON p USING {function}(n) GROUP BY g"
        return f"PIVOT {rows} ON p USING {function}(n)"

    def unpivot(self):
        table = self.random.choice(self.tables)
        return f"UNPIVOT (SELECT id, k, id * 2 AS m FROM {table.name}) ON k, m INTO NAME what VALUE amount"

    def recursive(self):
        choice = self.random
        table = choice.choice(self.tables)
        if choice.random() < 0.5:
            limit = choice.randint(0, 6)
            return f"WITH RECURSIVE f(n, m) AS (SELECT k, 0 FROM {table.name} UNION ALL SELECT n + 1, m + 1 FROM f WHERE m < {limit}) SELECT n, m, count(*) FROM f GROUP BY ALL"
        other = choice.choice(self.tables)
        return f"WITH RECURSIVE f(n) AS (SELECT k FROM {table.name} WHERE k < 3 UNION SELECT o.k FROM f JOIN {other.name} o ON o.id = f.n + {choice.randint(0, 2)}) SELECT * FROM f"

    def distinct_on(self):
        source, scope = self.source(1)
        key = self.pick(scope)[0]
        items = ", ".join(f"{name} AS x{i}" for i, (name, _) in enumerate(scope[:5]))
        return f"SELECT DISTINCT ON ({key}) {items} FROM {source}{self.where(scope, 0)} ORDER BY {key}, {self.total_order(scope)}"

    def by_name(self):
        left, a = self.inner_table()
        right, b = self.inner_table()
        word = self.random.choice(["UNION ALL BY NAME", "UNION BY NAME"])
        first, second = self.pick(a, {"INTEGER"}), self.pick(b, {"INTEGER"})
        kind = self.random.choice(TYPES)
        return f"SELECT {first[0]} AS u, {self.expression(a, kind, 1)} AS v FROM {left} {word} SELECT {self.expression(b, kind, 1)} AS v, {second[0]} AS w FROM {right}"

    def asof(self):
        left, a = self.inner_table()
        table, alias = self.random.choice(self.tables), self.name()
        on = f"{a[1][0]} = {alias}.k AND " if self.random.random() < 0.5 else ""
        word = self.random.choice(["ASOF JOIN", "ASOF LEFT JOIN"])
        operator = self.random.choice([">=", ">", "<=", "<"])
        return f"SELECT {a[0][0]} AS a, {a[1][0]} AS b, {alias}.id AS c FROM {left} {word} {table.name} {alias} ON {on}{a[0][0]} {operator} {alias}.id"

    def reused(self):
        query, columns = self.select(1)
        join = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name, _ in columns[:2])
        word = self.random.choice(["", "MATERIALIZED ", "NOT MATERIALIZED "])
        return f"WITH q AS {word}({query}) SELECT a.*, (SELECT count(*) FROM q) AS n FROM q a {self.random.choice(['JOIN', 'LEFT JOIN', 'SEMI JOIN', 'ANTI JOIN'])} q b ON {join}"

    def using(self):
        left, right = self.random.choice(self.tables), self.random.choice(self.tables)
        word = self.random.choice(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "SEMI JOIN", "ANTI JOIN"])
        names = self.random.choice(["k", "id, k", "id"])
        return f"SELECT {names}, count(*) FROM {left.name} a {word} {right.name} b USING ({names}) GROUP BY ALL"
