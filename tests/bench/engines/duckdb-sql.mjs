// The queries for DuckDB, in the browser and outside it, and their rows as results.
// Schemas are given, so that it need not detect them; columns that no query names it may skip.

import {
  CohortTable,
  chained,
  FIRST_YEAR,
  LAST_DAY,
  lostByDays,
  N_MONTHS,
  still,
} from "./results.mjs";

const scan = (path, columns) => {
  const types = Object.entries(columns).map(([name, type]) => `'${name}': '${type}'`);
  return `read_csv('${path}', header = true, delim = ',', quote = '"', escape = '"',
    auto_detect = false, columns = {${types.join(", ")}})`;
};

const month = (date) => `((year(${date}) - ${FIRST_YEAR}) * 12 + month(${date}) - 1)::INTEGER`;

/** Every query gives rows of `kind` and numbers; what they mean is said in {@link resultOf}. */
export function queryOf(shape, path) {
  return { transactions, mrr, subscriptions }[shape](path);
}

function transactions(path) {
  const columns = { customer_id: "VARCHAR", date: "DATE", amount: "DECIMAL(12,2)" };
  return `
    WITH cells AS (
      SELECT customer_id AS c, ${month("date")} AS m, count(*) AS n,
        sum((amount * 100)::INTEGER) AS cents
      FROM ${scan(path, columns)} GROUP BY ALL
    ), firsts AS MATERIALIZED (
      SELECT m, n, cents, min(m) OVER (PARTITION BY c) AS f, sum(n) OVER (PARTITION BY c) AS all_n
      FROM cells
    )
    SELECT f::DOUBLE AS a, m::DOUBLE AS b, count(*)::DOUBLE AS n, sum(cents)::DOUBLE AS cents,
      sum(n)::DOUBLE AS purchases,
      (count(*) FILTER (m = f AND 1 < all_n))::DOUBLE AS repeated
    FROM firsts GROUP BY f, m`;
}

function mrr(path) {
  const columns = { customer_id: "VARCHAR", month: "VARCHAR", mrr: "DECIMAL(12,2)" };
  return `
    WITH cells AS (
      SELECT customer_id AS c, (mrr * 100)::INTEGER AS cents,
        (month[1:4]::INTEGER - ${FIRST_YEAR}) * 12 + month[6:7]::INTEGER - 1 AS m
      FROM ${scan(path, columns)}
    ), steps AS (
      SELECT m, cents, lag(m) OVER w AS before, lag(cents) OVER w AS past, lead(m) OVER w AS next
      FROM cells WINDOW w AS (PARTITION BY c ORDER BY m)
    )
    SELECT m::DOUBLE AS m, count(*)::DOUBLE AS n,
      (count(*) FILTER (before IS NULL))::DOUBLE AS new,
      coalesce(sum(cents) FILTER (before IS NULL), 0)::DOUBLE AS new_cents,
      (count(*) FILTER (before < m - 1))::DOUBLE AS back,
      coalesce(sum(cents) FILTER (before < m - 1), 0)::DOUBLE AS back_cents,
      coalesce(sum(cents - past) FILTER (before = m - 1 AND past < cents), 0)::DOUBLE AS expansion,
      coalesce(sum(past - cents) FILTER (before = m - 1 AND cents < past), 0)::DOUBLE AS contraction,
      (count(*) FILTER (next IS NULL OR m + 1 < next))::DOUBLE AS last,
      coalesce(sum(cents) FILTER (next IS NULL OR m + 1 < next), 0)::DOUBLE AS last_cents
    FROM steps GROUP BY m`;
}

