// The overview opens with a sentence that is true in every state of a report.

import assert from "node:assert/strict";
import { test } from "node:test";
import { blank, periodOf, reportOf } from "../../../../tests/browser/views/reports.ts";
import type { PeriodReport, Report } from "../../engine/core.ts";
import { formatFor } from "../format.ts";
import { openingOf } from "./opening.ts";
import { headlinePeriod } from "./period-choice.ts";

const format = formatFor("en-US", "USD");

function said(report: Report): string {
  const { pieces } = openingOf(report, format);
  return pieces
    .map((piece) =>
      piece.kind === "words" ? piece.text : `${piece.before}${piece.text}${piece.after}`,
    )
    .join("");
}

const noRevenue = { start: 500, fresh: 80, reactivated: 0, lost: 40, revenue: null };

function withPeriods(...periods: PeriodReport[]): Report {
  return { ...blank("subscriptions", "USD"), periods };
}

/** 460 of 500 with the interval of Wilson (1927), and 104.3 % of their revenue. */
function march(): PeriodReport {
  const period = periodOf("2026-03", {
    ...noRevenue,
    revenue: {
      start: 1000,
      fresh: 0,
      reactivation: 0,
      expansion: 100,
      contraction: 7,
      churned: 50,
    },
  });
  return period;
}

test("the sentence says how many of how many, how sure, and how much of their revenue", () => {
  assert.equal(
    said(withPeriods(march())),
    "In March 2026 you kept 460 of 500 customers (92.0%, likely 89.3% to 94.1%) and 104.3% of their revenue.",
  );
});

test("without amounts it speaks of customers alone", () => {
  assert.equal(
    said(withPeriods(periodOf("2026-03", noRevenue))),
    "In March 2026 you kept 460 of 500 customers (92.0%, likely 89.3% to 94.1%).",
  );
});

test("all and none are said as words, and one customer is not a plural", () => {
  assert.match(
    said(withPeriods(periodOf("2026-03", { ...noRevenue, lost: 0 }))),
    /you kept all 500 customers \(100\.0%/,
  );
  assert.match(
    said(withPeriods(periodOf("2026-03", { ...noRevenue, lost: 500 }))),
    /you kept none of 500 customers \(0\.0%/,
  );
  const one = { ...noRevenue, start: 1, fresh: 0 };
  assert.match(
    said(withPeriods(periodOf("2026-03", { ...one, lost: 0 }))),
    /you kept your only customer \(100\.0%/,
  );
  assert.match(
    said(withPeriods(periodOf("2026-03", { ...one, lost: 1 }))),
    /you lost your only customer \(0\.0%/,
  );
});

test("a period that is not over is not spoken of, and that is said", () => {
  const report = withPeriods(march(), periodOf("2026-04", noRevenue, true));
  const { asides } = openingOf(
    { ...report, input: { ...report.input, asOf: "2026-04-12" } },
    format,
  );
  assert.match(said(report), /^In March 2026/);
  assert.deepEqual(asides, [
    "April 2026 is not over, the data end on Apr 12, 2026, so this speaks of March 2026, the last complete period.",
  ]);
  assert.equal(headlinePeriod(report.periods)?.unfinished?.period, "2026-04");
});

test("where no period is complete the last one is spoken of, as a count so far", () => {
  const report = withPeriods(periodOf("2026-04", noRevenue, true));
  assert.match(said(report), /^In April 2026 you kept/);
  assert.match(openingOf(report, format).asides[0] ?? "", /there is no complete period/);
});

test("no rate is said with its reason, and never as a number", () => {
  const first = withPeriods(periodOf("2026-01", { ...noRevenue, start: 0, lost: 0 }));
  assert.equal(
    said(first),
    "In January 2026 there is no retention rate: no customers at the start. 80 customers began in it.",
  );
  assert.doesNotMatch(said(reportOf("all-undefined")), /NaN|undefined|null|Infinity|%/);
  assert.equal(said(reportOf("nothing")), "The file has no period to report on.");
});

test("where nobody is left it says when the last ones went", () => {
  assert.match(
    openingOf(reportOf("all-churned"), format).asides[0] ?? "",
    /^Nobody is left: the last \d+ customers went in November 2024\.$/,
  );
});

test("revenue below zero is not called a share that was kept", () => {
  assert.match(
    said(reportOf("negative-revenue")),
    /but what is left of their revenue is below zero \(−86\.6%\)\.$/,
  );
});

test("purchases are spoken of as buying again", () => {
  assert.match(
    said(reportOf("transactions")),
    /^Of the \d+ customers who bought in May 2025, \d+ bought again in June 2025 \([\d.]+%, likely .*\)\. Over the whole file 38\.2% of [\d,]+ customers bought more than once\.$/,
  );
});

test("a file without dates has no month in its sentence", () => {
  assert.equal(
    said(reportOf("accounts")),
    "You kept 5,174 of 7,043 accounts (73.5%, likely 72.4% to 74.5%) and 69.5% of their revenue.",
  );
});
