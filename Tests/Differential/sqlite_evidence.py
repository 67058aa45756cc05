"""The shapes of SQLite's evidence/in1, in2 and slt_lang_*."""

WORDS = ["true", "false", "NULL", "abc", "", "1", "a b"]


def membership(recorder, chance, count):
    recorder.statement("CREATE TABLE t1(x INTEGER)")
    recorder.statement("CREATE TABLE t2(x INTEGER, y VARCHAR(8))")
    recorder.statement("CREATE TABLE t4(x VARCHAR(8) PRIMARY KEY)")
    recorder.statement("CREATE TABLE t5(a INTEGER UNIQUE)")
    recorder.statement("CREATE TABLE t6(a INTEGER)")
    for query in range(count):
        left = chance.choice(["1", "null", "1.23", "'hello'", "2", "0"])
        pool = ["'hello'", "'there'", "'NULL'"] if left == "'hello'" else ["1", "2", "3", "null", "4"]
        table = "t4" if left == "'hello'" else chance.choice(["t1", "t5", "t6"])
        entries = ",".join(chance.choice(pool) for _ in range(chance.randint(0, 4)))
        right = chance.choice([f"({entries})", "()", f"(SELECT * FROM {table})", f"(SELECT * FROM {table} WHERE {'x' if table in ('t1', 't4') else 'a'} IS NOT NULL)"])
        recorder.query(f"SELECT {left} {chance.choice(['', 'NOT '])}IN {right}", "nosort")
        if chance.random() < 0.1:
            entry = chance.choice(["1", "2", "NULL"])
            for name in ("t1", "t6"):
                recorder.statement(f"INSERT INTO {name} VALUES({entry})")
            recorder.statement(f"INSERT INTO t4 VALUES('{chance.choice(['hello', 'there', 'NULL', 'x'])}')")
            recorder.statement(f"INSERT INTO t5 VALUES({chance.choice([1, 2, 3])})")
        if chance.random() < 0.03:
            for name in ("t1", "t4", "t5", "t6"):
                recorder.statement(f"DELETE FROM {name}")


def aggfunc(recorder, chance, count):
    recorder.statement("CREATE TABLE t1( x INTEGER, y VARCHAR(8) )")
    functions = ["count", "avg", "group_concat", "max", "min", "sum", "total"]
    for query in range(count):
        if query % 20 == 0:
            recorder.statement("DELETE FROM t1")
            for _ in range(chance.randint(0, 6)):
                recorder.statement(f"INSERT INTO t1 VALUES({chance.choice(['1', '0', '2', '2', 'NULL'])},'{chance.choice(WORDS)}')")
        function = chance.choice(functions)
        argument = chance.choice(["", "", "DISTINCT "]) + chance.choice(["x", "x", "y"] if function in ("count", "group_concat", "max", "min") else ["x", "x", "x+0.5"])
        separator = f",'{chance.choice([':', ', ', ''])}'" if function == "group_concat" and "DISTINCT" not in argument and chance.random() < 0.5 else ""
        recorder.query(f"SELECT {function}({argument}{separator}) FROM t1{chance.choice(['', ' WHERE x IS NULL', ' WHERE x > 5'])}", "nosort")
        recorder.query("SELECT count(*), count(x), total(x), sum(x), min(y) FROM t1", "nosort")


def changes(recorder, chance, count):
    """createview, dropindex, droptable, dropview, update and replace in one."""
    recorder.statement("CREATE TABLE t1( x INTEGER, y VARCHAR(8) )")
    recorder.statement("CREATE TABLE t2( x INTEGER PRIMARY KEY, y VARCHAR(8) )")
    recorder.statement("INSERT INTO t1 VALUES(1,'true')")
    recorder.statement("INSERT INTO t1 VALUES(0,'false')")
    recorder.statement("INSERT INTO t1 VALUES(NULL,'NULL')")
    for query in range(count):
        name = chance.choice("vwz")
        number, word = chance.choice(["1", "2", "3", "NULL"]), chance.choice(WORDS[:4])
        recorder.statement(chance.choice([
            f"CREATE VIEW view_{name} AS SELECT x FROM t1 WHERE x>0", f"CREATE TEMP VIEW view_t{name} AS SELECT x FROM t1 WHERE x>0",
            f"DROP VIEW view_{name}", f"DROP VIEW IF EXISTS view_{name}", f"DELETE FROM view_{name} WHERE x>0", f"INSERT INTO view_{name} VALUES(2)",
            f"UPDATE view_{name} SET x=2", f"CREATE INDEX i_{name} ON t1(x)", f"CREATE INDEX i_{name} ON t1(y DESC)", f"DROP INDEX i_{name}",
            f"CREATE TABLE IF NOT EXISTS n_{name}(a INTEGER)", f"CREATE TABLE n_{name}(a INTEGER)", f"DROP TABLE n_{name}", f"DROP TABLE IF EXISTS n_{name}",
            f"UPDATE t1 SET x={number}", f"UPDATE t1 SET x={number} WHERE y='{word}'", f"UPDATE t1 SET x=3, y='{word}' WHERE x>3",
            f"UPDATE t1 SET x=x+2 WHERE x>0", f"UPDATE t1 SET x=3 WHERE x=123", f"UPDATE t1 SET z='foo'", f"UPDATE t1 SET x=1 WHERE z IS NULL",
            f"REPLACE INTO t2 VALUES({number.replace('NULL', '4')},'{word}')", f"INSERT OR REPLACE INTO t2 VALUES({number.replace('NULL', '5')},'{word}')",
            f"INSERT INTO t2 VALUES({number.replace('NULL', '6')},'{word}')", f"DELETE FROM t2 WHERE x={number}"]))
        recorder.query(chance.choice(["SELECT x FROM t1 ORDER BY x", f"SELECT x FROM view_{name}", "SELECT count(*) FROM t1 WHERE x=1",
                                      "SELECT x, y FROM t2", "SELECT x, y FROM t1"]), "rowsort")


SHAPES = {"evidence_in": membership, "evidence_aggfunc": aggfunc, "evidence_changes": changes}
