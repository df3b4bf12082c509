// Projections in WebAssembly: from typed totals, and from a report as it comes out of a session.
// It needs www/pkg to be built; the numbers themselves are tested natively.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const load = async (name) => {
  const core = await import(new URL(`www/pkg/${name}.js`, root));
  core.initSync({ module: readFileSync(new URL(`www/pkg/${name}_bg.wasm`, root)) });
  return core;
};
const { Session } = await load("files");
const { claims, fit, project, seek } = await load("models");

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
  // Expansion, contraction and new customers stand at 0 and are moved all the same; no cost is known.
  assert.deepEqual(projection.sensitivity.map(({ lever }) => lever).sort(), [
    "contraction",
    "discountRate",
    "expansion",
    "firstPeriodChurn",
    "grossMargin",
    "newCustomers",
    "periods",
    "price",
    "retention",
    "tailChurn",
  ]);
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
  assert.throws(() => project({ from, periodMonths: 1, periods: 2, draws: 1 }), {
    code: "draws-out-of-range",
    column: "draws",
  });
  const scenario = { from, periodMonths: 1, periods: 2 };
  assert.throws(() => seek({ scenario, lever: "luck", outcome: "clv", value: 1 }), {
    code: "unknown-lever",
    column: "lever",
  });
  assert.throws(() => project({ from: {}, periodMonths: 1, periods: 2 }), {
    code: "missing-input",
  });
});

test("draws, goals and outcomes have the same bits as natively", () => {
  // The profile of `cargo test`, which has built it already.
  const command = ["run", "--quiet", "--locked", "--profile=test", "--example=scenario_bits"];
  const options = { cwd: fileURLToPath(root), maxBuffer: 1 << 26, encoding: "utf8" };
  const native = JSON.parse(execFileSync(process.env.CARGO ?? "cargo", command, options));
  assert.equal(native.length, 2);
  for (const { scenario, projection, goal, answer } of native) {
    // Text and back drops what is undefined, as JSON does natively.
    const found = JSON.parse(JSON.stringify(project(scenario)));
    assert.ok(projection.periods.every(({ low, high }) => low < high));
    assert.deepEqual(found, projection);
    assert.deepEqual(JSON.parse(JSON.stringify(seek(goal))), answer);
  }
});

test("the parameters of a fit come with their covariance, so that they can be drawn", () => {
  const fitted = fit({
    kind: "sbg",
    survivors: [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1],
    size: 1000,
  });
  // Its roots are the standard errors that tests/it/survival/contractual.rs has from another program.
  assert.ok(Math.abs(Math.sqrt(fitted.covariance.alpha.alpha) - 0.1037349311) < 1e-9);
  assert.ok(Math.abs(Math.sqrt(fitted.covariance.beta.beta) - 0.7855316918) < 1e-9);
  const projection = project({ from: fitted, price: 1, periodMonths: 12, periods: 8, seed: 1 });
  assert.equal(projection.uncertainty.source, "fit-covariance");
  assert.ok(projection.periods[7].low < projection.periods[7].high);
});

test("claims come with their numbers", () => {
  const claim = claims().find(({ id }) => id === "new-for-growth");
  close(claim.truth[0].value, 0.15);
  close(claim.truth[1].value, 0.3);
  assert.equal(claim.printed[1].value, 0.25);
});
