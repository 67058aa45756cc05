"""Compares metric statements with queries over the same rows that DuckDB answers.

    python Tests/Differential/metrics/check.py PATH_TO_TUNDISH [SEED ...]

The queries are written from the definitions of the metrics, not from the SQL that Tundish makes of
them. Every difference is printed; the exit code is the number of statements that differ.
"""

import csv
import datetime
import math
import pathlib
import subprocess
import sys
import tempfile

import duckdb

import make

MODEL = """
CREATE OR REPLACE MODEL (
  LEADS leads (KEY id, CREATED created_at, CONVERTED converted_at, OWNER owner, SOURCE source),
  OPPORTUNITIES deals (KEY id, CREATED created, CLOSED closed, AMOUNT amount, STAGE stage,
    OWNER owner, ACCOUNT account, SOURCE source, LEAD lead_id),
  STAGES (Prospecting OPEN 10%, Qualification OPEN 30%, Proposal OPEN 60%, Won WON, Lost LOST),
  HISTORY changes (OF OPPORTUNITIES, KEY deal_id, STAGE stage, AT entered_at),
  TOUCHES touches (LEAD lead_id, AT touched_at, CHANNEL channel),
  SPEND spend (AT month, AMOUNT cost, SOURCE source, KIND kind),
  QUOTAS quotas (OWNER agent, PERIOD quarter, AMOUNT quota),
  SUBSCRIPTIONS subs (KEY id, CUSTOMER customer, START started, END ended, AMOUNT mrr,
    INTERVAL month));
"""

TABLES = ["leads", "deals", "changes", "touches", "spend", "quotas", "subs"]

VIEWS = """
CREATE VIEW d AS SELECT *, stage = 'Won' AS won, stage IN ('Won', 'Lost') AS decided FROM deals;
CREATE VIEW l AS SELECT leads.*, x.* EXCLUDE (lead_id) FROM leads LEFT JOIN (
  SELECT lead_id, min(created) AS opened, bool_or(won) AS won, min(closed) FILTER (won) AS bought,
    sum(amount) FILTER (won) AS brought FROM d WHERE lead_id IS NOT NULL GROUP BY 1) x
  ON x.lead_id = leads.id;
CREATE VIEW v AS SELECT *, lead(entered_at) OVER (PARTITION BY deal_id ORDER BY entered_at) AS left_at
  FROM changes;
"""


