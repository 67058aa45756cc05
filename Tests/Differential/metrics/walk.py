"""Asks every metric under every clause and looks for crashes, nonsense and sums that do not add up.

Usage: walk.py TUNDISH [SEED]. Prints a line for each finding; exits with their number, at most 100.
The data are those of make.py, with what it leaves out added here: visitors, responses, milestones,
several currencies. What is looked for:
- no crash, no internal error, no column without a name, no infinite or NaN value;
- a numerator is never more than its denominator where the metric is a proportion;
- additive metrics by x, over g and by x over g sum to the whole;
- rates by x have parts that sum to the parts of the whole;
- `with totals` has the whole as its total, with and without `over`;
- `top 2` shows two of the rows of the whole answer, unchanged;
- the text of EXPLAIN SQL gives the same rows;
- settings that do not touch the question (locale, week start, fiscal year) do not change answers.
"""

import csv
import io
import math
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import make

TABLES = ["leads", "deals", "changes", "touches", "spend", "quotas", "subs"]
EXTRA = """
CREATE TABLE leads2 AS SELECT *, 'v' || (id % 200) AS visitor_id,
  created_at + INTERVAL 2 HOURS AS responded,
  CASE WHEN id % 3 = 0 THEN created_at + INTERVAL 3 DAYS END AS mql_at,
  CASE WHEN id % 6 = 0 THEN created_at + INTERVAL 5 DAYS END AS sql_at,
  CASE WHEN id % 4 = 0 THEN created_at + INTERVAL 6 DAYS END AS accepted,
  id % 2 = 0 AS budget, id % 3 = 0 AS authority, id % 5 <> 0 AS need, id % 7 = 0 AS timing,
  CASE WHEN id % 9 = 0 THEN 'Unqualified' ELSE 'ok' END AS status FROM leads;
CREATE TABLE deals2 AS SELECT *, created + 60 AS expected,
  CASE WHEN stage = 'Lost' THEN CASE id % 3 WHEN 0 THEN 'price' WHEN 1 THEN 'timing' END END AS reason
  FROM deals;
CREATE TABLE visits AS SELECT id AS sid, 'v' || (id % 250) AS visitor_id,
  created_at - INTERVAL 1 DAY AS at, source FROM leads;
CREATE TABLE spend3 AS SELECT month, source, kind, cost FROM spend UNION ALL
  SELECT month, source, CASE kind WHEN 'media' THEN 'labour' ELSE 'materials' END, cost FROM spend;
"""
MODEL = """
CREATE OR REPLACE MODEL (
  LEADS leads2 (KEY id, VISITOR visitor_id, CREATED created_at, CONVERTED converted_at, OWNER owner,
    SOURCE source, RESPONDED responded, ACCEPTED accepted, DISQUALIFIED WHEN status = 'Unqualified',
    MILESTONE mql AT mql_at, MILESTONE sql AT sql_at),
  OPPORTUNITIES deals2 (KEY id, CREATED created, CLOSED closed, EXPECTED expected, AMOUNT amount,
    STAGE stage, OWNER owner, ACCOUNT account, LEAD lead_id, SOURCE source, LOSS_REASON reason),
  STAGES (Prospecting OPEN 10%, Qualification OPEN 30%, Proposal OPEN 60%, Won WON, Lost LOST),
  HISTORY changes (OF OPPORTUNITIES, KEY deal_id, STAGE stage, AT entered_at),
  VISITS visits (KEY sid, VISITOR visitor_id, AT at, SOURCE source),
  TOUCHES touches (LEAD lead_id, AT touched_at, CHANNEL channel),
  SPEND spend3 (AT month, AMOUNT cost, SOURCE source, KIND kind),
  QUOTAS quotas (OWNER agent, PERIOD quarter, AMOUNT quota),
  SUBSCRIPTIONS subs (KEY id, CUSTOMER customer, START started, END ended, AMOUNT mrr,
    INTERVAL month));
CREATE FUNNEL way ON LEADS (STEP lead, STEP mql, STEP sql, STEP opportunity, STEP customer);
"""
COUNTS = ["leads", "mqls", "sqls", "opportunities", "won", "lost", "closed", "bookings", "revenue",
          "spend", "media_spend", "labour_cost", "pipeline_created", "sessions"]
