"""Shrinks a query, then its tables, while the engines still disagree in the same way."""
import re

TOKEN = re.compile(r"'(?:[^']|'')*'|[A-Za-z_][A-Za-z_0-9.]*|[0-9]+(?:\.[0-9]+)?|::|<=|>=|<>|\|\||//|\S")


def reduced(setup, query, judge, budget=300):
    """`judge(setup, query)` names the kind of disagreement, or None. Returns the smaller pair."""
    kind = judge(setup, query)
    if kind is None:
        return setup, query
    budgeted = Budget(judge, kind, budget)
    query = " ".join(shrunk(TOKEN.findall(query), lambda tokens: budgeted.holds(setup, " ".join(tokens))))
    budgeted.left = budget // 3
    used = [statement for statement in setup if is_used(statement, query)]
    if budgeted.holds(used, query):
        setup = used
    return fewer_rows(setup, query, budgeted), query


class Budget:
    """At most so many trials, since each may need fresh tables in two engines."""

    def __init__(self, judge, kind, left):
        self.judge, self.kind, self.left = judge, kind, left

    def holds(self, setup, query):
        if self.left <= 0:
            return False
        self.left -= 1
        return self.judge(setup, query) == self.kind


def shrunk(items, holds):
    """Drops ever smaller runs of items as long as the rest still holds."""
    size = max(1, len(items) // 2)
    while size >= 1:
        at = 0
        while at < len(items):
            rest = items[:at] + items[at + size:]
            if is_balanced(rest) and holds(rest):
                items = rest
            else:
                at += size
        size //= 2
    return items


def is_balanced(items):
    """Every bracket closed; a statement with an open one would wait for more lines."""
    text = re.sub(r"'(?:[^']|'')*'", "", " ".join(items))
    depth = 0
    for letter in text:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(letter, 0)
        if depth < 0:
            return False
    return bool(items) and depth == 0 and "'" not in text


def is_used(statement, query):
    name = re.search(r"(?:TABLE|INTO|TYPE) (\w+)", statement)
    return name is None or re.search(rf"\b{name.group(1)}\b", query) is not None or "TYPE" in statement


def fewer_rows(setup, query, budgeted):
    for index, statement in enumerate(setup):
        head, separator, rows = statement.partition(" VALUES ")
        if separator and statement.startswith("INSERT"):
            parts = rows.split(", (")
            parts = [parts[0]] + ["(" + part for part in parts[1:]]

            def holds(kept, at=index):
                return budgeted.holds(setup[:at] + [head + separator + ", ".join(kept)] + setup[at + 1:], query)

            kept = shrunk(parts, holds)
            setup = setup[:index] + [head + separator + ", ".join(kept)] + setup[index + 1:]
    return setup
