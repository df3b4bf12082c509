// Projections in WebAssembly: from typed totals, and from a report as it comes out of a session.
// It needs www/pkg to be built; the numbers themselves are tested natively.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const root = new URL("../../", import.meta.url);
const load = async (name) => {
  const core = await import(new URL(`www/pkg/${name}.js`, root));
  core.initSync({ module: readFileSync(new URL(`www/pkg/${name}_bg.wasm`, root)) });
  return core;
};
const { Session } = await load("files");
const { project } = await load("models");

const close = (actual, expected) =>
  assert.ok(Math.abs(actual - expected) <= 1e-9 * expected, `${actual}`);

test("typed totals are projected beside today's line", () => {
  const projection = project({
    from: { customers: 1000, revenuePerCustomer: 100, retention: 0.9 },
    periodMonths: 12,
    periods: 5,
    retention: 0.95,
    grossMargin: 0.8,
    discountRate: 0.1,
  });
  assert.equal(projection.periods.length, 5);
  close(projection.periods[0].customers, 950);
  close(projection.against.periods[4].revenue, 59049);
  close(projection.lifespan.mean.value, 20);
  close(projection.clv.discounted.value, (80 * 1.1) / 0.15);
  assert.equal(projection.clvToCac.value, null);
  assert.equal(projection.clvToCac.why, "needs-cac");
  assert.equal(projection.against.against, null);
  assert.deepEqual(
    projection.sensitivity.map(({ lever }) => lever),
    ["retention", "grossMargin", "discountRate"],
  );
});

test("a report is projected as it comes", () => {
  const session = new Session({});
  const rows = ["customer,start,end,mrr"];
  for (let i = 1; i <= 40; i += 1) {
    const end = i % 4 === 0 ? `2025-${String(1 + (i % 9)).padStart(2, "0")}-15` : "";
    rows.push(`c${i},2024-12-0${1 + (i % 9)},${end},${50 + i}`);
  }
  rows.push("c41,2025-12-31,,60");
  session.push(new TextEncoder().encode(`${rows.join("\n")}\n`));
  const outcome = session.finish();
  assert.equal(outcome.kind, "report", outcome.why);
  const { report } = outcome;
  const projection = project({ from: report, periodMonths: 1, periods: 12 });
  const last = report.periods.at(-1);
  assert.equal(projection.start.customers, last.customers.end);
  close(projection.start.revenuePerCustomer, last.revenue.end / last.customers.end);
  close(1 - projection.start.retention, report.value.lifespan.average_churn.inputs.churn);
  const yearly = project({ from: report, periodMonths: 12, periods: 1 });
  close(yearly.start.retention, projection.start.retention ** 12);
});

test("what cannot be projected throws an error with its code and input", () => {
  const from = { customers: 1, revenuePerCustomer: 1, retention: 0.9 };
  assert.throws(() => project({ from, periodMonths: 1, periods: 0 }), {
    code: "periods-out-of-range",
    column: "periods",
  });
  assert.throws(() => project({ from, periodMonths: 1, periods: 2, draws: 100 }), {
    code: "draws-not-supported",
  });
  assert.throws(() => project({ from: {}, periodMonths: 1, periods: 2 }), {
    code: "missing-input",
  });
});