STATES = ["open_opportunities", "pipeline_value", "weighted_pipeline", "stalled"]
OTHERS = ["visitors", "customers", "new_customers", "touches", "arpc", "average_deal_size",
          "median_deal_size", "sales_cycle_length", "time_to_conversion", "time_in_stage",
          "lead_response_time", "cpl", "cpa", "cac", "cost_per_mql", "cost_per_opportunity",
          "cost_per_conversion", "conversion_roi", "pipeline_to_spend", "lead_value", "lead_quality",
          "sales_velocity", "lead_velocity_rate", "pipeline_coverage", "quota", "quota_attainment",
          "slippage", "forecast", "mrr", "arr", "new_mrr", "churned_mrr", "nrr", "grr",
          "logo_churn_rate", "bant_score", "loss_reasons", "visitor_to_lead_rate",
          "cohort_retention", "reopened"]
RATES = ["lead_conversion_rate", "lead_conversion_rate to opportunity",
         "lead_conversion_rate to converted", "mql_rate", "mql_to_sql_rate",
         "sql_to_opportunity_rate", "sql_to_customer_rate", "opportunity_conversion_rate",
         "win_rate", "loss_rate", "win_rate of created", "win_rate of closed_or_stale(30 days)",
         "sales_acceptance_rate", "conversion_rate from mql to customer", "value_win_rate"]
METRICS = COUNTS + STATES + RATES + OTHERS
DIMENSION = {"quota": "owner", "quota_attainment": "owner", "pipeline_coverage": "owner",
             "mrr": "customer", "arr": "customer", "new_mrr": "customer", "churned_mrr": "customer",
             "nrr": "customer", "grr": "customer", "logo_churn_rate": "customer",
             "cohort_retention": "customer", "touches": "channel"}


class Walk:
    def __init__(self, tundish, seed):
        self.tundish, self.findings = tundish, 0
        self.folder = tempfile.TemporaryDirectory()
        make.make(self.folder.name, seed, leads=250)
        self.head = "".join(f"LOAD '{self.folder.name}/{t}.csv' AS {t};\n" for t in TABLES)
        self.head += EXTRA + MODEL

    def ask(self, statements, setting=""):
        """The rows of each statement as dictionaries; a text where it was refused."""
        script = self.head + setting
        for number, statement in enumerate(statements):
            script += f"SELECT '@@{number}' AS mark;\n{statement};\n"
        script += f"SELECT '@@{len(statements)}' AS mark;\n"
        run = subprocess.run([self.tundish, "query", "--no-init", "--keep-going", "--format", "csv"],
                             input=script, capture_output=True, text=True)
        if run.returncode not in (0, 1):
            self.tell("process", f"ended with {run.returncode}: {run.stderr[-300:]}")
        errors = iter(line for line in run.stderr.splitlines() if line.startswith("error["))
        parts, current = {}, None
        for line in run.stdout.splitlines():
            if line.startswith("@@"):
                current = int(line[2:])
                parts[current] = []
            elif line != "mark" and current is not None:
                parts[current].append(line)
        # What printed nothing was refused; errors come in the order of the statements.
        return [self.rows(parts[n]) if parts.get(n) else next(errors, "no answer")
                for n in range(len(statements))]

    @staticmethod
    def rows(lines):
        body = "\n".join(line for line in lines if "," in line or line.strip())
        table = list(csv.reader(io.StringIO(body)))
        if not table:
            return []
        return [dict(zip(table[0], row)) for row in table[1:]]

    def tell(self, statement, text):
        self.findings += 1
        print(f"{statement}\n    {text}", flush=True)


def number(text):
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def name(metric):
    return metric.split("(")[0].split(" ")[0]


def total(rows, column):
    values = [number(row.get(column)) for row in rows]
    return sum(value for value in values if value is not None)


def close(one, other):
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=0.011)


def dimension(metric):
    return DIMENSION.get(name(metric), "source")


