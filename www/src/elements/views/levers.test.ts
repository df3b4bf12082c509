// Levers start where the file stands, and a scenario changes only what was moved.

import assert from "node:assert/strict";
import { test } from "node:test";
import { projectPlainly, reportOf } from "../../../../tests/browser/views/reports.ts";
import { formatFor } from "../format.ts";
import { consequences, differenceWords, outcomeWords, scenarioSentence } from "./difference.ts";
import {
  baseOf,
  hasRevenue,
  leversOf,
  type Moved,
  marginOf,
  NOTHING_KNOWN,
  niceAbove,
  periodMonthsOf,
  periodNoun,
  scenarioOf,
  stepFor,
  type Today,
  todayOf,
} from "./levers.ts";

const format = formatFor("en-US", "USD");
const both = { discountRate: 0, periods: 12, growthGoal: 0.1 };
const typed = { customers: 500, revenuePerCustomer: 50, retention: 0.92 };
const today: Today = { ...NOTHING_KNOWN, ...typed };

function scenario(moved: Moved, assumptions = both) {
  return scenarioOf(baseOf(null, typed) ?? assert.fail(), moved, assumptions);
}

test("the part of a report that is projected from is enough, and small", () => {
  const report = reportOf("subscriptions");
  const base = baseOf(report, {}) ?? assert.fail();
  assert.deepEqual(Object.keys(base.from).slice(0, 3), ["input", "periods", "value"]);
  assert.ok(JSON.stringify(base.from).length < JSON.stringify(report).length / 2);
  assert.equal(base.grossMargin, 0.8);
  assert.equal(base.price, null);
});

test("without amounts customers are projected, and money only once a price is typed", () => {
  const report = reportOf("no-amounts");
  assert.equal(hasRevenue(report), false);
  assert.equal(baseOf(report, {})?.price, 0);
  assert.equal(baseOf(report, { revenuePerCustomer: 40 })?.price, 40);
  const base = baseOf(report, {}) ?? assert.fail();
  const projection = projectPlainly(scenarioOf(base, {}, both));
  assert.equal(todayOf(projection, base, false).revenuePerCustomer, null);
  const rows = consequences(projection, "month", false, format);
  assert.deepEqual(
    rows.map(({ id }) => id),
    ["customers", "lifespan"],
  );
});

test("periods are as long as in the report, and accounts are counted in months", () => {
  assert.equal(periodMonthsOf(reportOf("totals")), 3);
  assert.equal(periodMonthsOf(reportOf("accounts")), 1);
  assert.equal(periodMonthsOf(null), 1);
  assert.equal(periodNoun(3), "quarter");
  assert.equal(marginOf(reportOf("accounts")), null);
});

test("too little makes no scenario", () => {
  assert.equal(baseOf(null, {}), null);
  assert.equal(baseOf(null, { ...typed, retention: null }), null);
});

test("a scenario has only the levers that were moved", () => {
  assert.deepEqual(scenario({}), {
    from: typed,
    periodMonths: 1,
    periods: 12,
    discountRate: 0,
    growthGoal: 0.1,
    grossMargin: 1,
    today: { grossMargin: 1 },
  });
  const moved = { retention: 0.95, revenuePerCustomer: 60, grossMargin: 0.7, newCustomers: 5 };
  assert.deepEqual(scenario(moved), {
    from: typed,
    periodMonths: 1,
    periods: 12,
    discountRate: 0,
    growthGoal: 0.1,
    grossMargin: 0.7,
    today: { grossMargin: 1 },
    price: 60,
    retention: 0.95,
    newCustomers: 5,
  });
});

test("each lever's range holds today and wherever it was moved to", () => {
  const moved = {
    retention: 0.2,
    revenuePerCustomer: 9000,
    grossMargin: 0.1,
    newCustomers: 4000,
    firstPeriodChurn: 0.9,
    tailChurn: 0.8,
    expansion: 3,
    contraction: 0.7,
    cac: 1e6,
  };
  for (const start of [today, NOTHING_KNOWN, { ...today, revenuePerCustomer: 0, retention: 1 }]) {
    for (const { id, low, high, step } of leversOf(start, moved)) {
      assert.ok(low <= moved[id] && moved[id] <= high, id);
      assert.ok(0 < step && low < high, id);
      const value = start[id];
      if (value !== null) assert.ok(low <= value && value <= high, id);
    }
  }
});

