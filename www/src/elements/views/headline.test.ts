// At most six figures, those that the file can answer, each against the period before.

import assert from "node:assert/strict";
import { test } from "node:test";
import { REPORTS, reportOf } from "../../../../tests/browser/views/reports.ts";
import { changeOf, headlines, isForTheBetter, N_MOST, shareScale } from "./headline.ts";

test("no report has more than six figures, and none of a kind that its file cannot have", () => {
  for (const [name, make] of Object.entries(REPORTS)) {
    const all = headlines(make());
    assert.ok(all.length <= N_MOST, name);
    assert.equal(new Set(all.map(({ id }) => id)).size, all.length, name);
    assert.ok(
      all.every(({ figure }) => figure.why !== "no-amounts"),
      name,
    );
  }
  assert.deepEqual(headlines(reportOf("nothing")), []);
});

test("the figures are those of the last complete period", () => {
  const report = reportOf("subscriptions");
  const complete = report.periods.at(-2);
  const [first] = headlines(report);
  assert.equal(report.periods.at(-1)?.partial, true);
  assert.equal(first?.figure, complete?.customerRetentionRate);
  assert.equal(first?.run.at(-1), complete?.customerRetentionRate.value);
  assert.equal(first?.before, report.periods.at(-3)?.customerRetentionRate);
});

test("a file without dates has nothing to be held against", () => {
  for (const headline of headlines(reportOf("accounts"))) {
    assert.equal(changeOf(headline), null);
  }
});

test("less churn is better, more retention is better, and no change is neither", () => {
  assert.equal(isForTheBetter(0.01, "more"), true);
  assert.equal(isForTheBetter(0.01, "less"), false);
  assert.equal(isForTheBetter(-0.01, "less"), true);
  assert.equal(isForTheBetter(0, "more"), null);
  assert.equal(isForTheBetter(1, null), null);
});

test("the scale of an interval holds it", () => {
  const of = (value: number, low: number, high: number) =>
    shareScale({ value, low, high, formula: "customer_retention_rate", inputs: {} });
  assert.deepEqual(of(0.965, 0.951, 0.975), [0.9, 1]);
  assert.deepEqual(of(0.4, 0.3, 0.5), [0, 1]);
  assert.deepEqual(of(1.04, 0.85, 1.12), [0.8, 1.2]);
});