def cases():
    """Pairs of a Tundish query and a DuckDB query with the same rows."""
    for name in ["owner", "source"]:
        yield (f"SELECT {name}, win_rate, won, closed, loss_rate FROM (MEASURE win_rate, loss_rate BY {name}) w",
               f"SELECT {name}, count(*) FILTER (won) / count(*), count(*) FILTER (won), count(*), count(*) FILTER (NOT won) / count(*) FROM d WHERE decided GROUP BY 1")
        yield (f"SELECT {name}, value_win_rate, bookings, round(average_deal_size, 2) FROM (MEASURE value_win_rate, bookings, average_deal_size BY {name}) w",
               f"SELECT {name}, sum(amount) FILTER (won) / sum(amount), coalesce(sum(amount) FILTER (won), 0), round(avg(amount) FILTER (won), 2) FROM d WHERE decided GROUP BY 1")
        yield (f"SELECT {name}, opportunity_conversion_rate, won, opportunities FROM (MEASURE opportunity_conversion_rate BY {name}) w",
               f"SELECT {name}, count(*) FILTER (won) / count(*), count(*) FILTER (won), count(*) FROM d GROUP BY 1")
        yield (f"SELECT {name}, sales_cycle_length_median, round(sales_cycle_length_mean, 6), round(sales_cycle_length_p90, 6) FROM (MEASURE sales_cycle_length(median, mean, p90) BY {name}) w",
               f"SELECT {name}, median(closed - created), round(avg(closed - created), 6), round(quantile_cont(closed - created, 0.9), 6) FROM d WHERE won GROUP BY 1")
        for end, reached in [("customer", "won"), ("opportunity", "opened IS NOT NULL"), ("converted", "converted_at IS NOT NULL")]:
            yield (f"SELECT {name}, lead_conversion_rate, converted, leads FROM (MEASURE lead_conversion_rate TO {end} BY {name}) w",
                   f"SELECT {name}, count(*) FILTER ({reached}) / count(*), count(*) FILTER ({reached}), count(*) FROM l GROUP BY 1")
        yield (f"SELECT {name}, lead_quality, round(lead_value, 4) FROM (MEASURE lead_quality, lead_value BY {name}) w",
               f"SELECT {name}, coalesce(sum(brought), 0), round(coalesce(sum(brought), 0) / count(*), 4) FROM l GROUP BY 1")
        yield (f"SELECT {name}, customers, round(arpc, 4) FROM (MEASURE customers, arpc BY {name}) w",
               f"SELECT {name}, count(DISTINCT account), round(sum(amount) / count(DISTINCT account), 4) FROM d WHERE won GROUP BY 1")
        yield (f"SELECT {name}, open_opportunities, pipeline_value, weighted_pipeline FROM (MEASURE open_opportunities, pipeline_value, weighted_pipeline BY {name}) w",
               f"SELECT {name}, count(*), coalesce(sum(amount), 0), coalesce(sum(amount * CASE stage WHEN 'Prospecting' THEN 0.1 WHEN 'Qualification' THEN 0.3 ELSE 0.6 END), 0) FROM d WHERE NOT decided GROUP BY 1")
    yield ("SELECT month, win_rate, won, closed FROM (MEASURE win_rate OVER month) w WHERE closed > 0",
           "SELECT date_trunc('month', closed)::DATE, count(*) FILTER (won) / count(*), count(*) FILTER (won), count(*) FROM d WHERE decided GROUP BY 1")
    yield ("SELECT month, converted, leads, lead_conversion_rate_mature FROM (MEASURE lead_conversion_rate WITHIN 60 days OVER month) w WHERE leads > 0",
           "SELECT date_trunc('month', created_at)::DATE AS m, count(*) FILTER (won AND bought <= created_at + INTERVAL 60 DAY), count(*), m + INTERVAL 1 MONTH + INTERVAL 60 DAY <= getvariable('as_of') FROM l GROUP BY 1")
    yield ("SELECT month, new_customers FROM (MEASURE new_customers OVER month) w WHERE new_customers > 0",
           "SELECT date_trunc('month', closed)::DATE, count(DISTINCT account) FROM (SELECT *, min(closed) OVER (PARTITION BY account) AS first FROM d WHERE won) WHERE closed = first GROUP BY 1")
    yield ("SELECT source, spend, leads, won FROM (MEASURE cpl, cpa BY source) w",
           "SELECT source, sum(c), sum(n), sum(w) FROM (SELECT source, cost AS c, 0 AS n, 0 AS w FROM spend UNION ALL SELECT source, 0, 1, 0 FROM leads UNION ALL SELECT source, 0, 0, 1 FROM d WHERE won) GROUP BY 1")
    yield ("SELECT owner, quarter, bookings, quota FROM (MEASURE quota_attainment BY owner OVER quarter 2024) w WHERE quota > 0",
           "SELECT agent, quarter, coalesce((SELECT sum(amount) FROM d WHERE won AND owner = agent AND date_trunc('quarter', closed) = quarter), 0), quota FROM quotas WHERE quota > 0 AND year(quarter) = 2024")
    yield ("SELECT stage, round(time_in_stage_median, 6), round(time_in_stage_mean, 6) FROM (MEASURE time_in_stage(median, mean) BY stage) w",
           "SELECT stage, round(median(days), 6), round(avg(days), 6) FROM (SELECT deal_id, stage, sum(epoch_us(left_at) - epoch_us(entered_at)) / 86400e6 AS days, bool_or(left_at IS NULL) AS there FROM v GROUP BY 1, 2) WHERE NOT there GROUP BY 1")
    yield ("SELECT month, mrr, subscribers FROM (MEASURE mrr, subscribers OVER month 2025) w WHERE subscribers > 0",
           "SELECT m, sum(mrr), count(DISTINCT customer) FROM (SELECT t::DATE AS m, least(t + INTERVAL 1 MONTH, getvariable('as_of')) AS u FROM range(TIMESTAMP '2025-01-01', TIMESTAMP '2026-01-01', INTERVAL 1 MONTH) r(t)) JOIN subs ON started < u AND (ended IS NULL OR ended >= u) GROUP BY 1")
    yield ("SELECT round(nrr, 9), round(grr, 9), round(logo_churn_rate, 9) FROM (MEASURE nrr, grr, logo_churn_rate 2025-Q2) w",
           "WITH c AS (SELECT customer, coalesce(sum(mrr) FILTER (started < DATE '2025-04-01' AND (ended IS NULL OR ended >= DATE '2025-04-01')), 0) AS a, coalesce(sum(mrr) FILTER (started < DATE '2025-07-01' AND (ended IS NULL OR ended >= DATE '2025-07-01')), 0) AS b FROM subs GROUP BY 1) SELECT round(sum(b) FILTER (a > 0) / sum(a), 9), round(sum(least(a, b)) FILTER (a > 0) / sum(a), 9), round(count(*) FILTER (a > 0 AND b = 0) / count(*) FILTER (a > 0), 9) FROM c")
    yield ("SELECT month, age, retained, customers FROM (MEASURE cohort_retention OVER month) w WHERE customers IS NOT NULL",
           "WITH j AS (SELECT customer, min(started) AS s FROM subs GROUP BY 1), g AS (SELECT customer, date_trunc('month', s)::DATE AS m, a, date_trunc('month', s) + to_months((a + 1)::INT) AS u FROM j, range(0, 40) t(a)) SELECT m, a, count(DISTINCT CASE WHEN EXISTS (SELECT 1 FROM subs x WHERE x.customer = g.customer AND x.started < g.u AND (x.ended IS NULL OR x.ended >= g.u)) THEN customer END), count(*) FROM g WHERE u <= getvariable('as_of') GROUP BY 1, 2")
    yield ("SELECT source, month, round(forecast, 2), round(expected_leads, 6) FROM (MEASURE forecast BY source OVER month 2026-01-01 .. 2026-03-31 WITHIN 90 days) w WHERE expected_leads > 0",
           "WITH ripe AS (SELECT * FROM l WHERE created_at + INTERVAL 90 DAY <= getvariable('as_of')), t AS (SELECT bought - created_at::DATE AS days, count(*) AS n FROM ripe WHERE won AND bought >= created_at::DATE AND bought <= created_at + INTERVAL 90 DAY GROUP BY 1), r AS (SELECT source, count(*) FILTER (won AND bought <= created_at + INTERVAL 90 DAY) / count(*) AS rate FROM ripe GROUP BY 1), a AS (SELECT source, avg(amount) AS size FROM d WHERE won GROUP BY 1), e AS (SELECT source, date_trunc('month', created_at::DATE + days::INT)::DATE AS m, sum(n / total) AS x FROM l, t, (SELECT sum(n) AS total FROM t) GROUP BY 1, 2) SELECT e.source, m, round(x * rate * size, 2), round(x, 6) FROM e LEFT JOIN r ON r.source IS NOT DISTINCT FROM e.source LEFT JOIN a ON a.source IS NOT DISTINCT FROM e.source WHERE m >= DATE '2026-01-01' AND m < DATE '2026-04-01'")
    for model, weight in [("first", "CASE WHEN i = 1 THEN 1 ELSE 0 END"), ("last", "CASE WHEN i = n THEN 1 ELSE 0 END"), ("linear", "1 / n"), ("time_decay(7 days)", "w / sum(w) OVER (PARTITION BY id)")]:
        yield (f"SELECT channel, round(won, 6) FROM (MEASURE won BY channel ATTRIBUTED BY {model}) w WHERE won > 0",
               "WITH t AS (SELECT d.id, coalesce(channel, '(direct)') AS channel, row_number() OVER (PARTITION BY d.id ORDER BY touched_at) AS i, count(*) OVER (PARTITION BY d.id) AS n, 2 ** (-(epoch_us(closed::TIMESTAMP) - epoch_us(touched_at)) / 86400e6 / 7) AS w FROM d JOIN touches x ON x.lead_id = d.lead_id AND touched_at <= closed WHERE won), "
               f"p AS (SELECT id, channel, {weight} AS part FROM t) SELECT channel, round(sum(part), 6) FROM (SELECT channel, part FROM p UNION ALL SELECT '(direct)', 1 FROM d WHERE won AND id NOT IN (SELECT id FROM t)) GROUP BY 1 HAVING sum(part) > 0")


