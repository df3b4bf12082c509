// Levers start where the file stands, and a scenario changes only what was moved.

import assert from "node:assert/strict";
import { test } from "node:test";
import { projectPlainly, reportOf } from "../../../../tests/browser/views/reports.ts";
import { formatFor } from "../format.ts";
import { consequences, scenarioSentence } from "./difference.ts";
import { inputOf } from "./figure-words.ts";
import { clvOf } from "./headline.ts";
import {
  AVERAGE_CHURN,
  isKnown,
  leversOf,
  NOTHING_KNOWN,
  niceAbove,
  scenarioOf,
  stepFor,
  type Today,
  todayOf,
} from "./levers.ts";

const format = formatFor("en-US", "USD");
const both = { discountRate: 0, periods: 12 };
const today: Today = { ...NOTHING_KNOWN, customers: 500, revenuePerCustomer: 50, retention: 0.92 };

test("today is read from the report: customers at its end, average churn, revenue per customer", () => {
  const report = reportOf("subscriptions");
  const start = todayOf(report);
  const churn = inputOf(report.value.lifespan[AVERAGE_CHURN], "churn") ?? assert.fail();
  assert.equal(start.customers, report.periods.at(-1)?.customers.end);
  assert.equal(start.retention, 1 - churn);
  assert.equal(start.revenuePerCustomer, inputOf(clvOf(report)?.figure, "revenue_per_period"));
  assert.equal(start.grossMargin, 0.8);
  assert.equal(start.newCustomers, report.periods.at(-2)?.customers.new);
  assert.equal(start.periodMonths, 1);
});

test("quarters are three months, and accounts are counted in months", () => {
  assert.equal(todayOf(reportOf("totals")).periodMonths, 3);
  const accounts = todayOf(reportOf("accounts"));
  assert.equal(accounts.periodMonths, 1);
  assert.equal(accounts.newCustomers, 0);
});

test("what is not known makes no scenario", () => {
  for (const name of ["nothing", "all-undefined"]) {
    const start = todayOf(reportOf(name));
    assert.equal(isKnown(start), false, name);
    assert.equal(scenarioOf(start, {}, both), null, name);
  }
  assert.equal(scenarioOf(NOTHING_KNOWN, {}, both), null);
});

test("a scenario is today's where nothing was moved", () => {
  assert.deepEqual(scenarioOf(today, {}, both), {
    from: { customers: 500, revenuePerCustomer: 50, retention: 0.92 },
    periodMonths: 1,
    periods: 12,
    discountRate: 0,
    grossMargin: 1,
    newCustomers: 0,
  });
  assert.deepEqual(scenarioOf(today, { retention: 0.95 }, both)?.from, {
    customers: 500,
    revenuePerCustomer: 50,
    retention: 0.95,
  });
});

test("each lever's range holds today and wherever it was moved to", () => {
  const moved = { retention: 0.2, revenuePerCustomer: 9000, grossMargin: 0.1, newCustomers: 4000 };
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
  const project = (retention: number) =>
    projectPlainly(scenarioOf(today, { retention }, both) ?? assert.fail());
  const all = consequences(project(0.92), project(0.95), "month", format);
  // 50 ÷ 0.08 = 625, 50 ÷ 0.05 = 1,000; 500 × 0.92¹² = 183.8, 500 × 0.95¹² = 270.2.
  assert.equal(
    scenarioSentence(all, true),
    "A customer is worth $1,000.00 instead of $625.00 (+$375.00) and stays 20 months instead of 12.5 months. After 12 months you have 270 customers instead of 184, and revenue is $13.5K instead of $9,191.66 (+$4,317.34).",
  );
  assert.match(scenarioSentence(all, false), /^Nothing is moved yet/);
});

test("a lifespan without an end is said to have none", () => {
  const project = (retention: number) =>
    projectPlainly(
      scenarioOf(today, { retention }, { ...both, discountRate: 0.1 }) ?? assert.fail(),
    );
  const all = consequences(project(0.92), project(1), "month", format);
  const lifespan = all.find(({ id }) => id === "lifespan");
  assert.equal(lifespan?.scenario, "not defined");
  assert.equal(lifespan?.difference, "");
  assert.match(scenarioSentence(all, true), /the lifespan is not defined, as nobody leaves/);
  assert.doesNotMatch(scenarioSentence(all, true), /NaN|Infinity|null|undefined(?! )/);
});