function subscriptions(path) {
  const columns = {
    customer_id: "VARCHAR",
    start_date: "DATE",
    end_date: "DATE",
    mrr: "DECIMAL(12,2)",
    plan: "VARCHAR",
    segment: "VARCHAR",
    country: "VARCHAR",
    reason: "VARCHAR",
  };
  return `
    WITH rows AS MATERIALIZED (
      SELECT customer_id AS c, start_date AS s, end_date AS e, (mrr * 100)::INTEGER AS cents
      FROM ${scan(path, columns)}
    ), changes AS (
      SELECT c, m, sum(cents) AS change FROM (
        SELECT c, ${month("s")} AS m, cents FROM rows
        UNION ALL SELECT c, ${month("e")} AS m, -cents FROM rows WHERE e IS NOT NULL
      ) GROUP BY c, m
    ), levels AS (
      SELECT m, change, sum(change) OVER w AS now, row_number() OVER w AS place
      FROM changes WINDOW w AS (PARTITION BY c ORDER BY m)
    ), lives AS (
      SELECT count(*) = count(e) AS lost,
        date_diff('day', min(s), if(count(*) = count(e), max(e), DATE '${LAST_DAY}')) AS days
      FROM rows GROUP BY c
    )
    SELECT 'month' AS kind, m::DOUBLE AS m,
      (count(*) FILTER (now = change AND 0 < now AND place = 1))::DOUBLE AS new,
      coalesce(sum(now) FILTER (now = change AND 0 < now AND place = 1), 0)::DOUBLE AS new_cents,
      (count(*) FILTER (now = change AND 0 < now AND 1 < place))::DOUBLE AS back,
      coalesce(sum(now) FILTER (now = change AND 0 < now AND 1 < place), 0)::DOUBLE AS back_cents,
      (count(*) FILTER (now = 0 AND change < 0))::DOUBLE AS lost,
      coalesce(sum(-change) FILTER (now = 0 AND change < 0), 0)::DOUBLE AS lost_cents,
      coalesce(sum(change) FILTER (0 < now AND change < now AND 0 < change), 0)::DOUBLE AS expansion,
      coalesce(sum(-change) FILTER (0 < now AND change < 0), 0)::DOUBLE AS contraction
    FROM levels GROUP BY m
    UNION ALL
    SELECT if(lost, 'lost', 'stayed'), days, count(*), 0, 0, 0, 0, 0, 0, 0 FROM lives GROUP BY ALL
    UNION ALL
    SELECT 'rows', 0, count(*), 0, 0, 0, 0, 0, 0, 0 FROM rows`;
}

/** The rows of {@link queryOf} as the result of the shape. */
export function resultOf(shape, rows) {
  if (shape === "transactions") {
    const cohorts = new CohortTable();
    const sums = { customers: 0, repeatCustomers: 0, purchases: 0, cents: 0 };
    for (const row of rows) {
      cohorts.add(row.a, row.b, row.n, row.cents);
      if (row.a === row.b) sums.customers += row.n;
      sums.repeatCustomers += row.repeated;
      sums.purchases += row.purchases;
      sums.cents += row.cents;
    }
    return { rows: sums.purchases, ...sums, cohorts: cohorts.rows() };
  }
  const months = Array.from({ length: N_MONTHS }, still);
  let nRows = 0;
  const lost = [];
  const stayed = [];
  for (const row of rows) {
    if (row.kind === "rows") {
      nRows = row.new;
    } else if (row.kind === "lost" || row.kind === "stayed") {
      (row.kind === "lost" ? lost : stayed)[row.m] = row.new;
    } else {
      const move = months[row.m];
      move.new = row.new;
      move.newCents = row.new_cents;
      move.reactivated = row.back;
      move.reactivatedCents = row.back_cents;
      move.expansion = row.expansion;
      move.contraction = row.contraction;
      if (shape === "mrr") {
        nRows += row.n;
        // Whose last month in a row this is, is lost in the next.
        const next = months[row.m + 1];
        if (next !== undefined) [next.lost, next.churned] = [row.last, row.last_cents];
      } else {
        [move.lost, move.churned] = [row.lost, row.lost_cents];
      }
    }
  }
  const result = { rows: nRows, months: chained(months) };
  return shape === "mrr" ? result : { ...result, lost: lostByDays(lost, stayed) };
}