CLAUSES = ["", "by {d}", "over month", "over quarter", "by {d} over quarter", "over week",
           "over fiscal_year", "2025-Q2", "by {d} 2025-Q2",
           "last quarter compare previous quarter", "by {d} last quarter compare previous quarter",
           "over month 2025-Q2 compare same quarter last year", "by {d} with totals",
           "by {d} over quarter with totals", "by {d} with share", "over quarter with running",
           "by {d} top 2", "by {d} over quarter top 2", "with ci 90%", "as of 2025-03-31",
           "over month as of 2025-03-31", "within 30 days", "over month within 30 days",
           "excluding disqualified", "by {d} with share totals running over quarter top 2",
           "by {d} over quarter with totals running top 1",
           "by {d} having {m} > 0", "by {d} 2025-Q2 compare previous quarter having {m} > 0",
           "by {d} 2025-Q2 compare previous quarter with totals top 2", "snapshot", "cohort",
           "period", "past 90 days", "ytd", "since 2025-01-01", "FY2025", "closing this quarter",
           "currency EUR", "list counted limit 3", "vs target", "by {d} with empty",
           "attributed by linear by channel"]


def walk(tundish, seed):
    w = Walk(tundish, seed)
    asked = [(m, c, f"{m} {c.format(d=dimension(m), m=name(m))}") for m in METRICS for c in CLAUSES]
    answers = {}
    for start in range(0, len(asked), 200):
        part = asked[start:start + 200]
        for (metric, clause, statement), rows in zip(part, w.ask([s for _, _, s in part])):
            answers[metric, clause] = rows
            look(w, metric, statement, rows)
    for metric in METRICS:
        compare(w, metric, answers)
    settings(w, answers)
    pasted(w, answers)
    print(f"seed {seed}: {len(asked)} statements, "
          f"{sum(isinstance(a, str) for a in answers.values())} refused, {w.findings} findings")
    return w.findings


def look(w, metric, statement, rows):
    """What no answer may hold."""
    if isinstance(rows, str):
        if rows == "no answer" or "error[R" in rows or "error[B0" in rows or "internal" in rows:
            w.tell(statement, rows)
        return
    for row in rows:
        for column, text in row.items():
            if column == "" or text.lower() in ("inf", "-inf", "nan", "infinity"):
                w.tell(statement, f"{column!r} = {text}")
                return
        if metric in RATES and row.get(f"{name(metric)}_note") != "not a proportion":
            value = number(row.get(name(metric)))
            if value is not None and not 0 <= value <= 1:
                w.tell(statement, f"a rate of {value}")
                return
            low, high = number(row.get(f"{name(metric)}_low")), number(row.get(f"{name(metric)}_high"))
            if None not in (value, low, high) and not low - 1e-9 <= value <= high + 1e-9:
                w.tell(statement, f"{value} is not within {low} .. {high}")
                return


def compare(w, metric, answers):
    """Parts against the whole."""
    key = name(metric)
    whole = answers[metric, ""]
    if isinstance(whole, str) or not whole:
        return
    def got(clause):
        rows = answers.get((metric, clause))
        return rows if isinstance(rows, list) else None
    parts = [c for c in whole[0] if c not in (key,) and not c.startswith(key + "_")]
    columns = [key] if metric in COUNTS + STATES else []
    if metric in RATES:
        columns = [c for c in parts if c in ("won", "closed", "lost", "leads", "converted", "mqls",
                                             "sqls", "opportunities", "customers", "entered",
                                             "accepted", "won_amount", "closed_amount")]
    for clause in ["by {d}", "over month", "over quarter", "by {d} over quarter", "over week",
                   "over fiscal_year"]:
        rows = got(clause)
        if rows is None or metric in STATES and "over" in clause:
            continue
        for column in columns:
            if not close(total(rows, column), total(whole, column)):
                w.tell(f"{metric} {clause}", f"{column} sums to {total(rows, column)}, "
                       f"the whole is {total(whole, column)}")
    for clause in ["by {d} with totals", "by {d} over quarter with totals"]:
        rows = got(clause)
        if rows is None or metric in STATES and "over" in clause:
            continue
        axis = "quarter" if "over" in clause else None
        sums = [r for r in rows if r.get("is_total") in ("true", "t") and not r.get(axis, "")]
        if len(sums) != 1:
            w.tell(f"{metric} {clause}", f"{len(sums)} total rows")
        elif number(sums[0].get(key)) is not None and number(whole[0].get(key)) is not None:
            if not close(number(sums[0][key]), number(whole[0][key])):
                w.tell(f"{metric} {clause}", f"total {sums[0][key]}, the whole is {whole[0][key]}")
    by, top = got("by {d}"), got("by {d} top 2")
    if by is not None and top is not None:
        if len(top) != min(2, len(by)) or any(row not in by for row in top):
            w.tell(f"{metric} top 2", f"{top} is not of {by[:4]}")
    share = got("by {d} with share")
    if share:
        found = total(share, f"{key}_share")
        if not math.isclose(found, 1, abs_tol=1e-6) and any(number(r.get(f"{key}_share")) for r in share):
            w.tell(f"{metric} with share", f"shares sum to {found}")
    running = got("over quarter with running")
    if running and metric in COUNTS and f"{key}_running" in running[-1] and number(running[-1][f"{key}_running"]) is not None:
        if not close(number(running[-1][f"{key}_running"]), total(running, key)):
            w.tell(f"{metric} with running", f"ends with {running[-1][f'{key}_running']}, "
                   f"sum is {total(running, key)}")
    period = got("2025-Q2")
    by_period = got("by {d} 2025-Q2")
    if period and by_period and columns and metric not in STATES:
        for column in columns:
            if not close(total(by_period, column), total(period, column)):
                w.tell(f"{metric} by x 2025-Q2", f"{column}: {total(by_period, column)} and "
                       f"{total(period, column)}")