test("ranges end on round numbers", () => {
  assert.equal(niceAbove(199.96), 200);
  assert.equal(niceAbove(200), 200);
  assert.equal(niceAbove(1201), 2000);
  assert.equal(niceAbove(0), 1);
  assert.equal(stepFor(200), 1);
  assert.equal(stepFor(0.5), 0.01);
});

test("the difference is said in money and in words", () => {
  const all = consequences(projectPlainly(scenario({ retention: 0.95 })), "month", true, format);
  // 50 ÷ 0.08 = 625 and 50 ÷ 0.05 = 1,000; 500 × 0.92¹² = 183.83 and 500 × 0.95¹² = 270.18;
  // 25,000 × (1 − 0.95¹²) ÷ 0.05 − 25,000 × (1 − 0.92¹²) ÷ 0.08 = 229,819.96 − 197,604.25.
  assert.equal(
    scenarioSentence(all, true),
    "A customer is worth $1,000.00 instead of $625.00 (+$375.00) and stays 20 months instead of 12.5 months. After 12 months you have 270 customers instead of 184, and all of them together have brought $32.2K more gross profit in today's money.",
  );
  assert.match(scenarioSentence(all, false), /^Nothing is moved yet/);
});

test("what does not change is not called a change", () => {
  const all = consequences(projectPlainly(scenario({})), "month", true, format);
  assert.deepEqual([...new Set(all.map(({ difference }) => difference))], ["none"]);
  assert.equal(scenarioSentence(all, true), "After 12 months you have 184 customers either way.");
});

test("a lifespan without an end is said to have none", () => {
  const discounted = { ...both, discountRate: 0.1 };
  const all = consequences(
    projectPlainly(scenario({ retention: 1 }, discounted)),
    "month",
    true,
    format,
  );
  const lifespan = all.find(({ id }) => id === "lifespan");
  assert.equal(lifespan?.scenario, "not defined");
  assert.equal(lifespan?.difference, "");
  const sentence = scenarioSentence(all, true);
  assert.match(sentence, /the lifespan is not defined, as nobody leaves/);
  assert.doesNotMatch(sentence, /NaN|Infinity|null/);
});

test("a scenario takes its curve, its programme or its segment from where it starts", () => {
  const base = baseOf(null, { ...typed, n: 300 }) ?? assert.fail();
  assert.deepEqual(base.from, { ...typed, n: 300 });
  const programme = { cost: 5, startPeriod: 2, churnReduction: 0.1 };
  const asked = scenarioOf(
    base,
    { cac: 9 },
    both,
    { curve: "sbg", segment: null },
    { programme, cac: 7 },
  );
  assert.equal(asked.curve, "sbg");
  assert.deepEqual(asked.programme, programme);
  // The scenario's own cost, beside today's.
  assert.deepEqual([asked.cac, asked.today], [9, { grossMargin: 1, cac: 7 }]);
  const of = scenarioOf(base, {}, both, { curve: "sbg", segment: "Pro" });
  assert.deepEqual([of.segment, of.curve], ["Pro", undefined]);
});

test("a difference of shares is said in points, and what is too small in no number", () => {
  const share = { id: "netRevenueRetention12", unit: "share" };
  assert.equal(differenceWords(share, 0.0123, "month", format), "+1.2\u00a0pp");
  assert.equal(differenceWords(share, 0.0001, "month", format), "none");
  assert.equal(differenceWords({ id: "customers", unit: "count" }, -0.4, "month", format), "none");
  assert.equal(differenceWords({ id: "clv", unit: "money" }, -12, "month", format), "\u2212$12.00");
  assert.equal(outcomeWords({ id: "clvToCac", unit: "ratio" }, 3, "month", format), "3 : 1");
});
