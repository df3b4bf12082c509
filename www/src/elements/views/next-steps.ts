/**
 * What to look at next: warnings, segments, reasons and renewals in one list, by the money in them.
 *
 * It ranks and words what the report has; it computes no figure and advises nothing.
 */

import type { CustomerQuery, Figure, Report, Segment } from "../../engine/core.ts";
import type { Format } from "../format.ts";
import { isolated } from "../text.ts";
import { spelled } from "../words.ts";
import { type CustomerGroup, groupsOfSegment } from "./behind.ts";
import type { Derived } from "./derivation.ts";
import { derivedAmount } from "./derived-amounts.ts";
import { derivedLost, derivedRenewal, leftWith, reasonName } from "./derived-leaving.ts";
import { isWholeFile } from "./period-choice.ts";
import { segmentName, spanWords } from "./segment-words.ts";
import { warningSteps } from "./warnings.ts";

/** One line of the list. */
export interface NextStep {
  readonly text: string;
  /** The money in it; nothing where it is not about money. */
  readonly money: number | null;
  /** What the money is: "lost", "up for renewal". */
  readonly moneyWords: string;
  /** The figure behind it, if there is one. */
  readonly figure: Figure | null;
  /** The customers behind it, or the groups of them that move it. */
  readonly customers?: CustomerQuery;
  readonly groups?: readonly CustomerGroup[];
  /** What it opens to, where it is about an amount. */
  readonly derived?: Derived;
  /** What the money opens to, where the rest opens to a figure; its customers are those of the figure. */
  readonly paid?: Derived;
  readonly name: string;
  /** The metric of the figure, where definitions and ranges stand beside it. */
  readonly metric?: string;
  /** The span of the figure, where it is another than that of the headline; `all` for the whole file. */
  readonly period?: string;
}

const N_MOST = 8;
const N_OF_A_KIND = 3;

/** The list, most money first; what has none stands at the end. */
export function nextSteps(report: Report, format: Format): NextStep[] {
  const steps = [
    ...segmentSteps(report, format),
    ...reasonSteps(report, format),
    ...renewalSteps(report, format),
    ...warningSteps(report, format),
  ];
  steps.sort((a, b) => (b.money ?? -1) - (a.money ?? -1));
  return steps.slice(0, N_MOST);
}

/** What a segment lost in its latest period. */
export function lossOf({ latest }: Segment): number | null {
  const { churned, contraction } = latest.revenue ?? {};
  return churned == null && contraction == null ? null : (churned ?? 0) + (contraction ?? 0);
}

/** What a segment lost, from those who left and those who pay less. */
function derivedLoss(report: Report, segment: Segment, loss: number, format: Format): Derived {
  const { churned, contraction, start } = segment.latest.revenue ?? {};
  const { period } = segment.latest;
  const of = isWholeFile(segment.latest) ? "the whole file" : spanWords(period, format);
  return derivedAmount(report, {
    name: "Revenue lost",
    of: `${segmentName(segment, format, report.segmentation?.pooled)}, ${of}`,
    value: `${format.money(loss)} a month`,
    meaning:
      "What customers of the start paid who are gone at the end, and what those who stayed pay less.",
    arithmetic: `Churned ${format.money(churned ?? 0)} + contraction ${format.money(contraction ?? 0)}${start == null ? "" : `, of ${format.money(start)} at the start`}`,
  });
}