def plain(value):
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value)


def same(one, other):
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-5)
    return one == other


def order(row):
    return [("" if v is None else f"{v:.5g}" if isinstance(v, float) else str(v)) for v in row]


def check(tundish, seed):
    """Returns the number of statements that differ on the data of a seed."""
    with tempfile.TemporaryDirectory() as folder:
        make.make(folder, seed)
        peer = duckdb.connect()
        script = ""
        for table in TABLES:
            peer.execute(f"CREATE TABLE {table} AS FROM read_csv('{folder}/{table}.csv', header = true)")
            script += f"LOAD '{folder}/{table}.csv' AS {table};\n"
        peer.execute(VIEWS)
        newest = peer.execute(
            "SELECT max(t)::DATE FROM (SELECT max(created_at) AS t FROM leads UNION ALL SELECT max(converted_at) FROM leads"
            " UNION ALL SELECT max(created) FROM deals UNION ALL SELECT max(closed) FROM deals UNION ALL SELECT max(entered_at) FROM changes)"
        ).fetchone()[0]
        peer.execute(f"SET VARIABLE as_of = TIMESTAMP '{newest + datetime.timedelta(days=1)}'")
        pairs = list(cases())
        script += MODEL
        for number, (statement, _) in enumerate(pairs):
            script += f"COPY ({statement}) TO '{folder}/answer_{number}.csv';\n"
        run = subprocess.run([tundish], input=script, capture_output=True, text=True)
        if "error[" in run.stderr:
            print(run.stderr[-2000:])
        different = 0
        for number, (statement, query) in enumerate(pairs):
            path = pathlib.Path(folder) / f"answer_{number}.csv"
            found = list(csv.reader(open(path)))[1:] if path.exists() else []
            found = sorted(([plain(v) for v in row] for row in found), key=order)
            wanted = sorted(([plain(v) for v in row] for row in peer.execute(query).fetchall()), key=order)
            if len(found) == len(wanted) and all(
                all(map(same, one, other)) for one, other in zip(found, wanted)
            ):
                continue
            different += 1
            print(f"seed {seed}: {statement}\n  {len(found)} rows, wanted {len(wanted)}")
            for one, other in zip(found, wanted):
                if not all(map(same, one, other)):
                    print(f"  found {one}\n  wanted {other}")
                    break
        print(f"seed {seed}: {len(pairs) - different} of {len(pairs)} equal")
        return different


if __name__ == "__main__":
    seeds = [int(seed) for seed in sys.argv[2:]] or [1]
    sys.exit(min(sum(check(sys.argv[1], seed) for seed in seeds), 100))
