// Titles say what the numbers show, and no more.

import assert from "node:assert/strict";
import { test } from "node:test";
import { periodOf, reportOf, survivalOf } from "../../../../tests/browser/views/reports.ts";
import { formatFor } from "../format.ts";
import {
  cohortFinding,
  columnsFinding,
  meanSentence,
  medianSentence,
  rateFinding,
  survivalFinding,
  waterfallFinding,
} from "./findings.ts";

const format = formatFor("en-US", "USD");
const still = { start: 1000, fresh: 0, reactivation: 0, expansion: 0, contraction: 0, churned: 0 };
const period = (label: string, revenue: Partial<typeof still>, lost = 0, fresh = 0) =>
  periodOf(label, { start: 100, fresh, reactivated: 0, lost, revenue: { ...still, ...revenue } });

test("a waterfall names the change and its largest cause", () => {
  assert.equal(
    waterfallFinding(
      period("2026-03", { fresh: 300, expansion: 50, churned: 100 }),
      "money",
      format,
    ),
    "Revenue grew by $250.00 in March 2026, mostly by new customers",
  );
  assert.equal(
    waterfallFinding(period("2026-03", { churned: 100, contraction: 150 }), "money", format),
    "Revenue fell by $250.00 in March 2026, mostly by contraction",
  );
  assert.equal(
    waterfallFinding(period("2026-03", {}), "money", format),
    "Revenue ended where it began in March 2026",
  );
  assert.equal(
    waterfallFinding(period("2026-03", {}, 3, 1), "customers", format),
    "The number of customers fell by 2 in March 2026, mostly by customers who left",
  );
});

test("columns count the periods that shrank, and leave out one that is not over", () => {
  const shrinking = period("2026-01", { churned: 5 });
  const growing = period("2026-02", { fresh: 5 });
  const open = { ...period("2026-03", { churned: 900 }), partial: true };
  assert.equal(
    columnsFinding([shrinking, growing, open], "money"),
    "Revenue fell in 1 of 2 periods",
  );
  assert.equal(columnsFinding([growing, growing], "money"), "Revenue fell in none of 2 periods");
  assert.equal(
    columnsFinding([shrinking, shrinking], "money"),
    "Revenue fell in each of 2 periods",
  );
});

test("a rate is placed among those before it", () => {
  const at = (label: string, lost: number) => period(label, {}, lost);
  const of = (...lost: number[]) => lost.map((one, index) => at(`2026-0${index + 1}`, one));
  const finding = (...lost: number[]): string =>
    rateFinding("Customer retention", of(...lost), (one) => one.customerRetentionRate, format);
  assert.equal(
    finding(10, 8, 6),
    "Customer retention was 94.0% in March 2026, the highest of 3 periods",
  );
  assert.equal(
    finding(6, 8, 10),
    "Customer retention was 90.0% in March 2026, the lowest of 3 periods",
  );
  assert.equal(
    finding(6, 10, 8),
    "Customer retention was 92.0% in March 2026, between 90.0% and 94.0% before",
  );
  assert.equal(finding(8, 8, 8), "Customer retention stayed at 92.0% in all 3 periods");
  assert.equal(finding(8), "Customer retention was 92.0% in January 2026");
  assert.equal(finding(), "Customer retention is not known for any complete period");
});

test("cohorts say what is left after three months and later", () => {
  const cohorts = reportOf("complete").cohorts;
  assert.ok(cohorts);
  const figures = (...values: (number | null)[]) =>
    values.map((value) => ({ value, formula: "customer_retention_rate" as const, inputs: {} }));
  const means = figures(1, 0.9, 0.85, 0.8, 0.7, 0.65, 0.6);
  assert.equal(
    cohortFinding(cohorts, means, "customers", format),
    "80.0% of customers are still there after 3 months, 60.0% after 6",
  );
  assert.equal(
    cohortFinding(cohorts, figures(1, 0.9), "revenue", format),
    "90.0% of the first revenue is still there after 1 month",
  );
  assert.equal(
    cohortFinding(cohorts, figures(1, null), "customers", format),
    "The cohorts are too young to compare",
  );
  assert.equal(
    cohortFinding({ ...cohorts, clock: "days", days: 30 }, means, "gross", format),
    "80.0% of the first revenue is still there after 90 days, 60.0% after 180",
  );
  // Who orders is there again, and later ones can be more.
  assert.equal(
    cohortFinding(cohorts, means, "customers", format, true),
    "80.0% of customers bought again 3 months later, 60.0% 6 months later",
  );
});

test("lifespans are said in months, or that they are not known yet", () => {
  const half = survivalOf([1, 2, 3, 4].map((time) => ({ time, isEvent: true })));
  assert.ok(half);
  assert.match(medianSentence(half, format), /^Half of the customers are gone after 2 months/);
  const nobody = survivalOf([{ time: 12, isEvent: false }]);
  assert.ok(nobody);
  assert.equal(
    medianSentence(nobody, format),
    "Nobody has left within 12 months, so when half will be gone is not known.",
  );
  assert.match(
    meanSentence(nobody, format) ?? "",
    /^Within the first 12 months a customer stays 12 months on average/,
  );
  assert.equal(survivalFinding(nobody, format), "Nobody left within 12 months");
  const few = survivalOf([
    ...Array(9).fill({ time: 12, isEvent: false }),
    { time: 6, isEvent: true },
  ]);
  assert.ok(few);
  assert.match(
    medianSentence(few, format),
    /^After 12 months, as far as the data go, 90\.0% of the customers are still there/,
  );
  assert.equal(
    survivalFinding(few, format),
    "0.0% leave within the first 3 months, 10.0% in the 9 months after",
  );
});
