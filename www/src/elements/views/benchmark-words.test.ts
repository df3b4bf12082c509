// Ranges are worded as they are, and one line sums up only those that can judge any business.

import assert from "node:assert/strict";
import { test } from "node:test";
import { reportOf } from "../../../../tests/browser/views/reports.ts";
import type { Benchmark } from "../../engine/core.ts";
import { formatFor } from "../format.ts";
import { benchmarkLine, benchmarksOf, rangeWords } from "./benchmark-words.ts";

const format = formatFor("en-US", "USD");

function range(parts: Partial<Benchmark>): Benchmark {
  const [plain] = reportOf("subscriptions").benchmarks;
  assert.ok(plain);
  const figure = { value: 0.91, formula: "customer_retention_rate", inputs: {} } as const;
  return { ...plain, figure, why: null, ...parts };
}

test("a range is a range, an open one or one value", () => {
  assert.equal(rangeWords(range({ low: 0.85, high: 0.95 }), format), "85.0% to 95.0%");
  assert.equal(rangeWords(range({ low: 0.9, high: null }), format), "90.0% or more");
  assert.equal(rangeWords(range({ low: 0.87, high: 0.87 }), format), "87.0%");
});

test("the line counts verdicts, and leaves out sizes of customers and what is not verified", () => {
  const metric = "customer_retention_rate";
  const ranges = [
    range({ verdict: "within" }),
    range({ verdict: "above" }),
    range({ verdict: "uncertain" }),
    range({ verdict: "below", segment: "enterprise" }),
    range({ verdict: "below", unverified: "not seen" }),
  ];
  assert.equal(
    benchmarkLine(ranges, metric, format),
    "Over a year 91.0%: above 1 and within 1 of 3 published ranges",
  );
  assert.equal(benchmarkLine([range({ verdict: "uncertain" })], metric, format), "");
  assert.equal(benchmarkLine(ranges, "quick_ratio", format), "");
});

test("a retention stands beside the ranges of its churn too", () => {
  const ranges = [range({}), range({ metric: "customer_churn_rate" }), range({ metric: "clv" })];
  assert.equal(benchmarksOf(ranges, "customer_retention_rate").length, 2);
  assert.equal(benchmarksOf(ranges, undefined).length, 0);
});