def settings(w, answers):
    """Settings that may not change these answers; and one that shifts nothing but buckets."""
    same = [m for m in METRICS if isinstance(answers[m, "by {d}"], list)]
    statements = [f"{m} by {dimension(m)}" for m in same]
    for setting in ["SET locale = 'nl_NL';", "SET week_start = 'sunday';",
                    "SET fiscal_year_start = 'april';", "SET threads = 1;"]:
        for metric, rows in zip(same, w.ask(statements, setting + "\n")):
            if rows != answers[metric, "by {d}"]:
                w.tell(f"{setting} {metric} by {dimension(metric)}", f"{str(rows)[:160]} was "
                       f"{str(answers[metric, 'by {d}'])[:160]}")
    over = [m for m in COUNTS if isinstance(answers[m, ""], list)]
    for setting in ["SET fiscal_year_start = 'april';", "SET timezone = 'Europe/Amsterdam';",
                    "SET week_start = 'sunday';"]:
        asked = [f"{m} over {g}" for m in over for g in ("week", "fiscal_quarter", "month")]
        for statement, rows in zip(asked, w.ask(asked, setting + "\n")):
            metric = statement.split(" ")[0]
            if isinstance(rows, str) and "error[M041]" not in rows:
                w.tell(setting + " " + statement, rows)
            elif isinstance(rows, list) and not close(total(rows, metric), total(answers[metric, ""], metric)):
                w.tell(setting + " " + statement, f"sums to {total(rows, metric)}, the whole is "
                       f"{total(answers[metric, ''], metric)}")


def pasted(w, answers):
    """EXPLAIN SQL, pasted back."""
    asked = [(m, c) for m in METRICS for c in ("by {d}", "by {d} over quarter with totals",
             "by {d} 2025-Q2 compare previous quarter having {m} > 0")
             if isinstance(answers.get((m, c)), list)]
    statements = [f"{m} {c.format(d=dimension(m), m=name(m))}" for m, c in asked]
    texts = []
    for start in range(0, len(statements), 100):
        script = w.head
        for statement in statements[start:start + 100]:
            script += f"SELECT '@@' AS mark;\nEXPLAIN SQL {statement};\n"
        run = subprocess.run([w.tundish, "query", "--no-init", "--keep-going", "--format", "tsv"],
                             input=script, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        parts = run.stdout.split("@@\n")[1:]
        for part in parts:
            lines = [line for line in part.splitlines() if line not in ("mark",)]
            text = [next(csv.reader([line], delimiter="\t"))[0] if line else "" for line in lines[1:]]
            texts.append("\n".join(text).strip().rstrip(";"))
    if len(texts) != len(statements):
        w.tell("EXPLAIN SQL", f"{len(texts)} texts of {len(statements)}")
        return
    for start in range(0, len(texts), 100):
        for (metric, clause), statement, rows in zip(asked[start:], statements[start:],
                                                     w.ask(texts[start:start + 100])):
            if rows != answers[metric, clause]:
                w.tell("EXPLAIN SQL " + statement, f"{str(rows)[:200]} was {str(answers[metric, clause])[:160]}")


if __name__ == "__main__":
    sys.exit(min(walk(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1), 100))
