// The sample that was made after a dashboard in print has the figures in print; what the core makes of it
// is for other tests.

import assert from "node:assert/strict";
import { test } from "node:test";
import { dashboardSample } from "./sample-dashboard.ts";

interface Row {
  account_id: string;
  segment: string;
  start_date: string;
  end_date: string;
  mrr: string;
  churn_reason: string;
  renewal_date: string;
  risk_level: string;
}

const [head = "", ...lines] = dashboardSample().trimEnd().split("\n");
const names = head.split(",");
const rows = lines.map(
  (line) =>
    Object.fromEntries(
      line.split(",").map((text, at) => [names[at] ?? "", text]),
    ) as unknown as Row,
);

/** A year's revenue and the number of rows, by a column. */
function totals(chosen: readonly Row[], column: keyof Row): Map<string, [number, number]> {
  const found = new Map<string, [number, number]>();
  for (const row of chosen) {
    const [n, sum] = found.get(row[column]) ?? [0, 0];
    found.set(row[column], [n + 1, sum + 12 * Number(row.mrr)]);
  }
  return found;
}

/** What is in print has three digits. */
function assertNear(found: number | undefined, printed: number): void {
  assert.ok(
    found !== undefined && Math.abs(found - printed) <= printed * 0.005,
    `${found} is not ${printed}`,
  );
}

const open = rows.filter((row) => row.end_date === "");

test("it is the same file each time", () => {
  assert.equal(dashboardSample(), dashboardSample());
});

test("the revenue of each segment is the one in print", () => {
  const segments = totals(open, "segment");
  assertNear(segments.get("Enterprise")?.[1], 42_800_000);
  assertNear(segments.get("Mid-Market")?.[1], 28_400_000);
  assertNear(segments.get("SMB")?.[1], 12_200_000);
});

test("what the last quarter lost has the reasons in print", () => {
  const late = rows.filter((row) => "2025-10-01" <= row.end_date && row.churn_reason !== "");
  const reasons = totals(late, "churn_reason");
  assertNear(reasons.get("Budget cut")?.[1], 890_000);
  assertNear(reasons.get("Product gaps")?.[1], 480_000);
  assertNear(reasons.get("Switched to competitor")?.[1], 425_000);
  assertNear(reasons.get("Low usage")?.[1], 305_000);
  assertNear(reasons.get("Payment failed")?.[1], 420_000);
  assertNear(reasons.get("Company closed")?.[1], 210_000);
  assertNear(reasons.get("Company acquired")?.[1], 120_000);
});

test("the renewals of the next 90 days have the levels of risk in print", () => {
  const due = open.filter((row) => row.renewal_date <= "2026-03-31");
  const levels = totals(due, "risk_level");
  for (const [level, n, revenue] of [
    ["critical", 12, 1_850_000],
    ["high", 28, 2_420_000],
    ["medium", 47, 2_880_000],
    ["low", 185, 14_200_000],
  ] as const) {
    assert.equal(levels.get(level)?.[0], n);
    assertNear(levels.get(level)?.[1], revenue);
  }
});

test("every price but the last ends on the day the next one begins", () => {
  const starts = new Set(rows.map((row) => `${row.account_id} ${row.start_date}`));
  const isLast = (row: Row) => row.risk_level !== "" || row.churn_reason !== "";
  const changed = rows.filter((row) => !isLast(row));
  assert.ok(1000 < changed.length);
  for (const row of changed) assert.ok(starts.has(`${row.account_id} ${row.end_date}`));
});
