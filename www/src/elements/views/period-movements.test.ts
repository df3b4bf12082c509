// Movements become a waterfall only where they are known, and no number is made up for one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { periodOf, REPORTS } from "../../../../tests/browser/views/reports.ts";
import { ties, waterfall } from "../charts/waterfall-steps.ts";
import { amountsOf, countedIn, movementSeries, stepsOf } from "./period-movements.ts";

test("every period of every report ties, or says why it has no waterfall", () => {
  for (const [name, make] of Object.entries(REPORTS)) {
    for (const period of make().periods) {
      for (const counted of ["money", "customers"] as const) {
        const steps = stepsOf(period, counted);
        if ("missing" in steps) assert.match(steps.missing, /\.$/, name);
        else
          assert.ok(ties(waterfall(steps.movements), 0.005), `${name} ${period.period} ${counted}`);
      }
    }
  }
});

test("a movement that the file does not give is left out where the others explain the end", () => {
  const full = periodOf("2026-03", {
    start: 100,
    fresh: 5,
    reactivated: 0,
    lost: 2,
    revenue: null,
  });
  const without = { ...full, customers: { ...full.customers, reactivated: null } };
  const steps = stepsOf(without, "customers");
  assert.ok("movements" in steps);
  assert.deepEqual(
    steps.movements.map(({ key }) => key),
    ["start", "new", "lost", "end"],
  );
  const unexplained = { ...full, customers: { ...full.customers, reactivated: null, end: 110 } };
  assert.deepEqual(stepsOf(unexplained, "customers"), {
    missing: "The file does not give returned, so the movements cannot be drawn.",
  });
});

test("customers are followed where there are no amounts", () => {
  const plain = periodOf("2026-03", {
    start: 100,
    fresh: 5,
    reactivated: 0,
    lost: 2,
    revenue: null,
  });
  assert.equal(countedIn([plain]), "customers");
  assert.match(JSON.stringify(stepsOf(plain, "money")), /no amounts/);
  assert.equal(
    Object.values(amountsOf(plain, "money")).find((one) => one !== null),
    undefined,
  );
});

test("each series has its own shade among its kind", () => {
  for (const counted of ["money", "customers"] as const) {
    const series = movementSeries(counted);
    assert.equal(new Set(series.map(({ kind, shade }) => `${kind}${shade}`)).size, series.length);
  }
});