/** The segments that lost more than the whole does from as much, the worst first. */
function segmentSteps(report: Report, format: Format): NextStep[] {
  const { segments, segmentation } = report;
  // One segment is the whole, and nothing is worse than itself.
  if (!segments || segments.length < 2) return [];
  const losing = segments
    .map((segment) => ({ segment, loss: lossOf(segment) }))
    .filter(({ segment, loss }) =>
      loss === null ? 0 < (segment.latest.customers.lost ?? 0) : 0 < (segment.excessLoss ?? 0),
    );
  losing.sort((a, b) => (b.segment.excessLoss ?? 0) - (a.segment.excessLoss ?? 0));
  return losing.slice(0, N_OF_A_KIND).map(({ segment, loss }) => {
    const { latest, excessLoss } = segment;
    const figure = loss === null ? latest.customerRetentionRate : latest.grossRevenueRetention;
    const lost = latest.customers.lost ?? 0;
    const name = `Segment ${segmentName(segment, format, segmentation?.pooled)}`;
    const share = figure.value === null ? null : format.share(figure.value);
    const people =
      lost === 0 ? "kept all its customers" : `lost ${format.counted(lost, "customer")}`;
    const what = loss === null ? "its customers" : lost === 0 ? "their revenue" : "its revenue";
    const kept =
      share === null
        ? ""
        : lost === 0
          ? ` and ${share} of ${what}`
          : ` and kept ${share} of ${what}`;
    const more =
      excessLoss == null || loss === null
        ? ""
        : `, ${format.money(excessLoss)} worse than the whole would from as much`;
    return {
      text: `${name} ${people}${kept}${more}`,
      money: loss,
      moneyWords: "lost",
      figure,
      name,
      ...(loss === null ? {} : { paid: derivedLoss(report, segment, loss, format) }),
      period: isWholeFile(latest) ? "all" : latest.period,
      groups: groupsOfSegment(
        segment,
        segmentation?.columns ?? [],
        latest,
        loss === null ? "customerRetentionRate" : "grossRevenueRetention",
      ),
    };
  });
}

function reasonSteps(report: Report, format: Format): NextStep[] {
  const named = (report.reasons ?? []).filter(({ stated }) => stated);
  const lost = report.lostByReason?.find(({ window }) => window === "whole-file");
  return named.slice(0, N_OF_A_KIND).map((one) => {
    const { reason, kind, customers, revenue, share } = one;
    return {
      text: `${format.counted(customers, "customer")} left with the reason \u201c${isolated(reason)}\u201d${kind === "involuntary" ? " (involuntary)" : ""} since the file begins`,
      money: revenue === 0 ? null : revenue,
      moneyWords: "lost",
      figure: share,
      ...(lost && revenue !== null
        ? {
            paid: derivedLost(
              report,
              lost,
              { name: `Left with ${reasonName(one)}`, customers, revenue, reasons: [one] },
              "money",
              format,
            ),
          }
        : {}),
      name: `Share of ${isolated(reason)} among the lost`,
      period: "all",
      customers: leftWith(one, "whole-file"),
    };
  });
}

/** Levels of risk by how soon they are worth a look; a file's own stand between high and medium. */
const URGENCY: Readonly<Record<string, number>> = { critical: 0, high: 1, medium: 3, unknown: 4 };

/** What comes up for renewal, the gravest risk first; of a low risk nothing is to be done. */
function renewalSteps(report: Report, format: Format): NextStep[] {
  const { renewals, renewalOutlook: outlook } = report;
  const urgency = ({ level }: { level: string }) => URGENCY[level.toLowerCase()] ?? 2;
  return (renewals ?? [])
    .filter(({ customers, level }) => 0 < customers && level.toLowerCase() !== "low")
    .sort((a, b) => urgency(a) - urgency(b))
    .slice(0, N_OF_A_KIND)
    .map(({ level, customers, revenue }) => ({
      text: `${format.counted(customers, "customer")}${level === "unknown" ? "" : ` with ${spelled(level)} risk`} ${customers === 1 ? "is" : "are"} up for renewal within 90 days`,
      money: revenue === 0 ? null : revenue,
      moneyWords: "up for renewal",
      figure: null,
      name: "",
      ...(outlook
        ? {
            derived: derivedRenewal(
              report,
              outlook,
              { days: 90, customers, revenue, level },
              format,
            ),
          }
        : {}),
    }));
}
