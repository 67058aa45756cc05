"""Random scalar expressions over a scope: a list of (reference, type)."""
import values
from values import RARE, TYPES, UNSIGNED


class Expressions:
    """What generates expressions; the generator of queries inherits it."""

    def pick(self, scope, kinds=None):
        fitting = [item for item in scope if kinds is None or item[1] in kinds]
        return self.random.choice(fitting) if fitting else None

    def kind(self):
        if self.dialect == "sqlite":
            return self.random.choice(values.SQLITE)
        return self.random.choice(RARE if self.random.random() < 0.08 else TYPES)

    def typed(self, kind):
        if self.dialect == "sqlite":
            return values.sqlite_literal(self.random, kind)
        return values.typed(self.random, kind)

    def expression(self, scope, kind, depth=2):
        choice = self.random
        column = self.pick(scope, {kind})
        if depth <= 0 or choice.random() < 0.35:
            return column[0] if column and choice.random() < 0.85 else self.typed(kind)

        def deeper(wanted):
            return self.expression(scope, wanted, depth - 1)

        shared = [
            lambda: f"CASE WHEN {self.condition(scope, depth - 1)} THEN {deeper(kind)} ELSE {deeper(kind)} END",
            lambda: f"coalesce({deeper(kind)}, {deeper(kind)})",
            lambda: f"nullif({deeper(kind)}, {deeper(kind)})",
        ]
        if self.dialect == "sqlite":
            own = self.sqlite_forms(kind, deeper)
        else:
            own = self.forms(scope, kind, deeper, depth)
            shared.append(lambda: f"CASE {deeper('INTEGER')} WHEN 1 THEN {deeper(kind)} WHEN {deeper('INTEGER')} THEN {deeper(kind)} END")
            if depth > 1 and choice.random() < 0.1:
                return self.scalar_subquery(scope, kind)
        return choice.choice(shared + own * 2)()

    def sqlite_forms(self, kind, deeper):
        choice = self.random
        whole = [lambda: f"({deeper(kind)} + {deeper(kind)})", lambda: f"({deeper(kind)} - {deeper(kind)})",
                 lambda: f"abs({deeper(kind)})", lambda: f"({deeper(kind)} * {choice.randint(-3, 3)})"]
        if kind in ("INTEGER", "BIGINT"):
            return whole + [lambda: f"({deeper(kind)} % {choice.randint(2, 7)})", lambda: f"length({deeper('VARCHAR')})"]
        if kind == "DOUBLE":
            return whole
        return [lambda: f"lower({deeper(kind)})", lambda: f"upper({deeper(kind)})", lambda: f"({deeper(kind)} || {deeper(kind)})",
                lambda: f"substr({deeper(kind)}, {choice.randint(1, 3)}, 2)", lambda: f"replace({deeper(kind)}, 'n', 'NN')",
                lambda: f"trim({deeper(kind)})"]

    def forms(self, scope, kind, deeper, depth):
        """The forms of one type."""
        if kind in ("INTEGER", "BIGINT", "SMALLINT", "TINYINT", "HUGEINT"):
            return self.integers(kind, deeper)
        if kind in UNSIGNED:
            return self.unsigned(kind, deeper)
        if kind.startswith("DECIMAL"):
            return [lambda: f"CAST({deeper(kind)} + {deeper(kind)} AS {kind})", lambda: f"CAST({deeper('INTEGER')} AS {kind})",
                    lambda: f"abs({deeper(kind)})", lambda: f"CAST({deeper(kind)} * {self.random.randint(-2, 3)} AS {kind})",
                    lambda: f"CAST(round({deeper(kind)}, 1) AS {kind})", lambda: f"(- {deeper(kind)})",
                    lambda: f"greatest({deeper(kind)}, {deeper(kind)})", lambda: f"CAST({deeper(kind)} % 7 AS {kind})"]
        if kind == "BOOLEAN":
            return [lambda: self.condition(scope, depth - 1)]
        if kind.endswith("[]"):
            return self.lists(kind, deeper)
        return {"DOUBLE": self.doubles, "VARCHAR": self.texts, "DATE": self.dates, "TIMESTAMP": self.timestamps,
                "TIME": self.times}[kind](kind, deeper)

    def integers(self, kind, deeper):
        choice = self.random
        return [
            lambda: f"CAST({deeper(kind)} + {deeper(kind)} AS {kind})", lambda: f"({deeper(kind)} - {deeper(kind)})",
            lambda: f"abs({deeper(kind)})", lambda: f"CAST({deeper(kind)} % {choice.choice([2, 3, 7, -4, 0])} AS {kind})",
            lambda: f"CAST(length({deeper('VARCHAR')}) AS {kind})", lambda: f"greatest({deeper(kind)}, {deeper(kind)})",
            lambda: f"least({deeper(kind)}, {deeper(kind)})", lambda: f"CAST(sign({deeper(kind)}) AS {kind})",
            lambda: f"CAST({deeper(kind)} // {choice.choice([2, 3, -4, 0])} AS {kind})",
            lambda: f"CAST({choice.choice(['month', 'day', 'quarter', 'dayofweek', 'isodow', 'dayofyear', 'week'])}({deeper('DATE')}) % 100 AS {kind})",
            lambda: f"CAST({choice.choice(['hour', 'minute', 'second', 'millisecond'])}({deeper('TIMESTAMP')}) % 60 AS {kind})",
            lambda: f"CAST(date_diff('{choice.choice(['day', 'month', 'year', 'quarter', 'hour'])}', {deeper('TIMESTAMP')}, {deeper('TIMESTAMP')}) % 100 AS {kind})",
            lambda: f"CAST(date_sub('{choice.choice(['day', 'month', 'year', 'week'])}', {deeper('DATE')}, {deeper('DATE')}) % 100 AS {kind})",
            lambda: f"CAST(strpos({deeper('VARCHAR')}, {deeper('VARCHAR')}) AS {kind})",
            lambda: f"CAST(len({deeper('INTEGER[]')}) AS {kind})", lambda: f"CAST(bit_count({deeper('INTEGER')}) AS {kind})",
            lambda: f"CAST(({deeper('INTEGER[]')})[{choice.choice([1, 2, -1, 4])}] AS {kind})" if kind in ("INTEGER", "BIGINT", "HUGEINT")
            else f"CAST(ascii({deeper('VARCHAR')}) % 100 AS {kind})",
            lambda: f"TRY_CAST({deeper('VARCHAR')} AS {kind})", lambda: f"CAST(round({deeper('DOUBLE')}) % 100 AS {kind})",
            lambda: f"CAST(({deeper('INTEGER')} {choice.choice(['&', '|'])} {deeper('INTEGER')}) % 100 AS {kind})",
            lambda: f"CAST(levenshtein({deeper('VARCHAR')}, {deeper('VARCHAR')}) AS {kind})",
            lambda: f"CAST({deeper('BOOLEAN')} AS {kind})",
        ]

    def unsigned(self, kind, deeper):
        choice = self.random
        return [
            lambda: f"CAST({deeper(kind)} + {deeper('INTEGER')} % 7 AS {kind})", lambda: f"({deeper(kind)} % {choice.choice([2, 3, 7])}::{kind})",
            lambda: f"greatest({deeper(kind)}, {deeper(kind)})", lambda: f"least({deeper(kind)}, {deeper(kind)})",
            lambda: f"({deeper(kind)} // {choice.choice([1, 2, 3])}::{kind})", lambda: f"coalesce({deeper(kind)}, {deeper(kind)})",
            lambda: f"({deeper(kind)} + 1::{kind})", lambda: f"abs({deeper(kind)})", lambda: f"TRY_CAST({deeper('INTEGER')} AS {kind})",
            lambda: f"CAST(length({deeper('VARCHAR')}) AS {kind})", lambda: f"TRY_CAST({deeper('VARCHAR')} AS {kind})",
            lambda: f"CAST(least(len({deeper('INTEGER[]')}), 9) AS {kind})",
        ]

    def doubles(self, kind, deeper):
        choice = self.random
        return [
            lambda: f"({deeper(kind)} + {deeper(kind)})", lambda: f"({deeper('INTEGER')} / {deeper('INTEGER')})",
            lambda: f"sqrt(abs({deeper(kind)}))", lambda: f"floor({deeper(kind)})", lambda: f"ceil({deeper(kind)})",
            lambda: f"round({deeper(kind)}, {choice.choice([0, 1, 2, -1])})", lambda: f"({deeper(kind)} * {deeper(kind)})",
            lambda: f"trunc({deeper(kind)})", lambda: f"ln(abs({deeper(kind)}) + 1)", lambda: f"atan({deeper(kind)})",
            lambda: f"({deeper(kind)} / {deeper(kind)})", lambda: f"CAST({deeper('DECIMAL(12,2)')} AS DOUBLE)",
            lambda: f"CAST({deeper('BIGINT')} AS DOUBLE)", lambda: f"power({deeper('INTEGER')} % 5, 2)",
            lambda: f"epoch({deeper('TIMESTAMP')})", lambda: f"list_sum({deeper('INTEGER[]')})::DOUBLE",
            lambda: f"TRY_CAST({deeper('VARCHAR')} AS DOUBLE)", lambda: f"exp({deeper('INTEGER')} % 9)",
        ]

    def texts(self, kind, deeper):
        choice = self.random
        part = choice.choice(["%Y-%m", "%d/%m/%y", "%H:%M:%S", "%b %-d, %Y", "%A %j", "%p %I"])
        return [
            lambda: f"lower({deeper(kind)})", lambda: f"upper({deeper(kind)})", lambda: f"({deeper(kind)} || {deeper(kind)})",
            lambda: f"substr({deeper(kind)}, {choice.randint(-2, 3)}, {choice.choice([0, 1, 2, 3])})",
            lambda: f"replace({deeper(kind)}, 'n', 'NN')", lambda: f"{choice.choice(['trim', 'ltrim', 'rtrim'])}({deeper(kind)})",
            lambda: f"reverse({deeper(kind)})", lambda: f"{choice.choice(['left', 'right'])}({deeper(kind)}, {choice.choice([2, 0, -1])})",
            lambda: f"CAST({deeper(choice.choice(TYPES))} AS VARCHAR)", lambda: f"concat({deeper(kind)}, {deeper(kind)})",
            lambda: f"concat_ws('-', {deeper(kind)}, {deeper(kind)})", lambda: f"strftime({deeper('TIMESTAMP')}, '{part}')",
            lambda: f"repeat({deeper(kind)}, {choice.randint(0, 2)})", lambda: f"{choice.choice(['lpad', 'rpad'])}({deeper(kind)}, {choice.randint(0, 6)}, 'xy')",
            lambda: f"split_part({deeper(kind)}, '{choice.choice([',', ' ', 'a'])}', {choice.choice([1, 2, -1, 5])})",
            lambda: f"regexp_replace({deeper(kind)}, '{choice.choice(['[aeiou]', 'n+', '^.', '(a)(.)'])}', '{choice.choice(['_', '', 'z'])}'{choice.choice(['', ', ' + chr(39) + 'g' + chr(39)])})",
            lambda: f"regexp_extract({deeper(kind)}, '{choice.choice(['[a-z]+', '(.)(.)', '[0-9]+'])}')",
            lambda: f"translate({deeper(kind)}, 'abn', 'xy')", lambda: f"dayname({deeper('DATE')})", lambda: f"monthname({deeper('DATE')})",
            lambda: f"({deeper('VARCHAR[]')})[{choice.choice([1, 2, -1])}]", lambda: f"md5({deeper(kind)})",
            lambda: f"array_to_string({deeper('VARCHAR[]')}, '|')", lambda: f"format('{{}}:{{}}', {deeper('INTEGER')}, {deeper(kind)})",
            lambda: f"({deeper(kind)})[{choice.choice(['1:2', '2', '-1', ':3'])}]", lambda: f"CAST({deeper(choice.choice(RARE))} AS VARCHAR)",
        ]

    def dates(self, kind, deeper):
        choice = self.random
        return [
            lambda: f"({deeper(kind)} + {choice.randint(-40, 40)})", lambda: f"CAST({deeper('TIMESTAMP')} AS DATE)",
            lambda: f"CAST(date_trunc('{choice.choice(['month', 'week', 'quarter', 'year'])}', {deeper(kind)}) AS DATE)",
            lambda: f"last_day({deeper(kind)})", lambda: f"CAST({deeper(kind)} + INTERVAL {choice.randint(-14, 14)} MONTH AS DATE)",
            lambda: f"make_date({choice.randint(2020, 2026)}, {choice.randint(1, 12)}, {choice.randint(1, 28)})",
            lambda: f"TRY_CAST({deeper('VARCHAR')} AS DATE)", lambda: f"greatest({deeper(kind)}, {deeper(kind)})",
        ]

    def timestamps(self, kind, deeper):
        choice = self.random
        return [
            lambda: f"({deeper(kind)} + INTERVAL '{choice.randint(-30, 30)} days')",
            lambda: f"date_trunc('{choice.choice(['hour', 'day', 'month', 'minute', 'year'])}', {deeper(kind)})::TIMESTAMP",
            lambda: f"CAST({deeper('DATE')} AS TIMESTAMP)", lambda: f"({deeper(kind)} + INTERVAL '{choice.randint(-5, 5)} months')",
            lambda: f"({deeper(kind)} - INTERVAL {choice.randint(0, 500)} MINUTE)", lambda: f"({deeper('DATE')} + {deeper('TIME')})",
            lambda: f"time_bucket(INTERVAL '{choice.choice(['6 hours', '7 days', '1 month', '15 minutes'])}', {deeper(kind)})",
        ]

    def times(self, kind, deeper):
        return [lambda: f"CAST({deeper('TIMESTAMP')} AS TIME)", lambda: f"({deeper(kind)} + INTERVAL '{self.random.randint(-90, 900)} minutes')"]

    def lists(self, kind, deeper):
        choice, element = self.random, kind[:-2]
        own = [
            lambda: f"[{deeper(element)}, {deeper(element)}]", lambda: f"list_sort({deeper(kind)})", lambda: f"list_sort(list_distinct({deeper(kind)}))",
            lambda: f"list_concat(coalesce({deeper(kind)}, [NULL]), {deeper(kind)})", lambda: f"({deeper(kind)})[{choice.choice(['1:2', '2:', ':1', '-2:', '3:1', '3:1:-1', ':2:-1', '0:9:2', '-1:-3:-2', 'NULL:2'])}]",
            lambda: f"list_append({deeper(kind)}, {deeper(element)})", lambda: f"list_reverse({deeper(kind)})",
            lambda: f"list_filter({deeper(kind)}, lambda x: x IS NOT NULL)", lambda: f"list_reverse_sort({deeper(kind)})",
        ]
        if element == "INTEGER":
            return own + [lambda: f"list_transform({deeper(kind)}, lambda x: x % 7)", lambda: f"range({choice.randint(0, 4)})::INTEGER[]"]
        return own + [lambda: f"string_split({deeper('VARCHAR')}, '{choice.choice([',', 'a', ''])}')", lambda: f"list_transform({deeper(kind)}, lambda x: upper(x))"]

    # -- conditions

    def condition(self, scope, depth=2):
        choice = self.random
        if depth > 0 and choice.random() < 0.35:
            return f"({self.condition(scope, depth - 1)} {choice.choice(['AND', 'OR'])} {self.condition(scope, depth - 1)})"
        if depth > 0 and choice.random() < 0.1:
            return f"(NOT {self.condition(scope, depth - 1)})"
        kind = self.kind()
        left = self.expression(scope, kind, depth - 1)
        form = choice.randrange(10)
        if form == 0:
            return f"({left} IS {choice.choice(['', 'NOT '])}NULL)"
        if form == 1:
            items = ", ".join(self.typed(kind) for _ in range(choice.randint(1, 4)))
            return f"({left} {choice.choice(['', 'NOT '])}IN ({items}))"
        if form == 2 and kind != "BOOLEAN":
            return f"({left} {choice.choice(['', 'NOT '])}BETWEEN {self.expression(scope, kind, 0)} AND {self.expression(scope, kind, 0)})"
        if form == 3:
            return self.pattern_match(self.expression(scope, "VARCHAR", depth - 1))
        if form == 4 and self.dialect != "sqlite":
            return f"({left} IS {choice.choice(['', 'NOT '])}DISTINCT FROM {self.expression(scope, kind, 0)})"
        if form == 5 and self.dialect != "sqlite":
            return self.choice_of_tests(scope, depth)
        operator = choice.choice(["=", "<>", "<", "<=", ">", ">="])
        return f"({left} {operator} {self.expression(scope, kind, depth - 1)})"

    def pattern_match(self, text):
        choice = self.random
        pattern = choice.choice(["%n%", "a%", "_n%", "%", "", "n_", "%b", "é%", "%o%n%"])
        if self.dialect == "sqlite":
            return f"({text} LIKE '{pattern}')"
        return f"({text} {choice.choice(['', 'NOT '])}{choice.choice(['LIKE', 'ILIKE'])} '{pattern}')"

    def choice_of_tests(self, scope, depth):
        choice = self.random

        def text():
            return self.expression(scope, "VARCHAR", depth - 1)

        return choice.choice([
            lambda: f"starts_with({text()}, {text()})", lambda: f"contains({text()}, {text()})", lambda: f"({text()} SIMILAR TO '[a-z]+')",
            lambda: f"regexp_matches({text()}, '{choice.choice(['^a', '[0-9]', 'n|o', 'x y'])}')", lambda: f"suffix({text()}, 'n')",
            lambda: f"list_contains({self.expression(scope, 'INTEGER[]', depth - 1)}, {self.expression(scope, 'INTEGER', 0)})",
            lambda: f"({self.expression(scope, 'BOOLEAN', 0)} IS {choice.choice(['', 'NOT '])}{choice.choice(['TRUE', 'FALSE', 'NULL'])})",
            lambda: f"({text()} GLOB '*n*')", lambda: f"({self.expression(scope, 'INTEGER', 0)} = ANY(coalesce({self.expression(scope, 'INTEGER[]', 0)}, [1])))",
            lambda: f"(({self.expression(scope, 'INTEGER', 0)}, {self.expression(scope, 'VARCHAR', 0)}) < ({self.expression(scope, 'INTEGER', 0)}, {self.expression(scope, 'VARCHAR', 0)}))",
        ])()
