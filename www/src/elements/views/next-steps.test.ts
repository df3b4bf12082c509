// The list of what to look at is ordered by money and carries names as they are.

import assert from "node:assert/strict";
import { test } from "node:test";
import { NASTY_NAMES, REPORTS, reportOf } from "../../../../tests/browser/views/reports.ts";
import { formatFor } from "../format.ts";
import { nextSteps } from "./next-steps.ts";

const format = formatFor("en-US", "USD");

test("most money comes first, and what has none stands at the end", () => {
  for (const [name, make] of Object.entries(REPORTS)) {
    const money = nextSteps(make(), format).map((step) => step.money ?? -1);
    assert.deepEqual(
      money,
      [...money].sort((a, b) => b - a),
      name,
    );
    assert.ok(money.length <= 8, name);
  }
});

test("names are isolated text, cut where they are long, and nothing in them is read as ours", () => {
  const steps = nextSteps(reportOf("nasty-names"), format);
  const [markup = ""] = NASTY_NAMES;
  assert.ok(steps.some(({ text }) => text.includes(`\u2068${markup}\u2069`)));
  for (const { text } of steps) {
    assert.ok(text.length < 250, text);
    assert.doesNotMatch(text, /\u202e/);
  }
});

test("a report with nothing to look at has no list", () => {
  assert.deepEqual(nextSteps(reportOf("nothing"), format), []);
});

test("of renewals the gravest risks are named, and a low one is not", () => {
  const report = reportOf("subscriptions");
  const due = (level: string, customers: number, revenue: number) => ({
    level,
    customers,
    revenue,
  });
  const renewals = [
    due("Low", 185, 1_180_000),
    due("medium", 47, 240_000),
    due("high", 28, 202_000),
    due("critical", 12, 154_000),
    due("red", 9, 90_000),
  ];
  const texts = nextSteps({ ...report, renewals }, format).map(({ text }) => text);
  const named = texts.filter((text) => text.includes("up for renewal"));
  assert.equal(named.length, 3);
  for (const level of ["critical", "high", "red"]) {
    assert.ok(
      named.some((text) => text.includes(level)),
      level,
    );
  }
});
