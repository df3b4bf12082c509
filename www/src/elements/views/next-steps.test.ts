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
