// Definitions are worded with this file's numbers, and nothing is said that the report does not hold.

import assert from "node:assert/strict";
import { test } from "node:test";
import { reportOf } from "../../../../tests/browser/views/reports.ts";
import type { Definition } from "../../engine/core.ts";
import { formatFor } from "../format.ts";
import {
  definedMetrics,
  definitionsOf,
  definitionWords,
  definitionWorked,
  differenceMoneyWords,
  differenceWords,
  spanWords,
  spreadSentence,
} from "./definition-words.ts";

const format = formatFor("en-US", "USD");
const all = reportOf("subscriptions").definitions ?? [];

function definition(parts: Partial<Definition>): Definition {
  const [plain] = all;
  assert.ok(plain);
  return {
    ...plain,
    figure: { value: 0.12, formula: "customer_churn_rate", inputs: { lost: 12, start: 100 } },
    ...parts,
  };
}

test("the arithmetic is worded and worked out with the file's numbers", () => {
  const one = definition({});
  assert.equal(definitionWords(one), "Lost customers ÷ customers at the start");
  assert.equal(definitionWorked(one, format), "12 ÷ 100");
  const unknown = { value: null, why: "needs-days", formula: one.figure.formula, inputs: {} };
  assert.equal(definitionWorked(definition({ figure: unknown }), format), "");
});

test("a difference is in points, in money, or none", () => {
  const words = (difference: number | null, differenceMoney: number | null = null) => {
    const one = definition({ difference, differenceMoney });
    return [differenceWords(one, format), differenceMoneyWords(one, format)];
  };
  assert.deepEqual(words(0.02, 248), ["+2.0\u00a0pp", "$248.00 more counted as lost"]);
  assert.deepEqual(words(-0.004, -49.5), ["\u22120.4\u00a0pp", "$49.50 less counted as lost"]);
  assert.deepEqual(words(0, 0), ["none", ""]);
  assert.deepEqual(words(null), ["", ""]);
});

test("how far definitions lie apart is said with their period", () => {
  const figure = (value: number | null) => ({ ...definition({}).figure, value });
  const of = (...values: (number | null)[]) =>
    spreadSentence(
      values.map((value) => definition({ figure: figure(value), period: "2026-03" })),
      "customer_churn_rate",
      format,
    );
  assert.equal(
    of(0.12, 0.096, null),
    "Customer churn for March 2026 is 9.6% by one definition and 12.0% by another.",
  );
  assert.equal(of(0.1, 0.1), "2 definitions of customer churn agree for March 2026: 10.0%.");
  assert.equal(of(null), "Customer churn cannot be worked out from this file.");
});

test("a retention has the definitions of its churn, and a span of days is written as one", () => {
  assert.equal(definitionsOf(all, "customer_retention_rate").length, all.length);
  assert.deepEqual(definitionsOf(all, "quick_ratio"), []);
  assert.deepEqual(definitionsOf(null, "customer_churn_rate"), []);
  assert.deepEqual(definedMetrics(all), ["customer_churn_rate"]);
  assert.equal(spanWords("2025-04-01/2026-03-31", format), "Apr 1, 2025 to Mar 31, 2026");
  assert.equal(spanWords("all", format), "the whole file");
});
