import Tundish

/// A sales model of as many leads as the setting has values: every second lead becomes a deal.
///
/// Deal `d` is of lead `2 d`. It is created ten days after the lead, leaves `Discovery` after
/// `1 + d % 9` days, and is closed 20 days after it was created unless it is still open.
enum SalesTables {
  static func database(_ setting: Setting) throws -> Database {
    let database = try setting.database()
    let leadCount = setting.valueCount
    try database.query(
      """
      CREATE TABLE leads AS
      SELECT i AS id, DATE '2024-01-01' + (i % 300)::INTEGER AS created,
        CASE WHEN i % 4 <> 3 THEN DATE '2024-01-03' + (i % 300)::INTEGER END AS mql_at
      FROM range(\(leadCount)) t(i);
      CREATE TABLE deals AS
      SELECT i AS id, 2 * i AS lead_id, 'owner ' || (i % 50) AS owner,
        (i * 37 % 1000 + 1)::DECIMAL(12, 2) AS amount,
        CASE i % 3 WHEN 0 THEN 'Proposal' WHEN 1 THEN 'Won' ELSE 'Lost' END AS stage,
        DATE '2024-01-11' + (2 * i % 300)::INTEGER AS created,
        CASE WHEN i % 3 <> 0 THEN DATE '2024-01-31' + (2 * i % 300)::INTEGER END AS closed
      FROM range(\(leadCount / 2)) t(i);
      CREATE TABLE changes AS
      SELECT id, 'Discovery' AS stage, created AS at FROM deals
      UNION ALL SELECT id, 'Proposal', created + (1 + id % 9)::INTEGER FROM deals
      UNION ALL SELECT id, stage, closed FROM deals WHERE closed IS NOT NULL;
      CREATE TABLE touches AS
      SELECT 2 * i AS lead_id, 'channel ' || ((i + n) % 5) AS channel,
        DATE '2024-01-02' + (2 * i % 300 + 4 * n)::INTEGER AS at
      FROM range(\(leadCount / 2)) t(i), range(2) s(n);
      CREATE TABLE subscriptions AS
      SELECT i AS id, 'customer ' || i AS customer, DATE '2024-01-15' AS started,
        CASE WHEN i % 4 = 0 THEN DATE '2024-02-20' WHEN i % 4 = 1 THEN DATE '2024-03-20' END AS ended
      FROM range(\(leadCount / 2)) t(i);
      CREATE MODEL (
        LEADS leads (KEY id, CREATED created, MILESTONE mql AT mql_at),
        OPPORTUNITIES deals (
          KEY id, CREATED created, CLOSED closed, AMOUNT amount, STAGE stage, OWNER owner,
          LEAD lead_id),
        STAGES (Discovery OPEN, Proposal OPEN, Won WON, Lost LOST),
        HISTORY changes (OF OPPORTUNITIES, KEY id, STAGE stage, AT at),
        TOUCHES touches (LEAD lead_id, AT at, CHANNEL channel),
        SUBSCRIPTIONS subscriptions (KEY id, CUSTOMER customer, START started, END ended)
      );
      """
    )
    return database
  }
}
