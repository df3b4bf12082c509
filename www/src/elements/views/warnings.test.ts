// Warnings are worded with their doubt, two thresholds on one figure are one line, and what cannot be
// answered says what it needs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { reportOf } from "../../../../tests/browser/views/reports.ts";
import type { Report, Trigger } from "../../engine/core.ts";
import { formatFor } from "../format.ts";
import { alarmSentence, unansweredWarnings, warningSteps } from "./warnings.ts";

const format = formatFor("en-US", "USD");

function trigger(parts: Partial<Trigger>): Trigger {
  return {
    id: "nrr-below-100",
    metric: "net_revenue_retention",
    fired: true,
    fires: "below",
    certain: true,
    figure: { value: 0.96, low: 0.93, high: 0.99, formula: "net_revenue_retention", inputs: {} },
    threshold: 1,
    needs: null,
    period: "2025-01-01/2025-12-31",
    label: null,
    source: "An article, 2026",
    shortOfThreshold: 400,
    ...parts,
  };
}

function reportWith(...triggers: Trigger[]): Report {
  const fired = triggers.filter((one) => one.fired);
  const alarm = {
    fired: fired.length,
    judged: triggers.filter(({ needs }) => needs === null).length,
    metrics: new Set(fired.map(({ metric }) => metric)).size,
    raised: 2 <= fired.length,
  };
  return { ...reportOf("nothing"), triggers, alarm };
}

const below110 = trigger({ id: "nrr-below-110", threshold: 1.1, shortOfThreshold: 1400 });

test("two thresholds on one figure are one line, short of the first of them", () => {
  const [step, ...others] = warningSteps(reportWith(trigger({}), below110), format);
  assert.equal(others.length, 0);
  assert.equal(step?.text, "Net revenue retention of a year is 96.0%, under 100% and 110%");
  assert.equal(step?.money, 400);
  assert.equal(step?.moneyWords, "a month short of 100%");
});

test("a warning whose interval holds the threshold says so", () => {
  const unsure = trigger({
    certain: false,
    figure: { value: 0.99, low: 0.95, high: 1.03, formula: "net_revenue_retention", inputs: {} },
  });
  const [step] = warningSteps(reportWith(unsure), format);
  assert.match(step?.text ?? "", /; likely 95.0% to 103.0%, so this is not certain$/);
});

test("two at once are said plainly, with the source and how many figures they rest on", () => {
  assert.equal(alarmSentence(reportWith(trigger({})), format), "");
  assert.equal(
    alarmSentence(reportWith(trigger({}), below110), format),
    "2 of 2 published warnings that this file can answer fire at once (all of them on the same figure). Of two or more, the source says: retention needs active investment now. Source: An article, 2026.",
  );
});

test("what cannot be answered has not fired, and says what it needs", () => {
  const unanswered = trigger({
    fired: false,
    metric: "onboarding_days",
    fires: "above",
    threshold: 60,
    needs: "onboarding-days",
  });
  assert.deepEqual(warningSteps(reportWith(unanswered), format), []);
  assert.deepEqual(unansweredWarnings(reportWith(unanswered, trigger({})), format), [
    "Onboarding over 60 days: needs a column with the days from each signature to the end of onboarding.",
  ]);
});
