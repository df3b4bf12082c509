/**
 * Warnings by published thresholds in words: which fired, how sure that is, and which the file cannot
 * answer.
 *
 * It computes no figure and advises nothing of its own.
 */

import type { Report, Trigger } from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { capitalised, spelled } from "../words.ts";
import { metricName, spanWords } from "./definition-words.ts";
import type { Derived } from "./derivation.ts";
import { derivedAmount } from "./derived-amounts.ts";
import { inputOf } from "./figure-inputs.ts";
import { intervalWords } from "./figure-words.ts";
import type { NextStep } from "./next-steps.ts";

/** What a file would need to answer a warning. */
const NEEDS: Readonly<Record<string, string>> = {
  "a-year-of-data": "a year of data, since a month says nothing about a year",
  "recurring-revenue": "subscriptions or monthly revenue, since the threshold is for contracts",
  customers: "a row per customer instead of totals, or totals by the year",
  dates: "dates of start and end",
  amounts: "a column with amounts",
  "onboarding-days": "a column with the days from each signature to the end of onboarding",
  "adoption-milestones":
    "columns with each account\u2019s start and the day on which it reached its adoption milestone",
  "cancellation-notice":
    "a column with the day on which each loss became known, beside the renewal date",
};

/** One line for each metric with a warning that fired: two thresholds on one figure are one. */
export function warningSteps(report: Report, format: Format): NextStep[] {
  const { triggers } = report;
  const fired = triggers.filter((trigger) => trigger.fired);
  const metrics = [...new Set(fired.map(({ metric }) => metric))];
  return metrics.flatMap((metric): NextStep[] => {
    const ofMetric = fired.filter((trigger) => trigger.metric === metric);
    // The one that is hardest to miss says what is short.
    const worst = ofMetric.reduce((a, b) => (isBeyond(a, b) ? b : a));
    const { figure, period } = worst;
    if (figure.value === null) return [];
    const name = metricName(metric);
    const thresholds = format.list(ofMetric.map(({ threshold }) => format.share(threshold, 0)));
    const side = worst.fires === "below" ? "under" : "over";
    const doubt = ofMetric.every(({ certain }) => certain) ? "" : doubtWords(worst, format);
    return [
      {
        text: `${name} of a year is ${format.share(figure.value)}, ${side} ${thresholds}${doubt}`,
        money: worst.shortOfThreshold ?? null,
        moneyWords: `a month short of ${format.share(worst.threshold, 0)}`,
        figure,
        name,
        metric,
        ...(worst.shortOfThreshold == null
          ? {}
          : { paid: derivedShort(report, worst, name, format) }),
        ...(period == null ? {} : { period }),
      },
    ];
  });
}

/** What is short of a threshold in money a month. */
function derivedShort(
  report: Report,
  { figure, threshold, shortOfThreshold, period }: Trigger,
  name: string,
  format: Format,
): Derived {
  const start = inputOf(figure, "start");
  const short = `${format.share(threshold, 0)} \u2212 ${format.share(figure.value ?? 0, 4)}`;
  return derivedAmount(report, {
    name: `Short of ${format.share(threshold, 0)}: ${name.charAt(0).toLowerCase()}${name.slice(1)}`,
    of: capitalised(spanWords(period ?? "", format)),
    value: `${format.money(shortOfThreshold ?? 0)} a month`,
    certainty: "It follows from a rate that has an interval of its own.",
    meaning: "How much more monthly revenue at the end would have reached the published threshold.",
    arithmetic: `(${short}) \u00d7 ${start === null ? "revenue at the start" : `${format.money(start)} at the start`}`,
  });
}

/** Whether the second threshold lies further on than the first. */
function isBeyond(a: Trigger, b: Trigger): boolean {
  return a.fires === "below" ? b.threshold < a.threshold : a.threshold < b.threshold;
}

/** That the interval holds the threshold, so that it may as well not have fired. */
function doubtWords({ figure }: Trigger, format: Format): string {
  const interval = intervalWords(figure, "share", format);
  return interval === ""
    ? "; how sure that is cannot be said"
    : `; ${interval}, so this is not certain`;
}

/** What two or more warnings at once mean; nothing where there are fewer. */
export function alarmSentence({ alarm, triggers }: Report, format: Format): string {
  if (!alarm.raised) return "";
  const source = triggers.find(({ fired }) => fired)?.source ?? "";
  const isOneFigure = alarm.metrics === 1;
  const same =
    alarm.metrics < alarm.fired
      ? isOneFigure
        ? " (all of them on the same figure)"
        : ` (on ${format.count(alarm.metrics)} figures)`
      : "";
  return `${format.count(alarm.fired)} of ${format.counted(alarm.judged, "published warning")} that this file can answer fire at once${same}. Of two or more, the source says: retention needs active investment now. Source: ${source}.`;
}

/** The warnings that the file cannot answer, each with what it would need. */
export function unansweredWarnings({ triggers }: Report, format: Format): string[] {
  return triggers
    .filter(({ needs }) => needs !== null)
    .map(({ metric, needs, fires, threshold }) => {
      const isTime = metric === "onboarding_days";
      const level = isTime ? format.duration(threshold, "day") : format.share(threshold, 0);
      const side = fires === "below" ? "under" : "over";
      return `${metricName(metric)} ${side} ${level}: needs ${NEEDS[needs ?? ""] ?? spelled(needs ?? "")}.`;
    });
}
